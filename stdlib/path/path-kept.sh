# shellcheck shell=sh disable=SC2154
# What stood at a path, kept so that it can be put back. The runner does so around changes that a verifier will judge.

# path_keep PATH COPY: makes COPY, on the disk, what stands at PATH; of a directory only the directory itself, of nothing nothing.
path_keep() {
  path_look "$1"
  path_copied=$2
  if [ "$path_type" != absent ]; then
    path_enter "$1"
    if [ "$path_type" = directory ]; then
      mkdir -- "$2"
      path_new=$path_name
      path_into
      copy_attributes . "$2"
    else
      # Not by its name where others may put another file in its place: not every cp stays away from a link then.
      if [ "$path_type" = file ]; then
        path_apart
        path_hold
      fi
      # Never opens what is no regular file.
      cp -a -- "$path_held" "$2"
      if [ -f "$2" ] && ! [ -L "$2" ]; then
        cp --version >/dev/null 2>&1 || copy_attributes "$path_held" "$2"
      fi
    fi
  fi
  if [ ! -f "$2" ] || [ -L "$2" ]; then path_copied=${2%/*}; fi
  sync "$path_copied" "${2%/*}" 2>/dev/null || sync
}

# path_restore COPY PATH: makes PATH what it was when COPY was kept, and says what was done.
path_restore() {
  path_look "$1"
  path_was=$path_type
  path_look "$2"
  if [ "$path_was:$path_type" = absent:absent ]; then
    printf '%s is not there, as before\n' "$2"
    return 0
  fi
  path_enter "$2"
  path_look "$path_name"
  case $path_was:$path_type in
    absent:directory)
      rmdir -- "$path_name"
      sync_dir .
      ;;
    absent:*) path_unlink ;;
    directory:directory)
      path_new=$path_name
      path_into
      copy_attributes "$1" .
      sync_dir .
      ;;
    directory:absent)
      path_apart
      path_new=./${path_name##*/}
      mkdir -m 700 -- "$path_new"
      path_made=.
      path_into
      copy_attributes "$1" .
      cd ..
      path_made=.
      if [ "$path_private" ]; then path_rename "$path_new"; else sync_dir .; fi
      path_made=
      ;;
    directory:* | *:directory) path_fail "$2 was a $path_was before, and something else stands there now" ;;
    *)
      path_apart
      path_choose_temp
      if [ "$path_was" = file ]; then
        path_refill "$1"
        path_replace "$path_temp"
      else
        cp -a -- "$1" "$path_temp"
        path_rename "$path_temp"
      fi
      ;;
  esac
  if [ "$path_was" = absent ]; then
    printf 'taken away again: %s\n' "$2"
  else
    printf 'put back as it was: %s\n' "$2"
  fi
}

# path_refill COPY: makes the file path_temp a copy. Its attributes come last, as a change of the bytes takes some of them away;
# until then it is private. It goes through a descriptor: no account that may write to the folder can put another file in its place.
path_refill() {
  umask 077
  set -C
  # shellcheck disable=SC2094
  {
    set +C
    umask 022
    cat -- "$1" >&9
    path_new=/proc/self/fd/9
    [ -e "$path_new" ] || path_new=$path_temp
    copy_attributes "$1" "$path_new"
  } 9>"$path_temp"
}

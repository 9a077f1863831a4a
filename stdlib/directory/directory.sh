# shellcheck shell=sh disable=SC2154
# The verbs of the kind `directory`. They are probed by path_probe.

# directory_state PATH: the state as one line.
directory_state() {
  path_look "$1"
  case $path_type in
    absent) printf 'absent\n' ;;
    directory)
      path_facts "$1"
      printf '%s %s %s\n' "$path_mode" "$path_uid" "$path_gid"
      ;;
    *) printf 'other:%s\n' "$path_type" ;;
  esac
}

# directory_apply PATH OWNER GROUP MODE: a new one is root's alone until it has its owner.
directory_apply() {
  directory_path=$1
  shift
  if [ "$directory_path" = / ]; then
    cd /
    path_own . "$@"
    if [ "$path_owned" ]; then changed; fi
    return 0
  fi
  path_enter "$directory_path"
  path_look "$path_name"
  case $path_type in
    absent)
      path_apart
      path_new=./${path_name##*/}
      mkdir -m 700 -- "$path_new"
      path_made=.
      directory_own "$@"
      cd ..
      path_made=.
      if [ "$path_private" ]; then path_rename "$path_new"; else sync_dir .; fi
      path_made=
      changed
      ;;
    directory)
      path_new=$path_name
      directory_own "$@"
      if [ "$path_owned" ]; then
        sync_dir .
        changed
      fi
      ;;
    *) path_refuse "$directory_path" "a directory" ;;
  esac
}

# directory_own OWNER GROUP MODE: goes into the directory, and gives it what it lacks from within.
directory_own() {
  path_into
  path_own . "$@"
}

# directory_remove PATH: only an empty one; what is in it is the person's to decide about.
directory_remove() {
  path_look "$1"
  [ "$path_type" != absent ] || return 0
  path_enter "$1"
  path_look "$path_name"
  case $path_type in
    absent) ;;
    directory)
      directory_inside=$(ls -A -- "$path_name")
      if [ "$directory_inside" ]; then
        directory_inside=$(printf '%s\n' "$directory_inside" | sed -n '1,3p;4s/.*/.../p' | tr '\n' ' ')
        path_fail "$1 is not empty, so it stays: ${directory_inside% }"
      fi
      rmdir -- "$path_name"
      sync_dir .
      changed
      ;;
    *) path_refuse "$1" "a directory" ;;
  esac
}

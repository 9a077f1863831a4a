# shellcheck shell=sh disable=SC2154
# The verbs of the kind `file`. They are probed by path_probe.

# file_state PATH WANTED: the state as one line. WANTED is the wanted size in bytes, or "-" when content is not managed: a file
# larger than 1 MiB is hashed only if it has that size, else its time of change stands for its content.
file_state() {
  path_look "$1"
  case $path_type in
    absent) printf 'absent\n' ;;
    file)
      path_facts "$1"
      file_content=-
      if [ "$2" != - ]; then
        if [ "$path_size" -le 1048576 ] || [ "$path_size" = "$2" ]; then
          file_content=$(sha256sum <"$1")
          file_content=${file_content%% *}
        else
          file_content=@$path_modified
        fi
      fi
      printf '%s %s %s %s %s\n' "$path_mode" "$path_uid" "$path_gid" "$path_size" "$file_content"
      ;;
    *) printf 'other:%s\n' "$path_type" ;;
  esac
}

# file_apply PATH OWNER GROUP MODE LINK BLOB SIZE DIGEST [SCRIPT [ARG...]]: LINK is "replace" or empty. BLOB is a file with the
# wanted bytes, or empty when content is not managed; a SIZE of "-" gives the content only to a new file. SCRIPT verifies.
file_apply() {
  file_path=$1 file_owner=$2 file_group=$3 file_mode=$4 file_link=$5 file_blob=$6 file_size=$7 file_digest=$8
  shift 8
  path_enter "$file_path"
  path_look "$path_name"
  case $path_type in
    absent | file) ;;
    link) [ "$file_link" ] || path_fail "$file_path is a symbolic link. Declare the file that it points to, or add \`replace_link = true\` to put a file in its place." ;;
    *) path_refuse "$file_path" "a regular file" ;;
  esac
  file_was=$path_type
  if [ "$file_was" = file ] && file_has_content; then
    file_own
    if [ "$path_owned" ]; then
      sync_file "$path_name"
      changed
    fi
    return 0
  fi
  temp_name_beside "$file_path"
  path_temp=./${temp##*/}
  file_fill
  if [ $# -gt 0 ]; then file_verify "$@"; fi
  path_clear "$path_name"
  replace_durably "$path_temp" "$path_name"
  path_temp=
  changed
}

# file_has_content: whether the regular file that stands there needs no new bytes.
file_has_content() {
  [ "$file_blob" ] && [ "$file_size" != - ] || return 0
  path_facts "$path_name"
  [ "$path_size" = "$file_size" ] || return 1
  file_found=$(sha256sum <"$path_name") || return 1
  [ "${file_found%% *}" = "$file_digest" ]
}

# file_own: owner, group and mode of the file that stands there. In a folder of somebody else, who could put a link in its place
# at any moment, through a descriptor.
file_own() {
  if [ -O . ]; then
    path_own "$path_name" "$file_owner" "$file_group" "$file_mode"
    return
  fi
  # shellcheck disable=SC2094
  {
    # shellcheck disable=SC3013
    if [ -L "$path_name" ] || ! [ "$path_name" -ef /proc/self/fd/9 ] || ! [ -f /proc/self/fd/9 ]; then
      path_fail "$file_path was changed by somebody else at the same time"
    fi
    path_own /proc/self/fd/9 "$file_owner" "$file_group" "$file_mode"
  } 9<"$path_name"
}

# file_fill: the new file. It is opened once, and only if nothing stands in its place; all else goes through the descriptor, so
# that nobody who may write to the folder can slip another file or a link in between. It gets its owner and mode while it is
# still empty: at no time can more people read what is in it than shall.
file_fill() {
  file_umask
  set -C
  # shellcheck disable=SC2094
  {
    set +C
    umask 022
    file_new=/proc/self/fd/9
    [ -e "$file_new" ] || file_new=$path_temp
    if [ "$file_was" = file ]; then copy_attributes "$path_name" "$file_new"; fi
    path_own "$file_new" "$file_owner" "$file_group" "$file_mode"
    if [ "$file_blob" ]; then cat -- "$file_blob" >&9; fi
  } 9>"$path_temp"
}

# file_umask: with it a new file of root's own has the wanted mode at once, which spares a chmod. One that changes hands begins
# private: whoever opened it as a member of root's group could still read what comes into it later.
file_umask() {
  umask 077
  case $file_was:$file_owner:$file_group:$file_mode in
    absent:root:root:[0-7][0-7][0-7])
      file_digits=${file_mode#?}
      umask "$((7 - ${file_mode%??}))$((7 - ${file_digits%?}))$((7 - ${file_digits#?}))"
      ;;
  esac
}

# file_verify SCRIPT [ARG...]: the person's own command must be content with the new file.
file_verify() {
  GALLEY_CANDIDATE=${path_parent%/}/${path_temp#./}
  export GALLEY_CANDIDATE
  file_status=0
  run_command '' '' "$@" || file_status=$?
  unset GALLEY_CANDIDATE
  [ "$file_status" -eq 0 ] || path_fail "verify refused the new $file_path with status $file_status; the old one is as it was"
}

# file_remove PATH: takes a regular file or a symbolic link away.
file_remove() {
  path_look "$1"
  [ "$path_type" != absent ] || return 0
  path_enter "$1"
  path_look "$path_name"
  case $path_type in
    absent) ;;
    file | link)
      rm -f -- "$path_name"
      sync_dir .
      changed
      ;;
    *) path_refuse "$1" "a regular file" ;;
  esac
}

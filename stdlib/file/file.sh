# shellcheck shell=sh disable=SC2154
# The verbs of the kind `file`. They are probed by path_probe.

# file_state PATH WANTED: the state as one line. WANTED is the wanted size in bytes, or "-" when content is not managed: a file
# larger than 1 MiB is hashed only if it has that size, else its time of change is taken in the place of its content.
file_state() {
  path_look "$1"
  case $path_type in
    absent) printf 'absent\n' ;;
    file)
      path_facts "$1" "${1%/*}/"
      file_content=-
      if [ "$2" != - ]; then
        if [ "$path_size" -le 1048576 ] || [ "$path_size" = "$2" ]; then
          file_content=$(file_state_digest "$1")
        else
          file_content=@$path_modified
        fi
      fi
      printf '%s %s %s %s %s\n' "$path_mode" "$path_uid" "$path_gid" "$path_size" "$file_content"
      ;;
    *) printf 'other:%s\n' "$path_type" ;;
  esac
}

# file_state_digest PATH: the SHA-256 of the file whose facts are known. In a folder that others may write to, something else can
# have taken its place, such as a FIFO without a writer: there it is read by a program that can be ended.
file_state_digest() {
  if [ -O "${1%/*}/" ] && ! path_mode_is_shared "$path_folder_mode"; then
    file_sum=$(sha256sum <"$1")
  else
    file_sum=$(timeout "$((30 + path_size / 4000000))" cat -- "$1" | sha256sum)
  fi
  printf '%s\n' "${file_sum%% *}"
}

# file_apply PATH OWNER GROUP MODE LINK BLOB SIZE DIGEST [SCRIPT [ARG...]]: LINK is "replace" or empty. BLOB is a file with the
# wanted bytes, or empty when content is not managed; a SIZE of "-" gives the content only to a new file. SCRIPT verifies.
file_apply() {
  file_path=$1 file_owner=$2 file_group=$3 file_mode=$4 file_link=$5 file_blob=$6 file_size=$7 file_digest=$8
  shift 8
  path_enter "$file_path"
  path_apart
  path_look "$path_name"
  case $path_type in
    absent) ;;
    file) path_hold ;;
    link) [ "$file_link" ] || path_fail "$file_path is a symbolic link. Declare the file that it points to, or add \`replace_link = true\` to put a file in its place." ;;
    *) path_refuse "$file_path" "a regular file" ;;
  esac
  file_was=$path_type
  if [ "$file_was" = file ] && file_has_content; then
    file_own
    if [ "$path_owned" ]; then
      sync_file "$path_held"
      changed
    fi
    return 0
  fi
  path_choose_temp
  file_fill
  if [ $# -gt 0 ]; then file_verify "$@"; fi
  path_replace "$path_temp"
  changed
}

# file_has_content: whether the regular file that stands there needs no new bytes.
file_has_content() {
  [ "$file_blob" ] && [ "$file_size" != - ] || return 0
  path_facts "$path_held"
  [ "$path_size" = "$file_size" ] || return 1
  path_sum "$path_held" "$path_size" || return 1
  [ "$path_digest" = "$file_digest" ]
}

# file_own: owner, group and mode of the file that stands there. One with further names may be a file of another folder, which
# somebody has linked to here.
file_own() {
  if [ "$path_private" ]; then
    path_facts "$path_held"
    [ "$path_links" -le 2 ] ||
      path_fail "$file_path has further names (hard links), and others may write to its folder: it may be a file from elsewhere. Give it content of its own, or remove it."
  fi
  path_own "$path_held" "$file_owner" "$file_group" "$file_mode"
  path_is_held || path_fail "$file_path was changed by another process at the same time"
}

# file_fill: the new file, in a folder that no other account may write to. It gets its owner and mode while it is still empty: at no
# time can more people read its content than may.
file_fill() {
  file_umask
  set -C
  # shellcheck disable=SC2094
  {
    set +C
    umask 022
    file_new=/proc/self/fd/9
    [ -e "$file_new" ] || file_new=$path_temp
    if [ "$file_was" = file ]; then copy_attributes "$path_held" "$file_new"; fi
    path_own "$file_new" "$file_owner" "$file_group" "$file_mode"
    if [ "$file_blob" ]; then cat -- "$file_blob" >&9; fi
  } 9>"$path_temp"
}

# file_umask: with it a new file of root's own has the wanted mode at once, which spares a chmod. One that changes hands begins
# private: a process that opened it as a member of root's group could still read what comes into it later.
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
  GALLEY_CANDIDATE=${PWD%/}/${path_temp#./}
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
      path_unlink
      changed
      ;;
    *) path_refuse "$1" "a regular file" ;;
  esac
}

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
  path_parent "$file_path"
  path_look "$file_path"
  case $path_type in
    absent | file) ;;
    link) [ "$file_link" ] || fail "$file_path is a symbolic link. Declare the file that it points to, or add \`replace_link = true\` to put a file in its place." ;;
    *) path_refuse "$file_path" "a regular file" ;;
  esac
  file_was=$path_type
  if [ "$file_was" = file ] && file_has_content; then
    path_own "$file_path" "$file_owner" "$file_group" "$file_mode"
    if [ "$path_owned" ]; then
      sync_file "$file_path"
      changed
    fi
    return 0
  fi
  temp_beside "$file_path"
  trap 'rm -f -- "$temp"' EXIT
  # shellcheck disable=SC2094
  # The new file gets its owner and mode while it is still empty, so that at no time more people can read it than shall.
  {
    if [ "$file_was" = file ]; then copy_attributes "$file_path" "$temp"; fi
    path_own "$temp" "$file_owner" "$file_group" "$file_mode"
    if [ "$file_blob" ]; then cat -- "$file_blob" >&9; fi
  } 9>"$temp"
  if [ $# -gt 0 ]; then file_verify "$@"; fi
  path_clear "$file_path"
  replace_durably "$temp" "$file_path"
  trap - EXIT
  changed
}

# file_has_content: whether the regular file that stands there needs no new bytes.
file_has_content() {
  [ "$file_blob" ] && [ "$file_size" != - ] || return 0
  path_facts "$file_path"
  [ "$path_size" = "$file_size" ] || return 1
  file_found=$(sha256sum <"$file_path") || return 1
  [ "${file_found%% *}" = "$file_digest" ]
}

# file_verify SCRIPT [ARG...]: the person's own command must be content with the new file.
file_verify() {
  GALLEY_CANDIDATE=$temp
  export GALLEY_CANDIDATE
  file_status=0
  run_command '' '' "$@" || file_status=$?
  unset GALLEY_CANDIDATE
  [ "$file_status" -eq 0 ] || fail "verify refused the new $file_path with status $file_status; the old one is as it was"
}

# file_remove PATH: takes a regular file or a symbolic link away.
file_remove() {
  path_look "$1"
  case $path_type in
    absent) ;;
    file | link)
      rm -f -- "$1"
      path_parent "$1"
      sync_dir "$path_parent"
      changed
      ;;
    *) path_refuse "$1" "a regular file" ;;
  esac
}

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
  path_look "$directory_path"
  case $path_type in
    absent)
      path_parent "$directory_path"
      mkdir -m 700 -- "$directory_path"
      trap 'rmdir -- "$directory_path"' EXIT
      path_own "$@"
      sync_dir "$path_parent"
      trap - EXIT
      changed
      ;;
    directory)
      path_own "$@"
      if [ "$path_owned" ]; then
        sync_dir "$directory_path"
        changed
      fi
      ;;
    *) path_refuse "$directory_path" "a directory" ;;
  esac
}

# directory_remove PATH: only an empty one; what is in it is the person's to decide about.
directory_remove() {
  path_look "$1"
  case $path_type in
    absent) ;;
    directory)
      directory_inside=$(ls -A -- "$1")
      if [ "$directory_inside" ]; then
        directory_inside=$(printf '%s\n' "$directory_inside" | sed -n '1,3p;4s/.*/.../p' | tr '\n' ' ')
        fail "$1 is not empty, so it stays: ${directory_inside% }"
      fi
      rmdir -- "$1"
      path_parent "$1"
      sync_dir "$path_parent"
      changed
      ;;
    *) path_refuse "$1" "a directory" ;;
  esac
}

# shellcheck shell=sh disable=SC2154
# The verbs of the kind `link`. They are probed by path_probe.

# link_read PATH: sets link_target to what the link points to, byte for byte, also a newline at its end.
link_read() {
  link_target=$(readlink -n "$1" && printf x)
  link_target=${link_target%x}
}

# link_state PATH: the state as one line; the target in hexadecimal, since it may hold any byte.
link_state() {
  path_look "$1"
  case $path_type in
    absent) printf 'absent\n' ;;
    link)
      path_facts "$1"
      link_target=$(readlink -n "$1" | od -A n -v -t x1 | tr -d ' \n')
      printf '%s %s %s\n' "$path_uid" "$path_gid" "$link_target"
      ;;
    *) printf 'other:%s\n' "$path_type" ;;
  esac
}

# link_apply PATH TARGET OWNER GROUP LED: a link cannot be changed, so a new one takes the place of the old. With a word for LED
# the target must be there.
link_apply() {
  link_path=$1 link_wanted=$2 link_owner=$3 link_group=$4
  path_enter "$link_path"
  # A relative target starts here, in the link's own folder.
  if [ "$5" ] && ! [ -e "$link_wanted" ]; then
    fail "$link_path would lead nowhere, there is no $link_wanted: correct the name, or declare what brings it"
  fi
  path_apart
  path_look "$path_name"
  case $path_type in
    absent | link) ;;
    *) path_refuse "$link_path" "a symbolic link" ;;
  esac
  if [ "$path_type" = link ]; then
    link_read "$path_name"
    if [ "$link_target" = "$link_wanted" ] && link_may_stay; then
      path_own "$path_name" "$link_owner" "$link_group" ''
      if [ "$path_owned" ]; then
        sync_dir .
        changed
      fi
      return 0
    fi
  fi
  path_choose_temp
  # ln -f would go by another name, which is not recorded.
  ln -s -- "$link_wanted" "$path_temp"
  path_own "$path_temp" "$link_owner" "$link_group" ''
  path_rename "$path_temp"
  changed
}

# link_may_stay: whether the link that points to the right place can be given its owner where it is. In a folder that others may
# write to, only when there is nothing to give: something else can have taken its place.
link_may_stay() {
  [ "$path_private" ] || return 0
  path_facts "$path_name"
  case $link_owner in
    '' | "$path_user" | "$path_uid") ;;
    *) return 1 ;;
  esac
  case $link_group in
    '' | "$path_group" | "$path_gid") ;;
    *) return 1 ;;
  esac
}

# link_remove PATH: takes a symbolic link away; what it points to stays.
link_remove() {
  path_look "$1"
  [ "$path_type" != absent ] || return 0
  path_enter "$1"
  path_look "$path_name"
  case $path_type in
    absent) ;;
    link)
      path_unlink
      changed
      ;;
    *) path_refuse "$1" "a symbolic link" ;;
  esac
}

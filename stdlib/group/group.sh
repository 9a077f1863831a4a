# shellcheck shell=sh
# The group kind. A group's state is the line "gid=NUMBER", or "absent".

# NAME: the state of the group.
group_state() {
  account_lines | group_select "$1"
}

group_select() {
  group_part=users group_found=absent
  while IFS=: read -r group_first _ group_gid _; do
    case $group_part:$group_first in
      users:=) group_part=groups ;;
      "groups:$1")
        [ "$group_found" != absent ] || group_found="gid=$group_gid"
        ;;
    esac
  done
  printf '%s\n' "$group_found"
}

# NAME STATE GID SYSTEM: GID is empty or "=" and a number, SYSTEM true or false.
group_apply() {
  group_what="group \"$1\""
  group_found=$(group_state "$1")
  case $2:$group_found in
    absent:absent) return 0 ;;
    absent:*)
      if account_has groupdel; then account_run "$group_what" groupdel -- "$1"; else account_run "$group_what" delgroup "$1"; fi
      ;;
    present:absent) group_create "$1" "$3" "$4" ;;
    *)
      case $3 in '' | "${group_found#gid}") return 0 ;; esac
      account_has groupmod || fail "$group_what: changing its number needs groupmod, which this machine has not"
      account_run "$group_what" groupmod --gid "${3#=}" -- "$1"
      ;;
  esac
  changed
}

# NAME GID SYSTEM
group_create() {
  group_name=$1 group_gid=$2 group_system=$3
  set --
  if account_has groupadd; then
    [ "$group_system" = false ] || set -- "$@" --system
    [ -z "$group_gid" ] || set -- "$@" --gid "${group_gid#=}"
    account_run "$group_what" groupadd "$@" -- "$group_name"
  else
    [ "$group_system" = false ] || set -- "$@" -S
    [ -z "$group_gid" ] || set -- "$@" -g "${group_gid#=}"
    account_run "$group_what" addgroup "$@" "$group_name"
  fi
}

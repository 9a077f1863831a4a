# shellcheck shell=sh
# The user kind. A user's state is the line "uid=NUMBER group=NAME groups=A,B home=PATH shell=PATH comment=TEXT" in printable
# ASCII (a run of any other bytes and of question marks is one question mark), or "absent".

# NAME: the state of the user.
user_state() {
  user_look "$1"
  if [ -z "$user_uid" ]; then
    echo absent
  else
    printf '%s' "uid$user_uid group$user_group groups$user_groups home$user_home shell$user_shell comment$user_comment" |
      tr -cs ' -~' '?'
    echo
  fi
}

# NAME: sets user_uid, user_group and so on, each an equals sign and the value; user_uid is empty when there is no such user.
user_look() {
  user_fields=$(account_lines | user_select "$1")
  set -f
  user_ifs=$IFS
  IFS='
'
  # shellcheck disable=SC2086 # a field a line
  set -- $user_fields
  IFS=$user_ifs
  set +f
  user_uid=${1#=} user_group=${2-} user_home=${3-} user_shell=${4-} user_comment=${5-} user_groups=${6-} user_own=${7-}
  user_uid=${user_uid:+=$user_uid}
}

# NAME: prints "=" and a field on each line: number, login group, home, shell, comment, groups, and whether a group has the
# user's name; for a user that is not there only the last counts.
user_select() {
  user_part=users user_uid='' user_gid='' user_login='' user_groups='' user_own=no
  while IFS=: read -r user_f1 _ user_f3 user_f4 user_f5 user_f6 user_f7; do
    case $user_part:$user_f1 in
      users:=) user_part=groups ;;
      "users:$1")
        if [ -z "$user_uid" ]; then
          user_uid=$user_f3 user_gid=$user_f4 user_comment=$user_f5 user_home=$user_f6 user_shell=$user_f7
        fi
        ;;
      groups:*)
        [ "$user_f1" != "$1" ] || user_own=yes
        [ -n "$user_login" ] || [ "$user_f3" != "$user_gid" ] || user_login=$user_f1
        case ",$user_f4," in *",$1,"*) user_groups="$user_groups
$user_f1" ;; esac
        ;;
    esac
  done
  if [ -n "$user_uid" ]; then
    user_groups=$(printf '%s\n' "$user_groups" | sort -u | tr '\n' ,)
    user_groups=${user_groups#,}
    printf '=%s\n' "$user_uid" "${user_login:-$user_gid}" "$user_home" "$user_shell" "$user_comment" "${user_groups%,}"
  else
    printf '=\n=\n=\n=\n=\n=\n'
  fi
  printf '=%s\n' "$user_own"
}

# NAME STATE UID GROUP GROUPS HOME SHELL COMMENT SYSTEM KEEP: UID to COMMENT are empty, or "=" and the value. KEEP is "keep" when
# the recipe declares the group of the user's name, which goes with the user otherwise.
user_apply() {
  user_what="user \"$1\""
  user_look "$1"
  case $2:$user_uid in
    absent:) return 0 ;;
    absent:*)
      # The home stays: the recipe does not say that its files may be deleted.
      user_remove "$1" "${10}"
      changed
      ;;
    present:)
      user_create "$@"
      changed
      ;;
    *) user_modify "$@" ;;
  esac
}

# NAME KEEP
user_remove() {
  user_kept=$(account_lines | user_group_number "$1")
  if account_has userdel; then account_run "$user_what" userdel -- "$1"; else account_run "$user_what" deluser "$1"; fi
  [ "$2" = keep ] && [ "$user_kept" ] || return 0
  # Where each user has a group of its own, the tools take it along.
  [ -z "$(account_lines | user_group_number "$1")" ] || return 0
  if account_has groupadd; then
    account_run "$user_what" groupadd --gid "$user_kept" -- "$1"
  else
    account_run "$user_what" addgroup -g "$user_kept" "$1"
  fi
}

# NAME: prints the number of the group of that name; nothing when there is none.
user_group_number() {
  user_part=users
  while IFS=: read -r user_f1 _ user_f3 _; do
    case $user_part:$user_f1 in
      users:=) user_part=groups ;;
      "groups:$1")
        printf '%s\n' "$user_f3"
        return 0
        ;;
    esac
  done
}

# The same arguments, for a user that is not there.
user_create() {
  user_name=$1 user_uid=$3 user_group=$4 user_wanted=${5#=} user_home=$6 user_shell=$7 user_comment=$8 user_system=$9
  if [ "$user_system" = true ]; then
    [ -n "$user_home" ] || user_home="=/nonexistent"
    [ -n "$user_shell" ] || user_shell="=$(command -v nologin || echo /bin/false)"
  fi
  if [ -z "$user_group" ] && [ "$user_own" = '=yes' ]; then user_group="=$user_name"; fi
  set --
  if ! account_has useradd; then
    user_create_busybox
    return 0
  fi
  if [ "$user_system" = true ]; then set -- --system --no-create-home; else set -- --create-home; fi
  [ -z "$user_uid" ] || set -- "$@" --uid "${user_uid#=}"
  if [ -n "$user_group" ]; then set -- "$@" --gid "${user_group#=}"; else set -- "$@" --user-group; fi
  [ -z "$user_wanted" ] || set -- "$@" --groups "$user_wanted"
  [ -z "$user_home" ] || set -- "$@" --home-dir "${user_home#=}"
  [ -z "$user_shell" ] || set -- "$@" --shell "${user_shell#=}"
  [ -z "$user_comment" ] || set -- "$@" --comment "${user_comment#=}"
  account_run "$user_what" useradd "$@" -- "$user_name"
}

user_create_busybox() {
  if [ -z "$user_group" ]; then
    if [ "$user_system" = true ]; then account_run "$user_what" addgroup -S "$user_name"; else account_run "$user_what" addgroup "$user_name"; fi
    user_group="=$user_name"
  fi
  if [ "$user_system" = true ]; then set -- -D -S -H; else set -- -D; fi
  [ -z "$user_uid" ] || set -- "$@" -u "${user_uid#=}"
  [ -z "$user_home" ] || set -- "$@" -h "${user_home#=}"
  [ -z "$user_shell" ] || set -- "$@" -s "${user_shell#=}"
  [ -z "$user_comment" ] || set -- "$@" -g "${user_comment#=}"
  account_run "$user_what" adduser "$@" -G "${user_group#=}" "$user_name"
  user_groups='=' user_new_group=''
  user_join_busybox
}

# Adds the user to the wanted groups that it is not in, one by one.
user_join_busybox() {
  user_missing_groups
  user_ifs=$IFS
  IFS=,
  # shellcheck disable=SC2086 # names of groups
  set -- $user_missing
  IFS=$user_ifs
  for user_joined; do account_run "$user_what" addgroup "$user_name" "$user_joined"; done
}

# Sets user_missing to the wanted groups that the user is not in, its login group aside: the one it will have, not the one it has.
user_missing_groups() {
  user_login=${user_new_group:-$user_group}
  user_missing=''
  user_ifs=$IFS
  IFS=,
  for user_one in $user_wanted; do
    case ",${user_groups#=},${user_login#=}," in
      *",$user_one,"*) ;;
      *) user_missing="$user_missing${user_missing:+,}$user_one" ;;
    esac
  done
  IFS=$user_ifs
}

# The same arguments, for a user that is there.
user_modify() {
  user_name=$1 user_wanted=${5#=}
  user_new_uid=$3 user_new_group=$4 user_new_home=$6 user_new_shell=$7 user_new_comment=$8
  user_missing_groups
  set --
  [ -z "$user_new_uid" ] || [ "$user_new_uid" = "$user_uid" ] || set -- "$@" --uid "${user_new_uid#=}"
  [ -z "$user_new_group" ] || [ "$user_new_group" = "$user_group" ] || set -- "$@" --gid "${user_new_group#=}"
  [ -z "$user_new_home" ] || [ "$user_new_home" = "$user_home" ] || set -- "$@" --home "${user_new_home#=}"
  [ -z "$user_new_shell" ] || [ "$user_new_shell" = "$user_shell" ] || set -- "$@" --shell "${user_new_shell#=}"
  [ -z "$user_new_comment" ] || [ "$user_new_comment" = "$user_comment" ] || set -- "$@" --comment "${user_new_comment#=}"
  if account_has usermod; then
    [ -z "$user_missing" ] || set -- "$@" --append --groups "$user_missing"
    [ $# -gt 0 ] || return 0
    account_run "$user_what" usermod "$@" -- "$user_name"
  else
    [ $# -eq 0 ] || fail "$user_what: changing an account that is there needs usermod, which this machine has not"
    [ -n "$user_missing" ] || return 0
    user_join_busybox
  fi
  changed
}

# shellcheck shell=sh
# The package kind where dpkg and apt are. A package's state is one line:
#   absent | unfinished VERSION | present VERSION [held] | provided NAME:ARCHITECTURE VERSION

# NAMES [NAME...]: the names without architectures, one a line, and those whose available versions matter too.
# Prints the lines of package_lines, an empty line, and what apt-cache madison says.
package_probe() {
  command -v dpkg-query >/dev/null 2>&1 || return 0
  package_lines "$1"
  shift
  echo
  [ $# -eq 0 ] || apt-cache madison -- "$@" 2>/dev/null || :
}

# Prints STATUS|NAME:ARCHITECTURE|VERSION|PROVIDES of every package the database knows and whose line holds one of the
# names (one a line) or dpkg's own, which tells the machine's architecture. More lines than needed do no harm.
package_lines() {
  # shellcheck disable=SC2016 # dpkg-query replaces these, not the shell
  set -- "$1" '${db:Status-Abbrev}|${Package}:${Architecture}|${Version}|${Provides}\n'
  if [ "${#1}" -gt 60000 ]; then
    dpkg-query -W -f "$2" 2>&1 || :
  else
    dpkg-query -W -f "$2" 2>&1 | grep -F -e "$1" -e dpkg: -e dpkg-query: || :
  fi
}

# NAME WANTED: the state of the package; only for WANTED=present may another package stand in by providing the name.
package_state() {
  package_native=$(dpkg --print-architecture)
  package_lines "${1%%:*}" | package_select "$1" "$2" "$package_native"
}

# NAME WANTED NATIVE: chooses the state from the lines on standard input.
package_select() {
  package_base=${1%%:*} package_best=absent package_rank=0
  while IFS='|' read -r package_status package_full package_version package_provides; do
    case $package_status in
      ??R*) package_new=unfinished package_weight=2 ;;
      hi*) package_new="present $package_version held" package_weight=3 ;;
      ?i*) package_new="present $package_version" package_weight=3 ;;
      ?[UFHWt]*) package_new=unfinished package_weight=2 ;;
      *) continue ;;
    esac
    [ "$package_new" != unfinished ] || package_new="unfinished $package_version"
    case $1:$package_full in
      "$1:$1" | "$package_base:$package_base:all" | "$package_base:$package_base:$3") ;;
      "$package_base:$3:$package_base:all") ;;
      *)
        case $2:$package_weight in present:3) ;; *) continue ;; esac
        case ", $package_provides," in
          *", $package_base,"* | *", $package_base ("*) ;;
          *) continue ;;
        esac
        package_new="provided $package_full $package_version" package_weight=1
        ;;
    esac
    if [ "$package_weight" -gt "$package_rank" ]; then
      package_rank=$package_weight package_best=$package_new
    fi
  done
  printf '%s\n' "$package_best"
}

# HAVE WANTED: whether a version is the wanted one. A trailing * stands for any rest; the epoch may be left out.
package_version_fits() {
  for package_candidate in "$1" "${1#*:}"; do
    case $2 in
      *'*') case $package_candidate in "${2%?}"*) return 0 ;; esac ;;
      "$package_candidate") return 0 ;;
    esac
  done
  return 1
}

# NAME STATE VERSION HOLD: whether the package is as wanted; VERSION and HOLD may be empty. Sets package_line.
package_fits() {
  package_line=$(package_state "$1" "$2")
  # shellcheck disable=SC2086 # the words of the line
  set -- "$1" "$2" "$3" "$4" $package_line
  case $2:$5 in
    absent:absent) return 0 ;;
    present:provided) [ -z "$3" ] && [ "$4" != true ] ;;
    present:present)
      [ -z "$3" ] || package_version_fits "$6" "$3" || return 1
      case $4:${7-} in true: | false:held) return 1 ;; esac
      ;;
    *) return 1 ;;
  esac
}

# NAME VERSION: prints the newest available version that is wanted.
package_resolve() {
  apt-cache madison -- "$1" 2>/dev/null | while IFS=' |' read -r _ package_available _; do
    if package_version_fits "$package_available" "$2"; then
      printf '%s\n' "$package_available"
      break
    fi
  done
}

# apt-get with what every call of it has.
package_apt() {
  DEBIAN_FRONTEND=noninteractive APT_LISTCHANGES_FRONTEND=none UCF_FORCE_CONFFOLD=1 \
    apt-get -q -y -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0 \
    -o "DPkg::Lock::Timeout=$package_timeout" -o APT::Cmd::Pattern-Only=true "$@" 2>&1
}

# FILE...: sets package_holder to "PROGRAM (pid N)" of the process that holds a lock on one of the files, else to nothing.
package_find_holder() {
  package_holder=''
  [ -r /proc/locks ] || return 0
  for package_file; do
    [ -e "$package_file" ] || continue
    # shellcheck disable=SC2012 # the inode of one file; POSIX has no stat
    package_inode=$(ls -i -- "$package_file" | sed 's/^ *//; s/ .*//')
    while read -r _ package_kind _ _ package_pid package_place _; do
      [ "$package_kind" = POSIX ] || continue
      case $package_place in *":$package_inode") ;; *) continue ;; esac
      package_program='another program'
      if [ -r "/proc/$package_pid/comm" ]; then read -r package_program <"/proc/$package_pid/comm" || :; fi
      package_holder="$package_program (pid $package_pid)"
      return 0
    done </proc/locks
  done
}

# Waits until nobody works on the package database or its lists, at most package_timeout seconds.
package_wait() {
  package_waited=0
  while :; do
    package_find_holder /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock
    [ -n "$package_holder" ] || return 0
    [ "$package_waited" -lt "$package_timeout" ] || package_fail_locked
    sleep 1
    package_waited=$((package_waited + 1))
  done
}

package_fail_locked() {
  fail "the package database is still locked after $package_timeout s, by ${package_holder:-another program}:" \
    "wait until it is done or end it, then apply again (lock_timeout says how long to wait)"
}

# Finishes what a killed dpkg left half done; without it apt refuses everything.
package_recover() {
  package_interrupted=no
  for package_file in /var/lib/dpkg/updates/[0-9]*; do
    [ ! -e "$package_file" ] || package_interrupted=yes
  done
  # shellcheck disable=SC2016 # for dpkg-query
  if dpkg-query -W -f '${db:Status-Abbrev}\n' 2>/dev/null | grep -q -e '^.[UFHWt]' -e '^..R'; then
    package_interrupted=yes
  fi
  [ "$package_interrupted" = yes ] || return 0
  DEBIAN_FRONTEND=noninteractive dpkg --force-confdef --force-confold --configure -a >/dev/null 2>&1 ||
    package_mend
}

# Lets apt complete what is installed without what it depends on; never by removing.
package_mend() {
  package_apt --fix-broken --no-remove install >/dev/null || :
}

# (NAME STATE VERSION HOLD)...: one run of apt-get for those that are not as wanted, but for the names in package_left_out.
# Sets package_status, package_output, and package_missing to the names that no list has.
package_attempt() {
  package_status=0 package_output='' package_missing='' package_removing='' package_pinned=no
  package_members=$(($# / 4))
  while [ "$package_members" -gt 0 ]; do
    package_members=$((package_members - 1))
    package_name=$1 package_wanted=$2 package_asked=$3
    shift 4
    case " $package_left_out " in *" $package_name "*) continue ;; esac
    ! package_fits "$package_name" "$package_wanted" "$package_asked" '' || continue
    case $package_line in
      *' held')
        # The recipe asks for this very change; for all others the hold is put back.
        apt-mark unhold -- "$package_name" >/dev/null
        package_held="$package_held $package_name"
        ;;
    esac
    if [ "$package_wanted" = absent ]; then
      package_removing="$package_removing $package_name"
      set -- "$@" "$package_name-"
    elif [ -z "$package_asked" ]; then
      set -- "$@" "$package_name"
    else
      package_pinned=yes
      package_chosen=$(package_resolve "$package_name" "$package_asked")
      if [ -n "$package_chosen" ]; then
        set -- "$@" "$package_name=$package_chosen"
      else
        package_missing="$package_missing $package_name"
      fi
    fi
  done
  [ $# -gt 0 ] || return 0
  set -- install -- "$@"
  [ "$package_pinned" = no ] || set -- --allow-downgrades "$@"
  if [ -z "$package_removing" ]; then
    set -- --no-remove "$@"
  else
    package_check_removals "$@"
  fi
  package_output=$(package_apt "$@") || package_status=$?
  [ "$package_status" -ne 0 ] || return 0
  package_missing="$package_missing$(printf '%s\n' "$package_output" | package_unknown_names)"
}

# ARGUMENT...: fails when apt-get would also remove packages that nobody declared absent.
package_check_removals() {
  package_unasked=$(
    package_apt -s "$@" | while read -r package_verb package_victim _; do
      [ "$package_verb" = Remv ] || continue
      case " $package_removing " in
        *" ${package_victim%%:*} "* | *" $package_victim "*) ;;
        *) printf ' %s' "$package_victim" ;;
      esac
    done
  )
  [ -n "$package_unasked" ] || return 0
  package_forget_tried
  package_hold_again
  fail "removing$package_removing would also remove$package_unasked:" \
    'declare those with state = "absent" too, if that is what you want'
}

# Prints, each after a space, the names that apt-get says it does not know or has nothing to install for.
package_unknown_names() {
  while read -r package_mark package_words; do
    [ "$package_mark" = E: ] || continue
    case $package_words in
      'Unable to locate package '*) printf ' %s' "${package_words##* }" ;;
      *' has no installation candidate' | 'Version '*' was not found')
        package_words=${package_words%\'*}
        printf ' %s' "${package_words##*\'}"
        ;;
    esac
  done
}

# TIMEOUT (NAME STATE VERSION HOLD)...: all packages of a plan's level at once.
package_transaction() {
  package_timeout=$1
  shift
  package_left_out=''
  package_note_tried "$@"
  package_held=''
  package_wait
  package_recover
  package_attempt "$@"
  if [ -n "$package_missing" ] || package_lists_are_old; then
    package_wait
    package_apt update >/dev/null || :
    package_attempt "$@"
  elif [ "$package_status" -ne 0 ] && ! package_apt check >/dev/null; then
    package_mend
    package_attempt "$@"
  fi
  if [ -n "$package_missing" ]; then
    # One name that does not exist shall not keep the others from being installed.
    package_left_out=$package_missing
    package_attempt "$@"
  fi
  package_hold_again
  [ "$package_status" -eq 0 ] || package_explain
  [ -z "$package_left_out" ] || fail "$(package_describe_missing "$package_left_out")"
}

# Puts the holds back that stood in the way.
package_hold_again() {
  for package_name in $package_held; do
    case $(package_state "$package_name" absent) in
      'present '*) apt-mark hold -- "$package_name" >/dev/null ;;
    esac
  done
}

# (NAME STATE VERSION HOLD)...: so that a member does not repeat alone what has just failed for all, such as to wait.
package_note_tried() {
  while [ $# -gt 0 ]; do
    : >"$GALLEY_SCRATCH/package-tried.$1"
    shift 4
  done
}

# Lets the members try alone after all: one of them may be what kept the others.
package_forget_tried() {
  rm -f "$GALLEY_SCRATCH"/package-tried.*
}

# Whether the last attempt failed because the archive has moved on since the lists were fetched.
package_lists_are_old() {
  [ "$package_status" -ne 0 ] || return 1
  case $package_output in *'Failed to fetch'* | *'Unable to fetch'*) return 0 ;; esac
  return 1
}

# NAMES (words of one text): a sentence for each name that no list has.
package_describe_missing() {
  for package_name in $1; do
    package_choices=$(apt-cache showpkg -- "$package_name" 2>/dev/null |
      sed '1,/^Reverse Provides:/d; s/ .*//' | package_join)
    package_versions=$(apt-cache madison -- "$package_name" 2>/dev/null |
      sed 's/^[^|]*| *//; s/ .*//' | package_join)
    if [ -n "$package_versions" ]; then
      echo "package \"$package_name\" cannot be had in the wanted version; the lists have$package_versions"
    elif [ -n "$package_choices" ]; then
      echo "package \"$package_name\" is a name that several packages provide: declare one of$package_choices"
    else
      echo "package \"$package_name\" is in none of this machine's package lists, which were refreshed just now:" \
        "check its spelling, or add the repository that has it"
    fi
  done
}

# Prints each line once, after a space.
package_join() {
  package_seen=' '
  while read -r package_word; do
    case $package_seen in *" $package_word "*) continue ;; esac
    package_seen="$package_seen$package_word "
    printf ' %s' "$package_word"
  done
}

# Fails with what went wrong in the last attempt, in words that say what to do.
package_explain() {
  case $package_output in
    *'Could not get lock'* | *'Unable to acquire the dpkg frontend lock'*)
      package_holder=$(printf '%s\n' "$package_output" |
        sed -n 's/.*held by process \([0-9]*\) (\(.*\)).*/\2 (pid \1)/p' | sed '$!d')
      [ -n "$package_holder" ] ||
        package_find_holder /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/cache/apt/archives/lock
      package_fail_locked
      ;;
    *"don't have enough free space"* | *'No space left on device'*)
      fail "the disk is full: $(printf '%s\n' "$package_output" |
        grep -F -e 'enough free space' -e 'No space left' | sed 's/^E: //; s/^ *//; s/\.*$//; 1!d'); make room and apply again"
      ;;
    *'Failed to fetch'* | *'Unable to fetch'*)
      fail "packages could not be downloaded:
$(printf '%s\n' "$package_output" | grep '^E: ' | tail -n 5)"
      ;;
  esac
  package_forget_tried
  case $package_output in
    *'Packages need to be removed but remove is disabled'*)
      fail "installing this would remove$(printf '%s\n' "$package_output" |
        sed -n '/ will be REMOVED:$/,/^[^ ]/s/^ //p' | tr -s ' ' '\n' | grep . | package_join):" \
        'declare what may go with state = "absent"'
      ;;
    *'Held packages were changed'*)
      fail "a held package would have to change (held here:$(apt-mark showhold | package_join)):" \
        "release it with hold = false, or declare the version it shall have"
      ;;
  esac
  fail "apt-get failed with status $package_status:
$(printf '%s\n' "$package_output" |
    grep -v -e '^Get:' -e '^Hit:' -e '^Reading ' -e '^Building ' -e '^Selecting ' -e '^Preparing ' -e '^Unpacking ' |
    tail -n 15)"
}

# TIMEOUT NAME STATE VERSION HOLD: confirms one package after the transaction, or does its work alone.
package_apply() {
  package_timeout=$1
  if ! package_fits "$2" "$3" "$4" ''; then
    if [ -e "$GALLEY_SCRATCH/package-tried.$2" ]; then
      # When the step is tried again, it is in earnest.
      rm -f "$GALLEY_SCRATCH/package-tried.$2"
    else
      package_transaction "$@"
      rm -f "$GALLEY_SCRATCH/package-tried.$2"
      changed
    fi
    package_fits "$2" "$3" "$4" '' || fail "package \"$2\" is still $package_line"
  fi
  case $3:$5:$package_line in
    present:true:*' held') ;;
    present:true:*)
      apt-mark hold -- "$2" >/dev/null
      changed
      ;;
    present:false:*' held')
      apt-mark unhold -- "$2" >/dev/null
      changed
      ;;
  esac
}

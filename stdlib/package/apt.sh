# shellcheck shell=sh
# Runs of apt-get: all packages of a level at once.

# apt-get with what every call of it has.
package_apt() {
  DEBIAN_FRONTEND=noninteractive APT_LISTCHANGES_FRONTEND=none UCF_FORCE_CONFFOLD=1 \
    apt-get -q -y -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0 \
    -o "DPkg::Lock::Timeout=$package_timeout" -o APT::Cmd::Pattern-Only=true "$@" 2>&1
}

# apt-cache; what it does not know is no error.
package_cache() {
  apt-cache "$@" 2>/dev/null || :
}

# Fetches the lists anew. Sets package_complaints to what apt had against it, in one sentence.
package_refresh_lists() {
  package_refreshed=0
  package_words=$(package_apt update) || package_refreshed=$?
  package_complaints=$(printf '%s\n' "$package_words" | package_join_complaints)
  # apt leaves the folder's time alone when no list is new.
  [ -n "$package_complaints" ] || touch -c /var/lib/apt/lists
}

# Joins the errors and warnings of a refresh; what warns of other things than a list that was not fetched is left out.
package_join_complaints() {
  package_said=''
  while read -r package_mark_word package_words; do
    case $package_mark_word:$package_refreshed:$package_words in
      [EW]:*'Some index files failed'*) continue ;;
      E:*) ;;
      W::[!0]*) ;;
      W:*'Failed to fetch'* | W:*'GPG error'* | W:*NO_PUBKEY* | W:*'not signed'*) ;;
      *) continue ;;
    esac
    case "; $package_said; " in *"; $package_words; "*) continue ;; esac
    package_said="$package_said${package_said:+; }$package_words"
  done
  printf '%.2000s' "$package_said"
}

# NAME VERSION: prints the newest available version that is wanted.
package_resolve() {
  package_cache madison -- "$1" | while IFS=' |' read -r _ package_available _; do
    if package_version_fits "$package_available" "$2"; then
      printf '%s\n' "$package_available"
      break
    fi
  done
}

# (NAME STATE VERSION HOLD)...: one run of apt-get for those that are not as wanted, but for the names in package_left_out.
# Sets package_status, package_output, and package_missing to the names that no list has.
package_attempt() {
  package_status=0 package_output='' package_missing='' package_removing='' package_pinned=no
  package_members=$(($# / 4))
  while [ "$package_members" -gt 0 ]; do
    package_members=$((package_members - 1))
    package_name=$1 package_wanted=$2 package_asked=$3 package_hold=$4
    shift 4
    case " $package_left_out " in *" $package_name "*) continue ;; esac
    ! package_fits "$package_name" "$package_wanted" "$package_asked" || continue
    package_unhold_wanted
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
  package_output=$(cut_off package_apt "$@") || package_status=$?
  [ "$package_status" -ne 0 ] || return 0
  package_missing="$package_missing$(printf '%s\n' "$package_output" | package_unknown_names)"
}

# Releases a package that the recipe changes although it is held; for all others the hold is put back afterwards.
package_unhold_wanted() {
  case $package_line:$package_hold in
    *' held'*)
      apt-mark unhold -- "$package_name" >/dev/null
      package_held="$package_held $package_name"
      ;;
    # A package that is not installed can be held, too, which its state does not tell.
    *:true | *:false) apt-mark unhold -- "$package_name" >/dev/null 2>&1 || : ;;
  esac
}

# Prints, each after a space, the packages that a simulated run removes and that are not in package_removing.
package_unasked_removals() {
  while read -r package_verb package_victim _; do
    [ "$package_verb" = Remv ] || continue
    case " $package_removing " in
      *" ${package_victim%%:*} "* | *" $package_victim "*) ;;
      *) printf ' %s' "$package_victim" ;;
    esac
  done
}

# ARGUMENT...: fails when apt-get would also remove packages that nobody declared absent.
package_check_removals() {
  package_unasked=$(package_apt -s "$@" | package_unasked_removals)
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
  package_held='' package_complaints=''
  package_wait
  package_recover
  if package_sources_are_newer; then package_refresh_lists; fi
  package_attempt "$@"
  if [ -n "$package_missing" ] || package_lists_are_old; then
    package_wait
    package_refresh_lists
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
  [ -z "$package_left_out" ] || package_fail_missing
}

# Whether a source was written or taken away since the lists were fetched.
package_sources_are_newer() {
  [ -n "$(find /etc/apt/sources.list /etc/apt/sources.list.d -newer /var/lib/apt/lists 2>/dev/null)" ]
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

# NAME WORDS: why a member failed, for its own step. Only of members.
package_note_cause() {
  [ ! -e "$GALLEY_SCRATCH/package-tried.$1" ] || printf '%s\n' "$2" >"$GALLEY_SCRATCH/package-tried.$1"
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

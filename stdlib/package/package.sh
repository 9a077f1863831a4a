# shellcheck shell=sh
# The package kind where dpkg and apt are. A package's state is one line:
#   absent | unfinished VERSION | present VERSION [held] [auto] | provided NAME:ARCHITECTURE VERSION [held]

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
# names (one a line) or dpkg's own, which tells the machine's architecture; then what apt noted of them, in stanzas of
# Package, Architecture and Auto-Installed. More lines than needed do no harm.
package_lines() {
  # shellcheck disable=SC2016 # dpkg-query replaces these, not the shell
  set -- "$1" '${db:Status-Abbrev}|${Package}:${Architecture}|${Version}|${Provides}\n' /var/lib/apt/extended_states
  if [ "${#1}" -gt 60000 ]; then
    dpkg-query -W -f "$2" 2>&1 || :
    grep . "$3" 2>/dev/null || :
  else
    # One process for both: the two lines after a name are the rest of its stanza.
    dpkg-query -W -f "$2" 2>&1 | grep -h -F -A 2 -e "$1" -e dpkg: -e dpkg-query: - "$3" 2>/dev/null || :
  fi
}

# NAME WANTED: the state of the package; only for WANTED=present may another package stand in by providing the name.
package_state() {
  package_native=$(dpkg --print-architecture)
  package_lines "${1%%:*}" | package_select "$1" "$2" "$package_native"
}

# NAME WANTED NATIVE: chooses the state from the lines on standard input.
package_select() {
  package_base=${1%%:*} package_best=absent package_rank=0 package_autos='' package_stanza='' package_chosen_full=''
  while IFS='|' read -r package_status package_full package_version package_provides; do
    case $package_status in
      'Package: '*)
        package_stanza=${package_status#*: }
        continue
        ;;
      'Architecture: '*)
        package_stanza=$package_stanza:${package_status#*: }
        continue
        ;;
      'Auto-Installed: 1')
        package_autos="$package_autos $package_stanza"
        continue
        ;;
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
        package_new="provided $package_full ${package_new#present }" package_weight=1
        ;;
    esac
    if [ "$package_weight" -gt "$package_rank" ]; then
      package_rank=$package_weight package_best=$package_new package_chosen_full=$package_full
    fi
  done
  # apt notes a package for all architectures under the machine's own.
  case $package_chosen_full in *:all) package_chosen_full=${package_chosen_full%all}$3 ;; esac
  case $package_best:"$package_autos " in 'present '*" $package_chosen_full "*) package_best="$package_best auto" ;; esac
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

# NAME STATE VERSION: whether the package is there as wanted, marks aside; VERSION may be empty. Sets package_line.
package_fits() {
  package_line=$(package_state "$1" "$2")
  # shellcheck disable=SC2086 # the words of the line
  set -- "$1" "$2" "$3" $package_line
  case $2:$4 in
    absent:absent) return 0 ;;
    present:provided) [ -z "$3" ] ;;
    present:present) [ -z "$3" ] || package_version_fits "$5" "$3" ;;
    *) return 1 ;;
  esac
}

# TIMEOUT NAME STATE VERSION HOLD: confirms one package after the transaction, or does its work alone.
package_apply() {
  package_timeout=$1
  if ! package_fits "$2" "$3" "$4"; then
    package_tried=$GALLEY_SCRATCH/package-tried.$2
    if [ -e "$package_tried" ]; then
      package_words=$(cat "$package_tried")
      # When the step is tried again, it is in earnest.
      rm -f "$package_tried"
      fail "${package_words:-package \"$2\" is still $package_line}"
    fi
    package_transaction "$@"
    rm -f "$package_tried"
    changed
    package_fits "$2" "$3" "$4" || fail "package \"$2\" is still $package_line"
  fi
  [ "$3" = present ] || return 0
  # A mark is set on the package that stands in for the name.
  case $package_line in
    'provided '*)
      package_marked=${package_line#* }
      package_marked=${package_marked%% *}
      ;;
    *) package_marked=$2 ;;
  esac
  case $5:$package_line in
    true:*' held'*) ;;
    true:*) package_mark hold ;;
    false:*' held'*) package_mark unhold ;;
  esac
  # What is declared is wanted for itself: apt autoremove must not take it.
  case $package_line in *' auto') package_mark manual ;; esac
}

# MARK: sets the mark on package_marked.
package_mark() {
  apt-mark "$1" -- "$package_marked" >/dev/null
  changed
}

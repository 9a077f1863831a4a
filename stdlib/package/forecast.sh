# shellcheck shell=sh
# What apt-get would do, asked before anything is done. Nothing here changes a package or a list.

# PACKAGE...: each NAME, NAME=VERSION, or NAME- to remove it. Prints `lists fresh`, `lists old DAYS`, `lists newer` (a source
# was changed since they were fetched) or `lists none`. With the first two, `held NAME` for each package on hold follows, then
# for each simulated run `run STATUS` and what apt-get said. Names that no list has are left out of a second run.
package_forecast() {
  command -v apt-get >/dev/null 2>&1 || return 0
  package_describe_lists
  case $package_lists in none | newer) return 0 ;; esac
  apt-mark showhold 2>/dev/null | sed 's/^/held /'
  package_simulate "$@"
  package_missing=$(printf '%s\n' "$package_output" | package_unknown_names)
  [ -n "$package_missing" ] || return 0
  package_members=$#
  while [ "$package_members" -gt 0 ]; do
    package_members=$((package_members - 1))
    package_name=$1
    shift
    case " $package_missing " in
      *" ${package_name%%=*} "* | *" ${package_name%-} "*) ;;
      *) set -- "$@" "$package_name" ;;
    esac
  done
  [ $# -eq 0 ] || package_simulate "$@"
}

# Sets and prints how far the package lists can be believed.
package_describe_lists() {
  package_lists=fresh
  set -- /var/lib/apt/lists/*_Packages*
  if [ ! -e "$1" ]; then
    package_lists=none
  elif package_sources_are_newer; then
    package_lists=newer
  else
    # Of a refresh that finds nothing new only the folder of its downloads tells the time.
    package_days=''
    for package_folder in /var/lib/apt/lists /var/lib/apt/lists/partial; do
      [ -d "$package_folder" ] || continue
      package_age=$((($(date +%s) - $(date -r "$package_folder" +%s)) / 86400))
      [ -n "$package_days" ] && [ "$package_days" -le "$package_age" ] || package_days=$package_age
    done
    [ "$package_days" -lt 7 ] || package_lists="old $package_days"
  fi
  printf 'lists %s\n' "$package_lists"
}

# PACKAGE...: prints how apt-get would end and what it would say; also sets package_output to the latter. It only works out what
# to fetch, which takes half the time of a simulation.
package_simulate() {
  package_status=0 package_timeout=0
  package_output=$(package_apt -V --print-uris -o Debug::NoLocking=1 --allow-change-held-packages --allow-downgrades \
    install -- "$@") || package_status=$?
  printf 'run %s\n%s\n' "$package_status" "$package_output"
}

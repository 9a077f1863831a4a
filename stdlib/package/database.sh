# shellcheck shell=sh
# Who works on the package database, and what a killed run left in it.

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

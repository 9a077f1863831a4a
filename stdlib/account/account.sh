# shellcheck shell=sh
# What user and group share. Only the machine's own account files count, not a directory service.

# Prints the users, a line "=", and the groups.
account_lines() {
  cat /etc/passwd
  printf '\n=\n'
  cat /etc/group
}

# No names are looked at: the files are short, and the plan picks.
account_probe() {
  account_lines
}

# WHAT PROGRAM [ARG...]: changes WHAT; tries again for half a minute while another program has the account files locked.
account_run() {
  account_what=$1 account_tries=0
  shift
  while ! account_words=$("$@" 2>&1); do
    account_tries=$((account_tries + 1))
    case $account_words in
      *'cannot lock'* | *'try again later'*) [ "$account_tries" -ge 30 ] || {
        sleep 1
        continue
      } ;;
    esac
    fail "$account_what: $1 failed: $account_words"
  done
}

account_has() {
  command -v "$1" >/dev/null 2>&1
}

# shellcheck shell=sh
# Why apt-get failed, in words that say what to do.

# Fails for the names in package_left_out, which no list has. Each member is given its own sentence.
package_fail_missing() {
  package_sentences=''
  for package_name in $package_left_out; do
    package_words="package \"$package_name\" $(package_describe_missing "$package_name")"
    package_note_cause "$package_name" "$package_words"
    package_sentences="$package_sentences${package_sentences:+
}$package_words"
  done
  fail "$package_sentences"
}

# NAME: why it cannot be installed, as what follows its name in a sentence.
package_describe_missing() {
  package_choices=$(package_cache showpkg -- "$1" | sed '1,/^Reverse Provides:/d; s/ .*//' | package_join)
  package_versions=$(package_cache madison -- "$1" | sed 's/^[^|]*| *//; s/ .*//' | package_join)
  if [ -n "$package_versions" ]; then
    package_words="cannot be had in the wanted version; the lists have$package_versions"
  elif [ -n "$package_choices" ]; then
    package_words="is a name that several packages provide: declare one of$package_choices"
  elif [ -n "$package_complaints" ]; then
    package_words="is in none of this machine's package lists"
  else
    package_words="is in none of this machine's package lists, which were refreshed just now: check its spelling, or add the repository that has it"
  fi
  [ -z "$package_complaints" ] || package_words="$package_words; refreshing the lists failed: $package_complaints"
  printf '%s\n' "$package_words"
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

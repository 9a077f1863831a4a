# shellcheck shell=sh disable=SC2154
# The verbs of the kind `execute`. Its commands get their environment as data on descriptor 7, so that no value of it stands
# in the arguments of a process; how it is written is the same as for calls: the number of lines, then the lines.

# execute_state LABEL: a command has no state.
execute_state() {
  printf '%s\n' -
}

# execute_always: a command that says why it runs every time.
execute_always() {
  return 0
}

# execute_missing PATH: runs as long as what it creates is missing.
execute_missing() {
  if [ -e "$1" ] || [ -L "$1" ]; then return 1; fi
}

# execute_unless DIR USER COUNT {NAME VALUE}... FORM WORD...: runs unless the command says yes.
execute_unless() {
  execute_ready "$1" "$2"
  execute_status=0
  galley_ask galley_last_words execute_command "$@" </dev/null || execute_status=$?
  [ "$execute_status" -ne 0 ] || return 1
  [ "$execute_status" -lt 126 ] || return "$execute_status"
}

# execute_only_if DIR USER COUNT {NAME VALUE}... FORM WORD...: runs only if the command says yes.
execute_only_if() {
  execute_ready "$1" "$2"
  execute_status=0
  galley_ask galley_last_words execute_command "$@" </dev/null || execute_status=$?
  [ "$execute_status" -ne 0 ] || return 0
  [ "$execute_status" -ge 126 ] || return 1
  return "$execute_status"
}

# execute_ready DIR USER: a guard that cannot even begin, since its folder or its user is still to come, is like a program
# that is not there.
execute_ready() {
  if [ "$1" ] && ! [ -d "$1" ]; then
    printf 'the folder %s is not there\n' "$1"
    exit 127
  fi
  if [ "$2" ] && ! id -u -- "$2" >/dev/null 2>&1; then
    printf 'there is no user %s\n' "$2"
    exit 127
  fi
}

# execute_watch LABEL COUNT {BASE DEPTH REGEX}...: runs when the files are not those of the last success.
execute_watch() {
  execute_memory "$1"
  shift
  execute_look "$@"
  execute_last=
  if [ -f "$execute_memory" ]; then IFS= read -r execute_last <"$execute_memory" || :; fi
  [ "$execute_last" != "$execute_digest" ]
}

# execute_memory LABEL: sets execute_memory to the file that holds the digest of the last success.
execute_memory() {
  execute_memory=$(printf '%s' "$1" | sha256sum)
  execute_memory=$GALLEY_STATE/execute/${execute_memory%% *}
}

# execute_look COUNT {BASE DEPTH REGEX}... [WORD...]: sets execute_digest over names and contents of all files that match, and
# over where links that match point to. What hangs, since it became a FIFO meanwhile, is ended; its digest is then missing.
execute_look() {
  execute_digest=$(
    execute_left=$1
    shift
    while [ "$execute_left" -gt 0 ]; do
      find "$1" -maxdepth "$2" -regex "$3" -type f -exec timeout 60 sha256sum {} + 2>/dev/null || :
      # shellcheck disable=SC2016
      find "$1" -maxdepth "$2" -regex "$3" -type l -exec sh -c '
        for path do
          printf "%s -> " "$path"
          readlink "$path"
          if [ -f "$path" ]; then timeout 10 sha256sum "$path"; fi
        done' sh {} + 2>/dev/null || :
      shift 3
      execute_left=$((execute_left - 1))
    done | LC_ALL=C sort -u | sha256sum
  )
  execute_digest=${execute_digest%% *}
}

# execute_run LABEL STDIN COUNT {BASE DEPTH REGEX}... DIR USER COUNT {NAME VALUE}... FORM WORD...: what is remembered of watched
# files is how they were before the run, so that a change during it is not lost.
execute_run() {
  execute_label=$1 execute_input=${2:-/dev/null} execute_globs=$3
  shift 2
  execute_digest=
  if [ "$execute_globs" -gt 0 ]; then execute_look "$@"; fi
  shift "$((1 + 3 * execute_globs))"
  [ -z "$1" ] || [ -d "$1" ] || fail "the folder $1 is not there, so the command cannot run in it"
  execute_status=0
  galley_bounded execute_command "$@" <"$execute_input" || execute_status=$?
  case $execute_status in
    0) ;;
    124) fail "the command was ended with status 124: it took longer than ${GALLEY_TIMEOUT:-its own limit of} seconds" ;;
    127) fail "the command ended with status 127: its program is not there" ;;
    *) fail "the command ended with status $execute_status" ;;
  esac
  if [ "$execute_digest" ]; then execute_remember; fi
  # An event that asks for the same run is taken by this one.
  started_fresh
  changed
}

# execute_remember: keeps execute_digest under execute_label for the next execute_watch.
execute_remember() {
  execute_memory "$execute_label"
  (umask 077 && mkdir -p "$GALLEY_STATE/execute")
  temp_beside "$execute_memory"
  trap 'rm -f -- "$temp"' EXIT
  printf '%s\n' "$execute_digest" >"$temp"
  replace_durably "$temp" "$execute_memory"
  trap - EXIT
}

# execute_command DIR USER COUNT {NAME VALUE}... FORM WORD...: FORM is "argv" or "shell"; then the first word is the script.
execute_command() {
  execute_dir=$1 execute_user=$2 execute_count=$3
  shift 3
  execute_environment=
  while [ "$execute_count" -gt 0 ]; do
    execute_lines "$2"
    execute_environment="$execute_environment$1
$execute_lines
$2
"
    shift 2
    execute_count=$((execute_count - 1))
  done
  execute_form=$1
  shift
  if [ -z "$execute_environment" ]; then
    case $execute_form in
      argv) galley_argv "$execute_dir" "$execute_user" "$@" ;;
      *) galley_command "$execute_dir" "$execute_user" "$@" ;;
    esac
    return
  fi
  if [ "$execute_form" = shell ]; then
    execute_script=$1
    shift
    set -- sh -c "$execute_script" sh "$@"
  fi
  # Some shells keep such a text in a file for a moment: where other secrets of the run are.
  if [ -d "${GALLEY_SCRATCH-}" ]; then TMPDIR=$GALLEY_SCRATCH; fi
  execute_prelude
  galley_command "$execute_dir" "$execute_user" "$execute_prelude" "$@" 7<<END
$execute_environment
END
}

# execute_lines VALUE: sets execute_lines to the number of its lines.
execute_lines() {
  execute_lines=1
  execute_rest=$1
  while :; do
    case $execute_rest in
      *'
'*) execute_rest=${execute_rest#*'
'} execute_lines=$((execute_lines + 1)) ;;
      *) return 0 ;;
    esac
  done
}

# execute_prelude: sets execute_prelude to the script that takes the environment from descriptor 7 and becomes the command.
execute_prelude() {
  # shellcheck disable=SC2016
  execute_prelude='
    while IFS= read -r galley_name <&7 && [ "$galley_name" ]; do
      IFS= read -r galley_lines <&7
      IFS= read -r galley_value <&7
      while [ "$galley_lines" -gt 1 ]; do
        IFS= read -r galley_line <&7
        galley_value="$galley_value
$galley_line"
        galley_lines=$((galley_lines - 1))
      done
      export "$galley_name=$galley_value" || exit 1
    done
    exec 7<&-
    unset galley_name galley_lines galley_value galley_line
    exec "$@"'
}

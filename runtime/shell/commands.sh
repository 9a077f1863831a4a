# shellcheck shell=sh
# The person's own commands: in a directory, as a user, with an environment that is the same on every host.

# run_command DIR USER SCRIPT [ARG...]: a script for the target's shell. Of what it prints the beginning and the end are kept.
run_command() {
	galley_bounded galley_command "$@"
}

# run_argv DIR USER PROGRAM [ARG...]: a program without a shell.
run_argv() {
	galley_bounded galley_argv "$@"
}

# ask_command DIR USER SCRIPT [ARG...]: a script whose status and output are an answer. One byte more than an answer may have tells
# that it was cut.
ask_command() {
	galley_code=0
	galley_ask galley_first_megabyte galley_command "$@" || galley_code=$?
	# Where there is no answer, the last words say why.
	[ "$galley_code" -lt 126 ] || [ -z "$galley_said" ] || printf '\n%s\n' "$galley_said"
	return "$galley_code"
}

# galley_command and galley_argv: the same as run_command and run_argv, with the outputs that they find. The shell that calls them
# becomes the command.
galley_command() {
	galley_enter "$1"
	galley_user=$2
	galley_script=$3
	shift 3
	galley_execute "$galley_user" sh -c "$galley_script" sh "$@"
}

galley_argv() {
	galley_enter "$1"
	shift
	galley_execute "$@"
}

galley_first_megabyte() {
	exec dd bs=1048577 count=1 iflag=fullblock 2>/dev/null
}

galley_last_words() {
	exec tail -c 4096
}

# galley_ask FILTER COMMAND...: runs a question; its output goes through the filter. That `command -v jq` ends with 127 in some
# shells means no, and says nothing on standard error; where a program of the question itself is missing, the shell complains. So
# 127 in silence is the answer 1. A question that was not answered in time ends with 137.
galley_ask() {
	galley_filter=$1
	shift
	galley_now
	galley_asked=$galley_ms
	{
		galley_said=$(
			{
				{
					{
						galley_code=0
						galley_cut "$@" 2>&9 || galley_code=$?
						printf '.%s' "$galley_code" >&9
					} | "$galley_filter" >&8 8>&- 9>&-
				} 9>&1
			} | tail -c 4096
		)
	} 8>&1
	galley_code=${galley_said##*.}
	galley_said=${galley_said%.*}
	galley_said=${galley_said%"$galley_newline"}
	case $galley_code in
	124 | 137 | 143)
		galley_now
		if [ -n "${GALLEY_TIMEOUT-}" ] && [ "$((galley_ms - galley_asked))" -ge "$((GALLEY_TIMEOUT * 1000))" ]; then
			galley_code=137
			galley_said="$galley_said${galley_said:+$galley_newline}it was not done within $GALLEY_TIMEOUT s"
		fi
		;;
	esac
	[ -z "$galley_said" ] || printf '%s\n' "$galley_said" >&2
	if [ "$galley_code" -eq 127 ] && [ -z "$galley_said" ]; then return 1; fi
	return "$galley_code"
}

galley_enter() {
	case $1 in
	'') cd / || exit 1 ;;
	/*) cd "$1" 2>/dev/null || fail "cannot enter the directory $1" ;;
	*) fail "the directory $1 is not an absolute path" ;;
	esac
}

# galley_execute USER PROGRAM [ARG...]: becomes the program, with our environment, and for at most $GALLEY_TIMEOUT seconds.
galley_execute() {
	galley_user=$1
	shift
	galley_uid=0
	galley_gid=0
	galley_home=/root
	[ -n "$galley_user" ] || galley_user=root
	[ "$galley_user" = root ] || galley_account "$galley_user"
	set -- PATH="$PATH" HOME="$galley_home" USER="$galley_user" LOGNAME="$galley_user" LC_ALL=C.UTF-8 "$@"
	[ -z "${GALLEY_CANDIDATE+set}" ] || set -- GALLEY_CANDIDATE="$GALLEY_CANDIDATE" "$@"
	set -- env -i "$@"
	# shellcheck disable=SC2086
	[ -z "${GALLEY_TIMEOUT-}" ] || set -- timeout ${galley_kill-} "$GALLEY_TIMEOUT" "$@"
	[ "$galley_user" != root ] || exec "$@"
	if setpriv --reuid="$galley_uid" --regid="$galley_gid" --init-groups true 2>/dev/null; then
		exec setpriv --reuid="$galley_uid" --regid="$galley_gid" --init-groups "$@"
	elif command -v runuser >/dev/null 2>&1; then
		exec runuser -u "$galley_user" -- "$@"
	else
		# shellcheck disable=SC2016
		exec su -s /bin/sh "$galley_user" -c 'exec "$0" "$@"' "$@"
	fi
}

# Sets $galley_kill to what makes timeout end also what does not heed its first signal, where it can.
galley_find_kill() {
	[ -z "${galley_kill-}" ] || return 0
	galley_kill=' '
	! timeout -k 1 1 true 2>/dev/null || galley_kill='-k 5'
}

# Looks the account up: $galley_uid, $galley_gid and $galley_home.
galley_account() {
	galley_line=
	case $1 in
	-*) fail "$1 is no name of a user" ;;
	esac
	if command -v getent >/dev/null 2>&1; then
		galley_line=$(getent passwd "$1") || galley_line=
	else
		while IFS= read -r galley_line; do
			case $galley_line in
			"$1":*) break ;;
			esac
			galley_line=
		done </etc/passwd
	fi
	[ -n "$galley_line" ] || fail "there is no user $1"
	galley_line=${galley_line#*:*:}
	galley_uid=${galley_line%%:*}
	galley_line=${galley_line#*:}
	galley_gid=${galley_line%%:*}
	galley_line=${galley_line#*:*:}
	galley_home=${galley_line%%:*}
}

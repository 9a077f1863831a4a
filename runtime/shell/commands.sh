# shellcheck shell=sh
# The person's own commands: in a directory, as a user, with an environment that is the same on every host.

# run_command DIR USER SCRIPT [ARG...]: a script for the target's shell, its holes as "$1" "$2" ...
run_command() (
	galley_enter "$1"
	galley_user=$2
	galley_script=$3
	shift 3
	galley_execute "$galley_user" sh -c "$galley_script" sh "$@"
)

# run_argv DIR USER PROGRAM [ARG...]: a program without a shell.
run_argv() (
	galley_enter "$1"
	shift
	galley_execute "$@"
)

# ask_command DIR USER SCRIPT [ARG...]: a script whose status is an answer.
ask_command() {
	galley_ask run_command "$@"
}

# galley_ask COMMAND...: runs a question. That `command -v jq` ends with 127 in some shells means no, and says nothing on standard
# error; where a program of the question itself is missing, the shell complains. So 127 in silence is the answer 1.
galley_ask() {
	galley_code=0
	{ galley_said=$("$@" 2>&1 >&8 8>&-); } 8>&1 || galley_code=$?
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
	[ -z "${GALLEY_TIMEOUT-}" ] || set -- timeout "$GALLEY_TIMEOUT" "$@"
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

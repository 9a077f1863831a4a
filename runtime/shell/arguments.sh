# shellcheck shell=sh
# Values arrive as data: a line with the number of lines, then the lines. Reading them takes no fork and keeps every byte.

galley_newline='
'

# Reads one value from standard input into $galley_value. Bytes that came as a file are named by their digest after a `b`; the
# value is then the path of the file.
galley_read_value() {
	IFS= read -r galley_lines || return 1
	galley_value=
	case $galley_lines in
	'b '*)
		galley_value=$GALLEY_DIR/blobs/${galley_lines#b }
		return 0
		;;
	esac
	IFS= read -r galley_value || return 1
	while [ "$galley_lines" -gt 1 ]; do
		IFS= read -r galley_line || return 1
		galley_value=$galley_value$galley_newline$galley_line
		galley_lines=$((galley_lines - 1))
	done
}

# Runs the call on descriptor 4: a line with its verb, a line with the number of arguments, the arguments.
galley_call() {
	set --
	IFS= read -r galley_verb <&4 || fail "a call is cut short"
	IFS= read -r galley_count <&4 || fail "a call is cut short"
	while [ "$galley_count" -gt 0 ]; do
		galley_read_value <&4 || fail "a call is cut short"
		set -- "$@" "$galley_value"
		galley_count=$((galley_count - 1))
	done
	exec 4<&-
	"$galley_verb" "$@"
}

# The same for the call at the head of a frame's input: what follows it stays on descriptor 3 for the verb.
galley_call_with_input() {
	set --
	IFS= read -r galley_verb <&3 || fail "a call is cut short"
	IFS= read -r galley_count <&3 || fail "a call is cut short"
	while [ "$galley_count" -gt 0 ]; do
		galley_read_value <&3 || fail "a call is cut short"
		set -- "$@" "$galley_value"
		galley_count=$((galley_count - 1))
	done
	"$galley_verb" "$@"
}

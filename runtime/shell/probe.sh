# shellcheck shell=sh
# Frame 1: all probes, guards and questions of one host in one go.

# Runs the work on descriptor 3, item by item: a line with the number of bytes of its standard input, a call, these bytes.
# After the output of each comes a line with the nonce of this read and the exit status.
galley_read() {
	IFS= read -r galley_separator <&3
	# No command of a person's own may hold up the read of a host.
	GALLEY_TIMEOUT=60
	while IFS= read -r galley_bytes <&3; do
		galley_read_item
		printf '\n%s %s\n' "$galley_separator" "$?"
	done
}

galley_read_item() {
	set --
	IFS= read -r galley_verb <&3 && IFS= read -r galley_count <&3 || return 1
	while [ "$galley_count" -gt 0 ]; do
		galley_read_value <&3 || return 1
		set -- "$@" "$galley_value"
		galley_count=$((galley_count - 1))
	done
	case $galley_verb in
	ask_command | galley_guard) galley_find_kill ;;
	esac
	if [ "$galley_bytes" -gt 0 ]; then
		# All of it is read before any of it is handed on: what the verb leaves is lost, not in the way.
		dd bs="$galley_bytes" count=1 iflag=fullblock <&3 2>/dev/null | (
			exec 3<&-
			"$galley_verb" "$@"
		)
	else
		(
			exec 3<&-
			"$galley_verb" "$@"
		) </dev/null
	fi
}

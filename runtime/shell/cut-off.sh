# shellcheck shell=sh
# Commands that are not ours may print without end, and may leave processes that keep what they print to open. So they print into
# pipes of their own. A relay copies from there until the command has ended, and what is left running is heard no more.

# cut_off COMMAND...: runs it; its words have all arrived when this returns, and nothing that it leaves can add to them.
cut_off() (
	galley_cut "$@"
)

# The same where the caller is a subshell that needs its descriptors 3 to 6 no more.
galley_cut() {
	if [ -d "${GALLEY_SCRATCH-}" ]; then : >"$GALLEY_SCRATCH/ran.$GALLEY_STEP"; fi
	galley_looks=0
	galley_on_pipe galley_cut_output "$@"
}

# galley_on_pipe COMMAND...: runs it with a new pipe on descriptors 3, to read from, and 4, to write to.
galley_on_pipe() {
	exec 3<<END

END
	if [ -p /proc/self/fd/3 ]; then
		IFS= read -r galley_line <&3
		exec 4>/proc/self/fd/3
		"$@"
	else
		# This shell keeps such a text in a file.
		exec 3<&- 4<&0
		: | {
			exec 3<&0 <&4
			exec 4>/proc/self/fd/3
			"$@"
		}
	fi
}

galley_cut_output() {
	dd bs=65536 <&3 2>/dev/null 3<&- 4>&- 5<&- 6<&- 7<&- 8<&- 9<&- &
	galley_relay=$!
	# Only the relay reads: once it has heard enough, the command is told so.
	exec 3<&-
	galley_code=0
	if galley_is_one_output; then
		# What the shell itself says of a command that a signal has ended is not the command's word.
		{ ("$@") >&4 2>&4 4>&- 5<&- 6<&- 7<&- 8<&- 9<&- || galley_code=$?; } 2>/dev/null
		galley_end_relay "$galley_relay"
	else
		exec 6>&4 4>&-
		galley_on_pipe galley_cut_errors "$@" || galley_code=$?
		exec 4>&6 6>&-
		galley_end_relay "$galley_relay"
	fi
	return "$galley_code"
}

# The same for standard error, when the pipe of standard output is on descriptor 6.
galley_cut_errors() {
	dd bs=65536 <&3 >&2 2>/dev/null 3<&- 4>&- 5<&- 6>&- 7<&- 8<&- 9<&- &
	galley_error_relay=$!
	exec 3<&-
	galley_code=0
	{ ("$@") >&6 2>&4 4>&- 5<&- 6>&- 7<&- 8<&- 9<&- || galley_code=$?; } 2>/dev/null
	galley_end_relay "$galley_error_relay"
	return "$galley_code"
}

# galley_end_relay PROCESS: it ends by itself when no process holds the pipe on descriptor 4 any more. Where one does, it has a
# second for what is still on its way; from then on the words go nowhere, and the program that prints them is not disturbed.
galley_end_relay() {
	exec 3</proc/self/fd/4
	exec 4>&-
	until galley_is_over "$1"; do
		galley_looks=$((galley_looks + 1))
		# Nearly always it is a matter of microseconds.
		[ "$galley_looks" -gt 60 ] || continue
		if [ "$galley_looks" -gt 80 ]; then
			cat <&3 >/dev/null 2>&1 3<&- 4<&- 5<&- 6<&- 7<&- 8<&- 9<&- &
			if [ -d "${GALLEY_SCRATCH-}" ]; then : >"$GALLEY_SCRATCH/drain.$!"; fi
			kill -9 "$1" 2>/dev/null
			break
		fi
		sleep 0.05 2>/dev/null || sleep 1
	done
	exec 3<&-
	wait "$1" 2>/dev/null || :
}

# Whether a process has ended, also when it has not been waited for yet.
galley_is_over() {
	galley_line=
	{ IFS= read -r galley_line <"/proc/$1/stat"; } 2>/dev/null || :
	case ${galley_line##*) } in
	'' | [ZX]*) return 0 ;;
	esac
	return 1
}

# Whether standard output and standard error go to the same place.
galley_is_one_output() {
	# shellcheck disable=SC3013
	[ /proc/self/fd/1 -ef /proc/self/fd/2 ]
}

# galley_bounded COMMAND...: the same as cut_off, but where both outputs go to one place, only the beginning and the end of what is
# printed arrive there: as much as the message of a step may hold.
galley_bounded() {
	if ! galley_is_one_output || ! [ -d "${GALLEY_SCRATCH-}" ]; then
		cut_off "$@"
		return
	fi
	{
		galley_code=$(
			{
				{
					galley_code=0
					galley_cut "$@" 2>&1 || galley_code=$?
					printf '%s' "$galley_code" >&9
				} | galley_keep_ends >&8 9>&-
			} 9>&1
		)
	} 8>&1
	return "${galley_code:-1}"
}

# Copies standard input, all but what lies between its first 600 and its last 3072 bytes, and says how much that is.
galley_keep_ends() {
	# dd says whether it has read a whole block. Where it cannot write, the command must not suffer from it.
	{ galley_counts=$(dd bs=600 count=1 iflag=fullblock 2>&1 >&6 6>&-); } 6>&1 || {
		cat >/dev/null
		return 0
	}
	case $galley_counts in
	1+0*) ;;
	*) return 0 ;;
	esac
	galley_counts=$({ dd bs=1024 iflag=fullblock 2>&6 | tail -c 3072 >"$GALLEY_SCRATCH/tail.$GALLEY_STEP" 6>&-; } 6>&1)
	galley_counts=${galley_counts%%+*}
	if [ "$galley_counts" -ge 3 ]; then
		printf '\n... %s KB left out ...\n' "$((galley_counts - 3))"
	fi
	cat "$GALLEY_SCRATCH/tail.$GALLEY_STEP"
}

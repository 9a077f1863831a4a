# shellcheck shell=sh
# The journal of a run: one line an event, `MILLISECONDS TYPE WORDS .`. Text of others, such as the output of a command, stands in
# it only behind the words of a `done`, escaped to one line, so that no text can become a line. What a recovery acts on, the
# names of temporary files, is kept apart from it, in the file `temps`.

# Sets $galley_ms: milliseconds since boot, without a fork.
galley_now() {
	IFS=' ' read -r galley_uptime galley_line </proc/uptime
	galley_line=${galley_uptime#*.}
	galley_ms=$((${galley_uptime%.*} * 1000 + ${galley_line#0} * 10))
}

# galley_log WORDS: one line of the journal. Where it cannot be written, the room that was kept for this is given up, and the run
# begins nothing more: a step whose end could not be recorded must not be started.
galley_log() {
	galley_now
	if [ -z "${galley_unwritten-}" ]; then
		printf '%s %s .\n' "$galley_ms" "$*" 2>/dev/null >>"$GALLEY_JOURNAL" && return 0
		galley_unwritten=1
	fi
	rm -f "$GALLEY_DIR/reserve"
	# An attempt that failed may have left a part of its line.
	printf '\n%s %s .\n' "$galley_ms" "$*" 2>/dev/null >>"$GALLEY_JOURNAL" && return 0
	# Even that failed. A new name for a file needs no room.
	mv -f "$GALLEY_DIR/order" "$GALLEY_DIR/unwritten" 2>/dev/null
	return 1
}

# Keeps room for the last lines of the journal, for when the disk gets full during the run.
galley_reserve() {
	dd if=/dev/zero of="$GALLEY_DIR/reserve" bs=32768 count=1 2>/dev/null || galley_unwritten=1
}

# Makes one line of standard input: a backslash and a newline become \\ and \n.
galley_escape() {
	sed -e 's/\\/\\\\/g' -e '$!s/$/\\n/' | tr -d '\n\000'
}

# galley_escaped TEXT: sets $galley_escaped to the text as one line.
galley_escaped() {
	case $1 in
	*\\* | *"$galley_newline"*) galley_escaped=$(printf '%s' "$1" | galley_escape) ;;
	*) galley_escaped=$1 ;;
	esac
}

# galley_note_temp ATTEMPT PATH: notes a temporary file of this step before it is made. Each record is the number of its lines, the
# step, the attempt, and the path beside which the file lies; its name follows from them (temp_name in files.sh).
galley_note_temp() {
	galley_lines=3
	galley_line=$2
	while :; do
		case $galley_line in
		*"$galley_newline"*)
			galley_line=${galley_line#*"$galley_newline"}
			galley_lines=$((galley_lines + 1))
			;;
		*) break ;;
		esac
	done
	printf '%s\n%s\n%s\n%s\n.\n' "$galley_lines" "$GALLEY_STEP" "$1" "$2" >>"${GALLEY_JOURNAL%/*}/temps" ||
		fail "the temporary file beside $2 cannot be noted in ${GALLEY_JOURNAL%/*}/temps"
}

# galley_remove_temps DIRECTORY [STEP]: removes the temporary files of a run, or of one step of it, that are still there.
galley_remove_temps() {
	[ -f "$1/temps" ] && [ -f "$1/token" ] || return 0
	IFS= read -r galley_token <"$1/token" || return 0
	case $galley_token in *[!0-9a-f]* | '') return 0 ;; esac
	while galley_read_temp; do
		case ${2:-$galley_noted} in
		"$galley_noted") galley_remove_temp ;;
		esac
	done 6<"$1/temps"
}

# Reads the next record of descriptor 6 into $galley_noted (its step), $galley_attempt and $galley_beside. The end of the file, a
# record that is cut short and anything else than a record end it.
galley_read_temp() {
	IFS= read -r galley_lines <&6 && IFS= read -r galley_noted <&6 && IFS= read -r galley_attempt <&6 || return 1
	case $galley_lines$galley_noted$galley_attempt in *[!0-9]* | '') return 1 ;; esac
	[ "${#galley_lines}" -le 4 ] && [ "$galley_lines" -ge 3 ] || return 1
	IFS= read -r galley_beside <&6 || return 1
	while [ "$galley_lines" -gt 3 ]; do
		IFS= read -r galley_line <&6 || return 1
		galley_beside=$galley_beside$galley_newline$galley_line
		galley_lines=$((galley_lines - 1))
	done
	IFS= read -r galley_line <&6 && [ "$galley_line" = . ]
}

# Removes the temporary file of the record just read; its name can only be one that temp_name makes.
galley_remove_temp() {
	case $galley_beside in
	*/../* | */..) return 0 ;;
	/*) ;;
	*) return 0 ;;
	esac
	temp_name "$galley_token" "$galley_noted" "$galley_attempt" "$galley_beside"
	remove_temp "$temp" || :
}

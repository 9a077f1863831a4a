# shellcheck shell=sh
# The journal of a run: one line an event, written whole by one printf, closed by a mark that proves it complete.

# Sets $galley_ms: milliseconds since boot, without a fork.
galley_now() {
	IFS=' ' read -r galley_uptime galley_line </proc/uptime
	galley_line=${galley_uptime#*.}
	galley_ms=$((${galley_uptime%.*} * 1000 + ${galley_line#0} * 10))
}

galley_log() {
	galley_now
	printf '%s %s .\n' "$galley_ms" "$*" >>"$GALLEY_JOURNAL"
}

# Notes a temporary file before it is made; a backslash and a newline in its name are written as \\ and \n.
galley_journal_path() {
	case $1 in
	*\\* | *"$galley_newline"*)
		galley_log "temp $GALLEY_STEP $(printf '%s' "$1" | galley_escape)"
		;;
	*) galley_log "temp $GALLEY_STEP $1" ;;
	esac
}

# Makes one line of standard input.
galley_escape() {
	sed -e 's/\\/\\\\/g' -e '$!s/$/\\n/' | tr -d '\n'
}

# Removes what the journal $1 says was made on the way: of step $2, or of all steps when there is no $2.
galley_remove_temps() {
	[ -f "$1" ] || return 0
	while IFS= read -r galley_line; do
		case $galley_line in
		*' temp '${2:-*}' '*/.galley-*' .')
			galley_line=${galley_line#* temp * }
			galley_line=${galley_line% .}
			case $galley_line in
			*\\*) galley_line=$(printf '%b.' "$galley_line") && galley_line=${galley_line%.} ;;
			esac
			case $galley_line in
			/*) remove_temp "$galley_line" || : ;;
			esac
			;;
		esac
	done <"$1"
}

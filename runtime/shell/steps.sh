# shellcheck shell=sh
# What verbs tell the runner.

# This step changed something.
changed() {
	: >"$GALLEY_SCRATCH/changed.$GALLEY_STEP"
}

# This step started the unit, or ran the command, itself: what is owed to it from before is taken.
started_fresh() {
	: >"$GALLEY_SCRATCH/fresh.$GALLEY_STEP"
}

# A verifier was not content with what this run has changed, for the unit $1 if it is one.
refused() {
	printf '%s\n' "${1-}" >"$GALLEY_SCRATCH/refused.$GALLEY_STEP"
}

# Whether this run has changed unit files that systemd has not read since.
units_are_unread() {
	[ -e "${GALLEY_STATE:-}/units" ]
}

# Has systemd read its unit files again. Afterwards it no longer tells which units run as they were before: these are noted, until
# they are started again or the machine is.
read_units_again() {
	systemctl show --no-pager --state=active --property=Id,NeedDaemonReload '*.service' '*.timer' '*.socket' '*.path' '*.mount' \
		2>/dev/null </dev/null | galley_note_outdated
	systemctl daemon-reload || return
	rm -f "${GALLEY_STATE:-}/units"
}

# Notes the units of standard input that systemd has not read since they changed.
galley_note_outdated() {
	galley_unit=''
	galley_word=''
	while IFS= read -r galley_line; do
		case $galley_line in
		'Id='*) galley_unit=${galley_line#Id=} ;;
		'NeedDaemonReload='*) galley_word=${galley_line#NeedDaemonReload=} ;;
		'') galley_unit='' galley_word='' ;;
		esac
		if [ -n "$galley_unit" ] && [ "$galley_word" = yes ]; then
			[ -d "$GALLEY_VOLATILE/outdated" ] || mkdir -p "$GALLEY_VOLATILE/outdated"
			: >"$GALLEY_VOLATILE/outdated/$galley_unit"
			galley_unit=''
		fi
	done
}

# Ends the verb with a sentence.
fail() {
	printf '%s\n' "$*" >&2
	exit 1
}

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

# A verifier was not content with what this run has changed.
refused() {
	: >"$GALLEY_SCRATCH/refused.$GALLEY_STEP"
}

# Whether this run has changed unit files that systemd has not read since.
units_are_unread() {
	[ -e "${GALLEY_STATE:-}/units" ]
}

# Has systemd read its unit files again.
read_units_again() {
	systemctl daemon-reload || return
	rm -f "${GALLEY_STATE:-}/units"
}

# Ends the verb with a sentence.
fail() {
	printf '%s\n' "$*" >&2
	exit 1
}

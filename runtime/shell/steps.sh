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

# Ends the verb with a sentence.
fail() {
	printf '%s\n' "$*" >&2
	exit 1
}

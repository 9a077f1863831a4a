# shellcheck shell=sh
# Events that are owed. The mark is on the disk before the change that owes it, and goes when the event was taken, so that
# neither a crash nor a failed step loses a restart. Marks are files owed/RESOURCE/CAUSE.EVENT.

# Writes the marks of this step; $galley_own lists those that were not there before, $galley_written says how it went.
galley_owe() {
	galley_own=''
	galley_written=ok
	[ -z "${GALLEY_OFFLINE-}" ] || return 0
	if [ -n "$galley_in_transaction" ]; then
		# Written before the shared run.
		IFS= read -r galley_own <"$GALLEY_SCRATCH/own.$galley_id"
		return 0
	fi
	# shellcheck disable=SC2086
	set -- $galley_keeps
	while [ "$#" -ge 2 ]; do
		galley_keep "$1" "$2"
		[ "$galley_written" = ok ] || return 0
		shift 2
	done
	# shellcheck disable=SC2086
	set -- $galley_notifies
	while [ "$#" -ge 2 ]; do
		galley_mark=$GALLEY_STATE/owed/$1
		if [ ! -e "$galley_mark" ]; then
			[ -d "${galley_mark%/*}" ] || mkdir -p "${galley_mark%/*}" 2>>"$galley_out" || galley_written=failed
			# Moved, not copied: it is whole or not there.
			if mv -f "$GALLEY_DIR/marks/$2" "$galley_mark" 2>>"$galley_out"; then
				sync "$galley_mark" "${galley_mark%/*}" 2>/dev/null || sync
				galley_own="$galley_own $1"
			else
				galley_written=failed
			fi
		fi
		shift 2
	done
}

# Takes what is owed to this step's resource: the strongest event only. A unit that this very step started has taken it all.
galley_react() {
	galley_status=0
	[ -n "$galley_owed" ] && [ -d "$galley_owed" ] || return 0
	if [ -e "$GALLEY_SCRATCH/fresh.$galley_id" ] || [ -n "${GALLEY_OFFLINE-}" ]; then
		galley_settle
		return 0
	fi
	# Strongest first; each is a word EVENT,CALL,CALL...
	for galley_reaction in $galley_reactions; do
		galley_event=${galley_reaction%%,*}
		for galley_mark in "$galley_owed"/*."$galley_event"; do
			[ -e "$galley_mark" ] || break
			galley_log "react $galley_id $galley_event"
			: >"$galley_out"
			galley_numbers=$galley_reaction
			set --
			while :; do
				galley_numbers=${galley_numbers#*,}
				set -- "$@" "${galley_numbers%%,*}"
				case $galley_numbers in
				*,*) ;;
				*) break ;;
				esac
			done
			galley_find_causes
			galley_run_calls "$@"
			GALLEY_CAUSES=''
			if [ "$galley_status" -ne 0 ]; then
				galley_how="did not take its $galley_event, which stays owed"
				return 0
			fi
			galley_result=changed
			galley_settle
			return 0
		done
	done
}

# For the verb: what changed so that this step's resource is owed an event, a line each.
galley_find_causes() {
	GALLEY_CAUSES=''
	export GALLEY_CAUSES
	for galley_cause in "$galley_owed"/*; do
		# The mark says: resource, event, cause, run.
		{ galley_read_value && galley_read_value && galley_read_value; } <"$galley_cause" || continue
		# One cause may owe a reload and a restart.
		case $galley_newline$GALLEY_CAUSES$galley_newline in
		*"$galley_newline$galley_value$galley_newline"*) continue ;;
		esac
		GALLEY_CAUSES=$GALLEY_CAUSES${GALLEY_CAUSES:+$galley_newline}$galley_value
	done
}

# Forgets what is owed to this step's resource.
galley_settle() {
	rm -rf "$galley_owed"
	galley_kept=$GALLEY_STATE/kept/${galley_owed##*/}
	[ ! -d "$galley_kept" ] || rm -rf "$galley_kept"
	sync_dir "$GALLEY_STATE/owed"
}

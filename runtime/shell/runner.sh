# shellcheck shell=sh
# The interpreter of a plan's steps. Runs detached from the controller; its journal is all it has to say. The program is data in
# the run's directory: `order` lists the steps, `steps/ID` holds the words of each, `calls/N` the calls they name.

galley_runner() {
	GALLEY_DIR=$1
	GALLEY_RUN=${1##*/}
	GALLEY_JOURNAL=$GALLEY_DIR/journal
	GALLEY_SCRATCH=$GALLEY_VOLATILE/$GALLEY_RUN
	IFS= read -r GALLEY_TOKEN <"$GALLEY_DIR/token"
	IFS= read -r galley_who <"$GALLEY_DIR/who"
	GALLEY_STEP=0
	export GALLEY_RUN GALLEY_STEP GALLEY_STATE GALLEY_DIR GALLEY_JOURNAL GALLEY_SCRATCH GALLEY_TOKEN
	galley_out=$GALLEY_SCRATCH/output
	galley_unwritten=''
	galley_reserve
	if [ -z "$galley_unwritten" ] && ! galley_take_lock "$GALLEY_RUN" "$galley_who" && [ -z "$galley_unwritten" ]; then
		galley_log "refused ${galley_owner_run:-?} ${galley_owner_pid:-0} ${galley_owner_since:-?} ${galley_owner_who:-?}"
		galley_drop_data "$GALLEY_DIR" "$GALLEY_SCRATCH"
		return 0
	fi
	if [ -n "$galley_unwritten" ]; then
		# Nothing has been begun.
		galley_drop_data "$GALLEY_DIR" "$GALLEY_SCRATCH"
		galley_log "end unwritten"
		return 0
	fi
	galley_log "begin $$"
	trap ': >"$GALLEY_DIR/stop"' TERM INT
	mkdir -p "$GALLEY_VOLATILE" && (umask 077 && mkdir -p "$GALLEY_SCRATCH")
	galley_find_unit
	galley_ended=' '
	galley_bad=' '
	galley_shared=' '
	galley_alone=' '
	galley_end=finished
	while IFS= read -r galley_id <&5; do
		if [ -n "$galley_unwritten" ]; then
			galley_end=unwritten
			break
		fi
		if [ -e "$GALLEY_DIR/stop" ]; then
			galley_end=stopped
			break
		fi
		galley_step
	done 5<"$GALLEY_DIR/order"
	galley_settle_units
	galley_drop_data "$GALLEY_DIR" "$GALLEY_SCRATCH"
	[ -z "$galley_unwritten" ] || galley_end=unwritten
	rm -f "$GALLEY_STATE/lock"
	galley_log "end $galley_end"
	galley_prune
}

# Unit files of no declared service were changed: systemd reads them all at once, at the end.
galley_settle_units() {
	if units_are_unread && command -v systemctl >/dev/null 2>&1; then
		read_units_again >/dev/null 2>&1 </dev/null
	fi
}

# Keeps the journals of the last ten runs.
galley_prune() {
	# Names are letters, digits and dashes: they are ours.
	# shellcheck disable=SC2012
	ls -1t "$GALLEY_STATE/run" | tail -n +11 | while IFS= read -r galley_word; do
		[ "$galley_word" = "$GALLEY_RUN" ] || rm -rf "$GALLEY_STATE/run/${galley_word:?}"
	done
	# Uploads that were cut off by a power failure.
	find "$GALLEY_STATE/run" -maxdepth 1 -name '.upload-*' -mmin +60 -exec rm -rf {} + 2>/dev/null
}

# Reads the words of step $1.
galley_load() {
	galley_calls=''
	galley_confirms=''
	galley_fingerprint=''
	galley_guard_call=''
	galley_keeps=''
	galley_notifies=''
	galley_owed=''
	galley_pause=0
	galley_reactions=''
	galley_requires=''
	galley_retries=0
	galley_state_call=''
	galley_timeout=''
	galley_transaction=''
	galley_units=''
	galley_when=''
	while IFS= read -r galley_line; do
		galley_rest=${galley_line#* }
		case ${galley_line%% *} in
		requires) galley_requires=$galley_rest ;;
		when) galley_when=$galley_rest ;;
		fingerprint) galley_fingerprint=$galley_rest ;;
		state) galley_state_call=$galley_rest ;;
		guard) galley_guard_call=$galley_rest ;;
		confirms) galley_confirms=1 ;;
		keep) galley_keeps="$galley_keeps $galley_rest" ;;
		notify) galley_notifies="$galley_notifies $galley_rest" ;;
		transaction) galley_transaction=$galley_rest ;;
		units) galley_units=1 ;;
		calls) galley_calls=$galley_rest ;;
		timeout) galley_timeout=$galley_rest ;;
		retry)
			galley_retries=${galley_rest% *}
			galley_pause=${galley_rest#* }
			;;
		owed) galley_owed=$GALLEY_STATE/owed/$galley_rest ;;
		reaction) galley_reactions="$galley_rest $galley_reactions" ;;
		esac
	done <"$GALLEY_DIR/steps/$1"
}

galley_step() {
	galley_load "$galley_id"
	GALLEY_STEP=$galley_id
	galley_now
	galley_begun=$galley_ms
	for galley_word in $galley_requires; do
		case $galley_bad in
		*" $galley_word "*)
			galley_finish skipped "requires $galley_word"
			return
			;;
		esac
	done
	galley_log "start $galley_id" || return 0
	if [ -n "$galley_unwritten" ]; then
		galley_finish skipped "the journal can no longer be written"
		return
	fi
	: >"$galley_out"
	galley_transaction_of_step
	: >"$galley_out"
	if [ -n "$galley_when" ]; then
		galley_decide
		case $galley_answer in
		0)
			galley_finish ok
			return
			;;
		1) ;;
		*)
			galley_finish failed "$galley_answer"
			return
			;;
		esac
	fi
	if [ -n "$galley_fingerprint" ] && [ -z "$galley_in_transaction" ]; then
		galley_look
		if [ "$galley_now_is" != "$galley_fingerprint" ]; then
			galley_finish failed "changed since the plan"
			return
		fi
	fi
	if [ -n "$galley_guard_call" ]; then
		galley_run_guard
		case $galley_status in
		1)
			# Nothing to do of its own; an event is another matter.
			galley_result=ok
			galley_take_event
			return
			;;
		0 | 127) : >"$galley_out" ;;
		*)
			galley_fail_with_output "its guard ended with status $galley_status"
			return
			;;
		esac
	fi
	galley_owe
	if [ "$galley_written" = failed ]; then
		galley_fail_with_output "what this change will owe could not be written down"
		return
	fi
	if [ -n "$galley_units" ] && [ -z "${GALLEY_OFFLINE-}" ]; then
		: >"$GALLEY_STATE/units"
	fi
	galley_try_calls
	if [ "$galley_status" -ne 0 ]; then
		galley_remove_temps "$GALLEY_DIR" "$galley_id"
		galley_heed_refusal
		galley_fail_with_output "$galley_how"
		return
	fi
	if [ -n "$galley_guard_call" ] && [ -n "$galley_confirms" ]; then
		galley_run_guard
		if [ "$galley_status" -ne 1 ]; then
			galley_fail_with_output "did not converge: its guard still says that there is something to do"
			return
		fi
	fi
	galley_result=ok
	if [ -n "$galley_in_transaction" ]; then
		galley_look
		IFS= read -r galley_before <"$GALLEY_SCRATCH/before.$galley_id"
		[ "$galley_now_is" = "$galley_before" ] || galley_result=changed
	elif [ -e "$GALLEY_SCRATCH/changed.$galley_id" ]; then
		galley_result=changed
	fi
	if [ "$galley_result" = ok ] && [ -n "$galley_own" ]; then
		# Nothing changed, so nothing is owed.
		# shellcheck disable=SC2086
		(cd "$GALLEY_STATE/owed" && rm -f $galley_own)
		galley_forget_kept
	fi
	galley_take_event
}

# The last of a step that went well: what is owed to its resource, then its end.
galley_take_event() {
	galley_react
	if [ "$galley_status" -ne 0 ]; then
		galley_heed_refusal
		galley_fail_with_output "$galley_how"
		return
	fi
	galley_finish "$galley_result"
}

# Puts back what was changed when it was a verifier that stopped the step.
galley_heed_refusal() {
	if [ -n "$galley_owed" ] && [ -e "$GALLEY_SCRATCH/refused.$galley_id" ]; then
		galley_put_back
		[ -d "$galley_owed" ] || galley_how="refused by its verify command"
	fi
}

# galley_finish RESULT [TEXT]: ends the step; failed and skipped ones stop those that require them. TEXT may be anybody's.
galley_finish() {
	galley_ended="$galley_ended$galley_id "
	case $1 in
	failed | skipped) galley_bad="$galley_bad$galley_id " ;;
	esac
	galley_find_left
	[ -z "$galley_left" ] || set -- "$1" "${2-}${2:+$galley_newline}$galley_left"
	galley_now
	galley_escaped "${2-}"
	galley_log "done $galley_id $1 $((galley_ms - galley_begun))${galley_escaped:+ $galley_escaped}" || :
}

# The same for a failure, whose message is what the step printed last.
galley_fail_with_output() {
	galley_words=$(tail -c 4096 "$galley_out" | tr -d '\000')
	if [ -n "$galley_in_transaction" ] && [ -s "$GALLEY_SCRATCH/transaction.$galley_transaction" ]; then
		galley_words="$galley_words${galley_words:+$galley_newline}$(tail -c 4096 "$GALLEY_SCRATCH/transaction.$galley_transaction" | tr -d '\000')"
	fi
	galley_finish failed "$1${galley_words:+$galley_newline$galley_words}"
}

# Runs the calls $@, each in a shell of its own; stops at the first that fails.
galley_run_calls() {
	galley_status=0
	[ ! -e "$GALLEY_SCRATCH/refused.$galley_id" ] || rm -f "$GALLEY_SCRATCH/refused.$galley_id"
	for galley_number do
		if [ -n "$galley_timeout" ]; then
			# A function cannot be given to timeout: a new shell takes the library and the call from their files.
			galley_find_kill
			# shellcheck disable=SC2086
			timeout $galley_kill "$galley_timeout" "${GALLEY_SHELL:-/bin/sh}" "$GALLEY_DIR/run.sh" call "$GALLEY_DIR/calls/$galley_number" \
				>>"$galley_out" 2>&1 </dev/null 5<&-
		else
			(
				set -e
				galley_call 4<"$GALLEY_DIR/calls/$galley_number"
			) >>"$galley_out" 2>&1 </dev/null 5<&-
		fi
		galley_status=$?
		[ "$galley_status" -eq 0 ] || return 0
	done
}

# The step's own calls, as often as its `retry` allows.
galley_try_calls() {
	galley_tries=$galley_retries
	while :; do
		# shellcheck disable=SC2086
		galley_run_calls $galley_calls
		galley_how="ended with status $galley_status"
		case $galley_timeout:$galley_status in
		# As timeout says it, or as the shell that busybox has ended.
		?*:124 | ?*:137 | ?*:143) galley_how="was not done within $galley_timeout s" ;;
		esac
		if [ "$galley_status" -eq 0 ] || [ "$galley_tries" -le 0 ] || [ -e "$GALLEY_DIR/stop" ]; then
			return 0
		fi
		galley_log "retry $galley_id"
		galley_tries=$((galley_tries - 1))
		sleep "$galley_pause" 2>/dev/null || sleep "$((${galley_pause%.*} + 1))"
		: >"$galley_out"
	done
}

# Sets $galley_now_is to the state of the step's resource.
galley_look() {
	galley_now_is=$(
		set -e
		galley_call 4<"$GALLEY_DIR/calls/$galley_state_call" 2>>"$galley_out" </dev/null 5<&-
	)
}

galley_run_guard() {
	: >"$galley_out"
	galley_find_kill
	(
		set -e
		GALLEY_TIMEOUT=60
		galley_call 4<"$GALLEY_DIR/calls/$galley_guard_call"
	) >>"$galley_out" 2>&1 </dev/null 5<&-
	galley_status=$?
}

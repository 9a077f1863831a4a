# shellcheck shell=sh
# Steps that share one run, such as all packages of a level: its first member runs it for all, and then each member makes sure
# for itself. When one member must not act, or the shared run fails, each goes alone, so that only the bad one fails.

# Sets $galley_in_transaction when a shared run stands behind this step.
galley_transaction_of_step() {
	galley_in_transaction=
	[ -n "$galley_transaction" ] || return 0
	case $galley_shared in
	*" $galley_transaction "*)
		galley_in_transaction=1
		return 0
		;;
	esac
	case $galley_alone in
	*" $galley_transaction "*) return 0 ;;
	esac
	galley_wanted=$galley_transaction
	galley_first=$galley_id
	{
		IFS= read -r galley_members
		IFS= read -r galley_shared_calls
	} <"$GALLEY_DIR/transactions/$galley_wanted"
	galley_may_share=1
	galley_longest=0
	for galley_member in $galley_members; do
		galley_load "$galley_member"
		galley_may_member_share
		[ -n "$galley_may_share" ] || break
	done
	if [ -n "$galley_may_share" ]; then
		for galley_member in $galley_members; do
			galley_load "$galley_member"
			galley_in_transaction=
			galley_owe
			printf '%s\n' "$galley_own" >"$GALLEY_SCRATCH/own.$galley_member"
			[ "$galley_written" = ok ] || galley_may_share=
		done
	fi
	if [ -n "$galley_may_share" ]; then
		galley_log "transaction $galley_wanted begin"
		galley_timeout=$galley_longest
		: >"$galley_out"
		# shellcheck disable=SC2086
		galley_run_calls $galley_shared_calls
		galley_log "transaction $galley_wanted end $galley_status"
		[ "$galley_status" -eq 0 ] || tail -c 4096 "$galley_out" >"$GALLEY_SCRATCH/transaction.$galley_wanted"
		galley_shared="$galley_shared$galley_wanted "
		galley_in_transaction=1
	else
		galley_alone="$galley_alone$galley_wanted "
	fi
	galley_id=$galley_first
	galley_load "$galley_id"
}

# Keeps the transaction from being shared unless the member just loaded is as the plan saw it and free to act; notes its state.
galley_may_member_share() {
	if [ -n "$galley_when$galley_guard_call" ]; then
		galley_may_share=
		return
	fi
	for galley_word in $galley_requires; do
		case $galley_bad in
		*" $galley_word "*) galley_may_share= ;;
		esac
		case $galley_ended in
		*" $galley_word "*) ;;
		*) galley_may_share= ;;
		esac
	done
	[ -n "$galley_may_share" ] || return
	galley_look
	if [ -n "$galley_fingerprint" ] && [ "$galley_now_is" != "$galley_fingerprint" ]; then
		galley_may_share=
		return
	fi
	printf '%s\n' "$galley_now_is" >"$GALLEY_SCRATCH/before.$galley_member"
	# The time limit of the shared run is the largest of its members; none when one of them has none.
	if [ -z "$galley_timeout" ]; then
		galley_longest=
	elif [ -n "$galley_longest" ] && [ "$galley_timeout" -gt "$galley_longest" ]; then
		galley_longest=$galley_timeout
	fi
}

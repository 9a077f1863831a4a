# shellcheck shell=sh
# One run at a time. The lock is a file whose record says who holds it: process, its start, and the boot it belongs to, so that
# neither a reused process number nor a reboot makes a dead owner look alive.

# Sets $galley_owner_run, _pid, _start, _boot, _since and _who from a record; _inner is the runner's own process and start where
# processes have other numbers inside than outside.
galley_read_lock() {
	galley_owner_run=''
	galley_owner_pid=''
	galley_owner_start=''
	galley_owner_boot=''
	galley_owner_since=''
	galley_owner_who=''
	galley_owner_inner=''
	[ -f "$1" ] || return 1
	while IFS=' ' read -r galley_word galley_line; do
		case $galley_word in
		run) galley_owner_run=$galley_line ;;
		pid) galley_owner_pid=$galley_line ;;
		start) galley_owner_start=$galley_line ;;
		boot) galley_owner_boot=$galley_line ;;
		since) galley_owner_since=$galley_line ;;
		who) galley_owner_who=$galley_line ;;
		inner) galley_owner_inner=$galley_line ;;
		esac
	done <"$1"
	[ -n "$galley_owner_boot" ]
}

# When process $1 started, in clock ticks since boot, into $galley_ticks; fails when there is none.
galley_process_start() {
	galley_ticks=
	[ -r "/proc/$1/stat" ] || return 1
	IFS= read -r galley_line <"/proc/$1/stat" 2>/dev/null || return 1
	# The program's name stands in parentheses and may hold anything; what follows the last one are plain fields.
	galley_line=${galley_line##*) }
	# shellcheck disable=SC2086
	set -- $galley_line
	[ "$1" != Z ] || return 1
	shift 19
	galley_ticks=$1
}

# Whether the holder of the lock is gone. In a tree the numbers belong to the machine around it: a run of this very session is
# looked up by its inner number, and for others the opener of the tree has said which one is dead.
galley_lock_is_stale() {
	galley_read_lock "$GALLEY_STATE/lock" || return 0
	if [ -n "${GALLEY_OFFLINE-}" ]; then
		if [ "$galley_owner_pid $galley_owner_start" != "${GALLEY_OWNER-}" ]; then
			[ "$galley_owner_run" = "${GALLEY_DEAD_RUN-}" ]
			return
		fi
		galley_owner_pid=${galley_owner_inner% *}
		galley_owner_start=${galley_owner_inner#* }
	fi
	IFS= read -r galley_boot </proc/sys/kernel/random/boot_id
	[ "$galley_boot" = "$galley_owner_boot" ] || return 0
	galley_process_start "$galley_owner_pid" || return 0
	[ "$galley_ticks" != "$galley_owner_start" ]
}

# Takes the lock for run $1, begun by $2. A dead owner's is taken over after cleaning up behind it; a living owner's stays, and
# $galley_owner_run and the others then tell who it is.
galley_take_lock() {
	galley_process_start "$$" || fail "/proc does not show this process"
	# In a tree: the process that opened it, as the machine around it knows it.
	galley_owner_pid=${GALLEY_OWNER:-$$ $galley_ticks}
	IFS= read -r galley_boot </proc/sys/kernel/random/boot_id
	printf 'run %s\npid %s\nstart %s\nboot %s\nsince %s\nwho %s\ninner %s\n' \
		"$1" "${galley_owner_pid% *}" "${galley_owner_pid#* }" "$galley_boot" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$2" \
		"$$ $galley_ticks" >"$GALLEY_DIR/owner" 2>/dev/null || galley_unwritten=1
	[ -n "$galley_unwritten" ] || sync_file "$GALLEY_DIR/owner" || galley_unwritten=1
	[ -z "$galley_unwritten" ] || return 1
	galley_attempt=0
	# A link either appears with the whole record or not at all.
	until ln "$GALLEY_DIR/owner" "$GALLEY_STATE/lock" 2>/dev/null; do
		galley_attempt=$((galley_attempt + 1))
		[ "$galley_attempt" -le 5 ] || return 1
		if galley_lock_is_stale; then
			galley_recover || return 1
		else
			return 1
		fi
	done
	sync_dir "$GALLEY_STATE"
}

# Cleans up behind a run that was killed, whose record has just been read: waits for its step in flight, frees the lock, removes
# its temporary files. What it owes stays.
galley_recover() {
	[ -n "$galley_owner_run" ] || {
		rm -f "$GALLEY_STATE/lock"
		return 0
	}
	galley_attempt=0
	while galley_session_lives; do
		galley_attempt=$((galley_attempt + 1))
		[ "$galley_attempt" -le 150 ] || return 1
		sleep 0.2 2>/dev/null || sleep 1
	done
	galley_dead=$galley_owner_run
	mv -f "$GALLEY_STATE/lock" "$GALLEY_STATE/lock.$galley_dead" 2>/dev/null || return 0
	if galley_read_lock "$GALLEY_STATE/lock.$galley_dead" && [ "$galley_owner_run" != "$galley_dead" ]; then
		# Another run was quicker, and this is its lock.
		ln "$GALLEY_STATE/lock.$galley_dead" "$GALLEY_STATE/lock" 2>/dev/null
		rm -f "$GALLEY_STATE/lock.$galley_dead"
		return 1
	fi
	galley_remove_temps "$GALLEY_STATE/run/$galley_dead"
	galley_settle_units
	galley_drop_data "$GALLEY_STATE/run/$galley_dead" "$GALLEY_VOLATILE/$galley_dead"
	if [ -f "$GALLEY_STATE/run/$galley_dead/journal" ]; then
		galley_now
		printf '\n%s end lost .\n' "$galley_ms" >>"$GALLEY_STATE/run/$galley_dead/journal"
	fi
	rm -f "$GALLEY_STATE/lock.$galley_dead"
}

# Whether a process of the dead run's session is still at work on its last step.
galley_session_lives() {
	if [ -n "${GALLEY_OFFLINE-}" ] && [ "$galley_owner_run" = "${GALLEY_DEAD_RUN-}" ]; then
		return 1
	fi
	IFS= read -r galley_boot </proc/sys/kernel/random/boot_id
	[ "$galley_boot" = "$galley_owner_boot" ] || return 1
	for galley_word in /proc/[0-9]*/stat; do
		IFS= read -r galley_line <"$galley_word" 2>/dev/null || continue
		galley_line=${galley_line##*) }
		# shellcheck disable=SC2086
		set -- $galley_line
		if [ "$4" = "$galley_owner_pid" ] && [ "$1" != Z ]; then
			return 0
		fi
	done
	return 1
}

# What only the run itself needs: its program and the bytes it wrote.
galley_drop_data() {
	rm -rf "$1/blobs" "$1/calls" "$1/marks" "$1/reserve" "$1/steps" "$1/temps" "$1/texts" "$1/transactions" "$1/library.sh" "$2"
}

# shellcheck shell=sh
# One run at a time. The lock is a file whose record says who holds it: process, its start, and the boot it belongs to, so that
# neither a reused process number nor a reboot makes a dead owner look alive.

# Sets $galley_owner_run, _pid, _start, _boot, _since and _who from a record.
galley_read_lock() {
	galley_owner_run=''
	galley_owner_pid=''
	galley_owner_start=''
	galley_owner_boot=''
	galley_owner_since=''
	galley_owner_who=''
	[ -f "$1" ] || return 1
	while IFS=' ' read -r galley_word galley_line; do
		case $galley_word in
		run) galley_owner_run=$galley_line ;;
		pid) galley_owner_pid=$galley_line ;;
		start) galley_owner_start=$galley_line ;;
		boot) galley_owner_boot=$galley_line ;;
		since) galley_owner_since=$galley_line ;;
		who) galley_owner_who=$galley_line ;;
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

# Whether the holder of the lock is gone. In a tree the numbers belong to the machine around it: who opened the tree has
# looked, and says which run is dead.
galley_lock_is_stale() {
	galley_read_lock "$GALLEY_STATE/lock" || return 0
	if [ -n "${GALLEY_OFFLINE-}" ]; then
		[ "$galley_owner_run" = "${GALLEY_DEAD_RUN-}" ]
		return
	fi
	IFS= read -r galley_boot </proc/sys/kernel/random/boot_id
	[ "$galley_boot" = "$galley_owner_boot" ] || return 0
	galley_process_start "$galley_owner_pid" || return 0
	[ "$galley_ticks" != "$galley_owner_start" ]
}

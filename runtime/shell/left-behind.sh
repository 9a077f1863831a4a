# shellcheck shell=sh
# What commands leave running. systemd ends it together with the unit of the run; elsewhere it runs on. Either way it is said.

# Sets $galley_members to the file that lists the processes of the run's unit; to nothing where the run is no unit.
galley_find_unit() {
	galley_members=
	while IFS=: read -r galley_line galley_word galley_line; do
		case $galley_word:$galley_line in
		:*/"galley-$GALLEY_RUN.service") set -- /sys/fs/cgroup /sys/fs/cgroup/unified ;;
		"name=systemd":*/"galley-$GALLEY_RUN.service") set -- /sys/fs/cgroup/systemd ;;
		*) continue ;;
		esac
		for galley_word do
			[ ! -r "$galley_word$galley_line/cgroup.procs" ] || galley_members=$galley_word$galley_line/cgroup.procs
		done
	done </proc/self/cgroup
	galley_known_left=" $$ "
}

# Sets $galley_left to a sentence about the processes that step $galley_id has left running, to nothing when there are none.
galley_find_left() {
	galley_left=''
	[ -e "$GALLEY_SCRATCH/ran.$galley_id" ] || return 0
	galley_list_left
	[ "$galley_left_count" -gt 0 ] || return 0
	# Some are just about to end.
	sleep 0.2 2>/dev/null || sleep 1
	galley_list_left
	[ "$galley_left_count" -gt 0 ] || return 0
	galley_known_left="$galley_known_left$galley_left_numbers "
	galley_left="left $galley_left_count processes running"
	[ "$galley_left_count" -gt 1 ] || galley_left='left 1 process running'
	galley_left="$galley_left ($galley_left_names)"
	[ -z "$galley_members" ] || galley_left="$galley_left, until the run ends: make it a service if it should go on"
}

# Sets $galley_left_count, $galley_left_numbers and $galley_left_names: who runs beside us and was not known yet.
galley_list_left() {
	galley_left_count=0
	galley_left_numbers=''
	galley_left_names=''
	if [ -n "$galley_members" ]; then
		while IFS= read -r galley_word; do
			galley_note_left "$galley_word"
		done <"$galley_members"
		return
	fi
	# Without a unit: those of our session, if we have one of our own.
	for galley_word in /proc/[0-9]*; do
		galley_line=
		{ IFS= read -r galley_line <"$galley_word/stat"; } 2>/dev/null || continue
		galley_line=${galley_line##*) }
		galley_line=${galley_line#* * * }
		[ "${galley_line%% *}" != "$$" ] || galley_note_left "${galley_word#/proc/}"
	done
}

galley_note_left() {
	case $galley_known_left in
	*" $1 "*) return 0 ;;
	esac
	if [ -e "$GALLEY_SCRATCH/drain.$1" ] || galley_is_over "$1"; then return 0; fi
	# What a known one starts is not news: such as each `sleep` of a loop.
	galley_line=${galley_line##*) }
	galley_line=${galley_line#? }
	case $galley_line in
	"$$ "*) ;;
	*)
		case $galley_known_left in
		*" ${galley_line%% *} "*) return 0 ;;
		esac
		;;
	esac
	galley_line=
	{ IFS= read -r galley_line <"/proc/$1/comm"; } 2>/dev/null || return 0
	case $galley_line in
	*[!A-Za-z0-9_.:@+-]*) galley_line='?' ;;
	esac
	galley_left_count=$((galley_left_count + 1))
	galley_left_numbers="$galley_left_numbers $1"
	case $galley_left_count in
	1) galley_left_names=$galley_line ;;
	[2-5]) galley_left_names="$galley_left_names, $galley_line" ;;
	6) galley_left_names="$galley_left_names ..." ;;
	esac
}

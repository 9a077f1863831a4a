# shellcheck shell=sh
# Frame 0: what is read of every host before its recipe is compiled. A fork costs more than a file, so one grep reads all files
# and prints each line behind the name of its file; the controller picks out what it needs.

galley_tools='cat chmod chown cp cut dd env find grep id ln ls mkdir mktemp mv rm sed sha256sum sleep stat sync tail tar timeout tr uname wc xargs'

galley_facts() {
	for galley_word in $galley_tools; do
		command -v "$galley_word" >/dev/null 2>&1 || printf 'missing:%s\n' "$galley_word"
	done
	printf 'architecture:'
	# Newer kernels tell it without a fork.
	if [ -r /proc/sys/kernel/arch ]; then
		IFS= read -r galley_word </proc/sys/kernel/arch
		printf '%s\n' "$galley_word"
	else
		uname -m
	fi
	printf 'init:'
	galley_init
	for galley_word in apt-get:apt dnf:dnf zypper:zypper apk:apk pacman:pacman; do
		command -v "${galley_word%:*}" >/dev/null 2>&1 && printf 'packages:%s\n' "${galley_word#*:}" && break
	done
	if [ -n "${GALLEY_OFFLINE-}" ]; then
		printf 'offline:1\n'
	fi
	if command -v ip >/dev/null 2>&1; then
		ip -o addr show scope global 2>/dev/null
	fi
	set -- /etc/os-release
	[ -e /etc/os-release ] || set -- /usr/lib/os-release
	command -v ip >/dev/null 2>&1 || set -- "$@" /proc/net/fib_trie /proc/net/if_inet6
	for galley_word in "$GALLEY_STATE"/owed/*/*; do
		[ -f "$galley_word" ] && set -- "$@" "$galley_word"
	done
	if [ -f "$GALLEY_STATE/lock" ]; then
		galley_lock_is_stale && printf 'stale:1\n'
		set -- "$@" "$GALLEY_STATE/lock"
	fi
	# Left out are the mounts that a container engine makes for each of its containers: hundreds of long lines on some hosts.
	grep -aHv -e '^[0-9]* [0-9]* [0-9]*:[0-9]* [^ ]* /run/.* - nsfs ' -e '^[0-9]* [0-9]* [0-9]*:[0-9]* [^ ]* /var/lib/.* - overlay ' \
		/dev/null "$@" /etc/passwd /etc/group /proc/meminfo /proc/net/route /proc/self/mountinfo \
		/proc/sys/kernel/hostname /sys/devices/system/cpu/online 2>/dev/null
	return 0
}

galley_init() {
	if [ -n "${GALLEY_OFFLINE-}" ]; then
		# Nothing runs in a tree; what matters is what will, once it is booted.
		if [ -x /lib/systemd/systemd ] || [ -x /usr/lib/systemd/systemd ]; then
			echo systemd
		elif [ -x /sbin/openrc ]; then
			echo openrc
		else
			echo none
		fi
	elif [ -d /run/systemd/system ]; then
		echo systemd
	elif [ -d /run/openrc ]; then
		echo openrc
	else
		galley_word=
		IFS= read -r galley_word </proc/1/comm 2>/dev/null
		case $galley_word in
		init | runit | s6-svscan) echo other ;;
		*) echo none ;;
		esac
	fi
}

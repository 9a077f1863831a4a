# shellcheck shell=sh
# What the controller asks for a run: to take its files, to start it, to follow it, to stop it, to say whether it lives.

# galley_receive RUN DIGEST: takes the archive on descriptor 3, checks it, and starts the run, detached.
galley_receive() {
	exec 2>&1
	umask 077
	mkdir -p "$GALLEY_STATE/run" || fail "$GALLEY_STATE/run cannot be made"
	galley_upload=$(mktemp -d "$GALLEY_STATE/run/.upload-XXXXXX") || fail "there is no room for the run in $GALLEY_STATE/run"
	trap 'rm -rf "$galley_upload"' EXIT
	cat <&3 >"$galley_upload/archive" || fail "the run could not be stored in $GALLEY_STATE/run"
	galley_line=$(sha256sum <"$galley_upload/archive")
	[ "${galley_line%% *}" = "$2" ] || fail "the run arrived damaged: its digest is not the one that was sent"
	mkdir "$galley_upload/run" || fail "the run could not be stored in $GALLEY_STATE/run"
	tar -xf "$galley_upload/archive" -C "$galley_upload/run" || fail "the run could not be stored in $GALLEY_STATE/run"
	: >"$galley_upload/run/journal" || fail "the run could not be stored in $GALLEY_STATE/run"
	# A connection that broke may have brought the same run already, and begins it.
	[ ! -e "$GALLEY_STATE/run/$1" ] || return 0
	mv "$galley_upload/run" "$GALLEY_STATE/run/$1" || fail "the run could not be stored in $GALLEY_STATE/run"
	if [ -e "$GALLEY_STATE/run/$1/run" ]; then
		# It did so at this very moment.
		rm -rf "$GALLEY_STATE/run/$1/run"
		return 0
	fi
	rm -rf "$galley_upload"
	trap - EXIT
	galley_start "$GALLEY_STATE/run/$1" "$1"
}

# galley_start DIRECTORY RUN: starts the runner so that it outlives the connection.
galley_start() {
	galley_directory=$1
	galley_name=$2
	set -- PATH="$PATH" HOME=/root LC_ALL=C GALLEY_STATE="$GALLEY_STATE" GALLEY_VOLATILE="$GALLEY_VOLATILE"
	for galley_word in DEAD_RUN OFFLINE OWNER SHELL; do
		eval "galley_line=\${GALLEY_$galley_word-}"
		[ -z "$galley_line" ] || set -- "$@" "GALLEY_$galley_word=$galley_line"
	done
	[ -z "${SYSTEMD_OFFLINE-}" ] || set -- "$@" SYSTEMD_OFFLINE=1
	set -- env -i "$@" "${GALLEY_SHELL:-/bin/sh}" "$galley_directory/run.sh" run "$galley_directory"
	umask 022
	cd / || exit 1
	if [ -d /run/systemd/system ] && [ -z "${GALLEY_OFFLINE-}" ] && command -v systemd-run >/dev/null 2>&1; then
		systemd-run --quiet --collect --unit="galley-$galley_name" --property="RuntimeDirectory=galley/$galley_name" \
			--property=RuntimeDirectoryMode=0700 --property=UMask=0022 --property=WorkingDirectory=/ --property=IgnoreSIGPIPE=no \
			"$@" </dev/null 3<&- || fail "systemd did not start the run"
	elif setsid -f true 2>/dev/null; then
		setsid -f "$@" </dev/null >/dev/null 2>&1 3<&-
	elif command -v setsid >/dev/null 2>&1; then
		setsid "$@" </dev/null >/dev/null 2>&1 3<&- &
	else
		"$@" </dev/null >/dev/null 2>&1 3<&- &
	fi
	# The processes of a tree end with its session unless a run holds the lock: then it must have come that far.
	galley_attempt=0
	while [ -n "${GALLEY_OFFLINE-}" ] && [ ! -s "$galley_directory/journal" ] && [ "$galley_attempt" -lt 200 ]; do
		galley_attempt=$((galley_attempt + 1))
		sleep 0.05 2>/dev/null || sleep 1
	done
}

# Prints the journal of a run from a line on, and goes on as it grows; $galley_rest is `RUN LINE`.
galley_follow() {
	# shellcheck disable=SC2086
	set -- $galley_rest
	cd "$GALLEY_STATE/run/$1" || exit 1
	if tail -s 0.1 -n 0 /dev/null >/dev/null 2>&1; then
		exec tail -n "+$2" -s 0.1 -f journal
	fi
	# busybox: its tail looks once a second.
	galley_line=$2
	exec 6<journal
	while [ "$galley_line" -gt 1 ]; do
		IFS= read -r galley_word <&6
		galley_line=$((galley_line - 1))
	done
	galley_word=
	while :; do
		while IFS= read -r galley_line <&6; do
			printf '%s\n' "$galley_word$galley_line"
			galley_word=
		done
		galley_word=$galley_word$galley_line
		sleep 0.1 2>/dev/null || sleep 1
	done
}

# galley_check RUN LINE: one word on whether the run lives, then its journal from the line on.
galley_check() {
	if [ ! -d "$GALLEY_STATE/run/$1" ]; then
		echo absent
		return 0
	fi
	if galley_read_lock "$GALLEY_STATE/lock" && [ "$galley_owner_run" = "$1" ]; then
		if galley_lock_is_stale; then
			echo dead
		else
			echo alive
		fi
	elif [ -e "$GALLEY_STATE/run/$1/unwritten" ]; then
		echo unwritten
	elif grep -q '^[0-9]* begin [0-9]* \.$' "$GALLEY_STATE/run/$1/journal"; then
		echo dead
	else
		echo waiting
	fi
	tail -n "+$2" "$GALLEY_STATE/run/$1/journal"
}

# galley_manifest RUN: what the steps of the run are; nothing when that is not known.
galley_manifest() {
	cat "$GALLEY_STATE/run/$1/manifest.json" 2>/dev/null || :
}

# galley_withdraw RUN: takes back a run that has not begun. Prints `withdrawn` when it never will.
galley_withdraw() {
	if [ -d "$GALLEY_STATE/run/$1" ]; then
		galley_stop "$1" 2>/dev/null || return 0
		if grep -q '^[0-9]* begin [0-9]* \.$' "$GALLEY_STATE/run/$1/journal"; then
			return 0
		fi
	fi
	echo withdrawn
}

# galley_stop RUN: the run ends at the next step.
galley_stop() {
	: >"$GALLEY_STATE/run/$1/stop"
}

# Cleans up behind a run that was killed; prints its id. Fails while a run lives.
galley_recover_dead() {
	[ -e "$GALLEY_STATE/lock" ] || return 0
	galley_lock_is_stale || return 2
	printf '%s\n' "$galley_owner_run"
	galley_recover
}

# shellcheck shell=sh
# What stood at a path before a change that a verifier will judge. kept/RESOURCE/CAUSE holds the path, as `was` a copy of what
# was there, and as `step` the run and the step that changed it last; it counts only while owed/RESOURCE has a mark of that cause, so what was kept first is what was last in force.

# galley_keep RESOURCE/CAUSE TEXT: keeps what stands at the path that is text number TEXT of the program; else sets galley_written.
galley_keep() {
	galley_kept=$GALLEY_STATE/kept/$1
	if [ -d "$galley_kept" ]; then
		for galley_mark in "$GALLEY_STATE/owed/$1".*; do
			if [ -e "$galley_mark" ]; then
				printf '%s %s\n' "$GALLEY_RUN" "$galley_id" >"$galley_kept/step" || galley_written=failed
				return 0
			fi
		done
		rm -rf "$galley_kept"
	fi
	(
		set -e
		umask 077
		rm -rf "$galley_kept.new"
		mkdir -p "$galley_kept.new"
		cp "$GALLEY_DIR/texts/$2" "$galley_kept.new/path"
		galley_read_value <"$galley_kept.new/path"
		path_keep "$galley_value" "$galley_kept.new/was"
		printf '%s %s\n' "$GALLEY_RUN" "$galley_id" >"$galley_kept.new/step"
		mv "$galley_kept.new" "$galley_kept"
	) >>"$galley_out" 2>&1 </dev/null 5<&-
	# Not asked for in a condition, where set -e has no effect.
	galley_status=$?
	[ "$galley_status" -eq 0 ] || galley_written=failed
}

# Forgets what this step has kept, as it changed nothing.
galley_forget_kept() {
	# shellcheck disable=SC2086
	set -- $galley_keeps
	while [ "$#" -ge 2 ]; do
		rm -rf "$GALLEY_STATE/kept/$1"
		shift 2
	done
}

# Puts back all that is kept for the resource of this step, and says so; those events are not owed any more. A file waits for its
# folder, and a new folder for what was put into it, so it goes over them until nothing more can be done.
galley_put_back() {
	galley_keeping=$GALLEY_STATE/kept/${galley_owed##*/}
	galley_units_back=''
	galley_progress=1
	while [ -n "$galley_progress" ]; do
		galley_progress=''
		for galley_kept in "$galley_keeping"/*; do
			galley_cause=${galley_kept##*/}
			case $galley_cause in
			*.new) continue ;;
			esac
			[ -d "$galley_kept" ] || continue
			set -- "$galley_owed/$galley_cause".*
			if [ ! -e "$1" ]; then
				rm -rf "$galley_kept"
				continue
			fi
			galley_read_value <"$galley_kept/path" || continue
			(
				set -e
				path_restore "$galley_kept/was" "$galley_value"
			) >"$GALLEY_SCRATCH/putting-back" 2>&1 </dev/null 5<&-
			galley_status=$?
			if [ "$galley_status" -eq 0 ]; then
				galley_progress=1
				case $galley_value in
				*/systemd/system/* | */systemd/system.*) galley_units_back=1 ;;
				esac
				cat "$GALLEY_SCRATCH/putting-back" >>"$galley_out"
				galley_line=''
				IFS= read -r galley_line <"$galley_kept/step"
				case $galley_line in
				"$GALLEY_RUN "*) galley_log "restored ${galley_line#* }" ;;
				esac
				rm -f "$@"
				rm -rf "$galley_kept"
				rm -f "$GALLEY_SCRATCH/stays"
			else
				mv "$GALLEY_SCRATCH/putting-back" "$GALLEY_SCRATCH/stays"
			fi
		done
	done
	if [ -s "$GALLEY_SCRATCH/stays" ]; then cat "$GALLEY_SCRATCH/stays" >>"$galley_out"; fi
	# systemd has read what is taken back here, and cannot tell by times of change, which are the old ones again. The process of this
	# unit was not started again meanwhile: it runs as the unit says again.
	if [ -n "$galley_units_back" ]; then
		read_units_again >>"$galley_out" 2>&1 </dev/null
		IFS= read -r galley_line <"$GALLEY_SCRATCH/refused.$galley_id"
		[ -z "$galley_line" ] || rm -f "$GALLEY_VOLATILE/outdated/$galley_line"
	fi
	# Only empty ones go.
	rmdir "$galley_keeping" "$galley_owed" 2>/dev/null
	sync_dir "$GALLEY_STATE/owed"
	galley_status=1
}

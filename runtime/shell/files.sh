# shellcheck shell=sh
# Writing files so that after a crash each is old or new, never half, and nothing unknown is left beside it.

# temp_name_beside PATH: sets $temp to a name in the directory of PATH that nothing has yet. It is in the journal from now on,
# and ends like that of PATH: a program that verifies a file may go by the ending.
temp_name_beside() {
	case $1 in
	/*) ;;
	*) fail "a temporary file needs an absolute path beside it, not $1" ;;
	esac
	galley_name=${1##*/}
	[ "${#galley_name}" -le 100 ] || galley_name=${galley_name##*.}
	[ "${#galley_name}" -le 100 ] || galley_name=
	galley_attempt=0
	while :; do
		temp=${1%/*}/.galley-$GALLEY_TOKEN-$GALLEY_STEP-$galley_attempt-$galley_name
		galley_attempt=$((galley_attempt + 1))
		[ "$galley_attempt" -lt 1000 ] || fail "no free name for a temporary file beside $1"
		[ -e "$temp" ] || [ -h "$temp" ] || break
	done
	galley_journal_path "$temp"
}

# temp_beside PATH: makes a new empty file (0600) of such a name.
temp_beside() {
	while :; do
		temp_name_beside "$1"
		if (
			umask 077
			set -C
			: >"$temp"
		) 2>/dev/null; then
			return 0
		fi
		[ -d "${1%/*}/" ] || fail "the directory ${1%/*}/ is not there"
		if ! [ -e "$temp" ]; then
			# The shell's own words say why: read-only, full, not permitted.
			: >"$temp" || exit 1
		fi
	done
}

# temp_dir_here: sets $tempdir to a new directory (0700) that only this run uses; it goes with the run.
temp_dir_here() {
	tempdir=$GALLEY_SCRATCH/dir.$GALLEY_STEP
	galley_attempt=0
	while ! (umask 077 && mkdir "$tempdir" 2>/dev/null); do
		galley_attempt=$((galley_attempt + 1))
		[ "$galley_attempt" -lt 1000 ] || fail "no temporary directory can be made in $GALLEY_SCRATCH"
		tempdir=$GALLEY_SCRATCH/dir.$GALLEY_STEP.$galley_attempt
	done
}

# sync_file PATH, sync_dir DIRECTORY: on the disk when it returns.
sync_file() {
	galley_sync "$1"
}

sync_dir() {
	galley_sync "$1"
}

# An old busybox takes no names, and some file systems cannot sync one directory: then everything is synced. Any other failure
# means that the bytes may be lost, and must not pass for success.
galley_sync() {
	galley_words=$(sync "$1" 2>&1) && return 0
	case $galley_words in
	*'Invalid argument'* | *'not supported'* | *[Uu]sage:*) sync ;;
	*)
		printf '%s\n' "$galley_words" >&2
		return 1
		;;
	esac
}

# replace_durably TEMP PATH: PATH is TEMP from now on, also after a power cut.
replace_durably() {
	[ ! -d "$2" ] || [ -h "$2" ] || fail "$2 is a directory"
	sync_file "$1" || fail "$1 could not be written to the disk"
	if [ -h "$2" ] && [ -d "$2" ]; then
		# mv would go through a link to a directory.
		mv -fT "$1" "$2" || fail "$2 could not be replaced"
	else
		mv -f "$1" "$2" || fail "$2 could not be replaced"
	fi
	sync_dir "${2%/*}/" || fail "${2%/*}/ could not be written to the disk"
}

# copy_attributes OLD NEW: owner, mode, access lists, extended attributes and security label, where there is an OLD.
copy_attributes() {
	[ -e "$1" ] || return 0
	if cp --attributes-only --preserve=all "$1" "$2" 2>/dev/null; then
		return 0
	fi
	# busybox: owner and mode by hand; access lists only with their tools, and never silently lost.
	galley_owner=$(stat -c '%u:%g' "$1") || fail "the attributes of $1 cannot be read"
	galley_bits=$(stat -c '%a' "$1") || fail "the attributes of $1 cannot be read"
	chown "$galley_owner" "$2" || fail "the owner of $1 cannot be kept"
	chmod "$galley_bits" "$2" || fail "the mode of $1 cannot be kept"
	if command -v getfacl >/dev/null 2>&1; then
		galley_list=$(getfacl -cp "$1" 2>/dev/null) || galley_list=
		case $galley_list in
		*user:[!:]* | *group:[!:]* | *mask:*)
			command -v setfacl >/dev/null 2>&1 || fail "$1 has an access list, and there is no setfacl to keep it"
			printf '%s\n' "$galley_list" | setfacl --set-file=- "$2" || fail "the access list of $1 cannot be kept"
			;;
		esac
	fi
}

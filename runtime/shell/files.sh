# shellcheck shell=sh
# Writing files so that after a crash each is old or new, never half, and nothing unknown is left beside it.

# temp_name_beside PATH: sets $temp to a name in the directory of PATH that nothing has yet. It is in the journal from now on,
# and ends like that of PATH: a program that verifies a file may go by the ending.
temp_name_beside() {
	case $1 in
	/*) ;;
	*) fail "a temporary file needs an absolute path beside it, not $1" ;;
	esac
	galley_attempt=0
	while :; do
		temp_name "$GALLEY_TOKEN" "$GALLEY_STEP" "$galley_attempt" "$1"
		[ -e "$temp" ] || [ -h "$temp" ] || break
		galley_attempt=$((galley_attempt + 1))
		[ "$galley_attempt" -lt 1000 ] || fail "no free name for a temporary file beside $1"
	done
	galley_note_temp "$galley_attempt" "$1"
}

# temp_name TOKEN STEP ATTEMPT PATH: sets $temp to the name that a temporary file beside PATH has.
temp_name() {
	galley_name=${4##*/}
	[ "${#galley_name}" -le 100 ] || galley_name=${galley_name##*.}
	[ "${#galley_name}" -le 100 ] || galley_name=
	temp=${4%/*}/.galley-$1-$2-$3-$galley_name
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
	rename_over "$1" "$2" || fail "$2 could not be replaced"
	sync_dir "${2%/*}/" || fail "${2%/*}/ could not be written to the disk"
}

# rename_over TEMP PATH: PATH is TEMP from now on. Where a directory has taken the place of PATH it fails: a plain mv would move
# TEMP into it and report success.
rename_over() {
	galley_words=$(mv -fT -- "$1" "$2" 2>&1) && return 0
	case $galley_words in
	*[Uu]sage:*) ;;
	*)
		printf '%s\n' "$galley_words" >&2
		return 1
		;;
	esac
	# An old busybox has no -T. The folder that holds TEMP then shows whether it went to the right place.
	mv -f -- "$1" "$2" || return 1
	if [ -d "$2" ] && [ ! -h "$2" ] && [ -e "$2/${1##*/}" ]; then
		rm -f -- "$2/${1##*/}" 2>/dev/null || rmdir -- "$2/${1##*/}"
		printf '%s is a directory\n' "$2" >&2
		return 1
	fi
}

# remove_temp PATH: takes a temporary file or a private folder with what is in it away that a journal names. Goes into its folder
# first, and stays away from one that is reached over a symbolic link: names in the journal are those of real folders.
remove_temp() (
	galley_name=${1##*/}
	case $galley_name in
	.galley-*) ;;
	*) return 0 ;;
	esac
	galley_folder=${1%/*}
	cd -P -- "${galley_folder:-/}" 2>/dev/null || return 0
	[ "$PWD" = "${galley_folder:-/}" ] || return 0
	if [ -d "./$galley_name" ] && [ ! -h "./$galley_name" ]; then
		cd -P -- "./$galley_name" 2>/dev/null || return 0
		[ -O . ] && [ "$PWD" = "$1" ] || return 0
		rm -f -- ./* ./.[!.]* ./..?*
		# A directory that was being made is empty.
		for galley_word in ./*; do
			[ ! -d "$galley_word" ] || [ -h "$galley_word" ] || rmdir -- "$galley_word"
		done
		cd .. && rmdir -- "./$galley_name"
	elif [ -e "./$galley_name" ] || [ -h "./$galley_name" ]; then
		rm -f -- "./$galley_name"
	fi
) 2>/dev/null

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

# shellcheck shell=sh
# What the planner asks besides the probes of kinds.

# Prints 1 for each path that is there (also a dangling link), else 0.
galley_paths_exist() {
	for galley_word do
		if [ -e "$galley_word" ] || [ -h "$galley_word" ]; then
			printf 1
		else
			printf 0
		fi
	done
}

# The real path of each folder, ended by NUL: links on the way are followed, and of what is not there yet the name stays.
galley_real_folders() {
	for galley_word do
		galley_rest=
		until cd -P -- "$galley_word" 2>/dev/null; do
			galley_rest=/${galley_word##*/}$galley_rest
			galley_word=${galley_word%/*}
			[ "$galley_word" ] || galley_word=/
		done
		printf '%s%s\0' "${PWD%/}" "$galley_rest"
	done
}

# Prints 1 for each program that is found, else 0.
galley_programs_exist() {
	for galley_word do
		if command -v "$galley_word" >/dev/null 2>&1; then
			printf 1
		else
			printf 0
		fi
	done
}

# Paths on standard input, each ended by NUL: of the regular files of at most 256 KB, one after the other, the path, a NUL, the
# number of bytes that follow, a NUL, and the bytes. A file is looked at through the descriptor that it was opened by: in a folder
# of another account its name can mean a FIFO, or a link to a private file, a moment later. A way that leads over a link of another
# account is not followed. What cannot be opened within the time is left out.
galley_contents() {
	# shellcheck disable=SC2016
	xargs -0 timeout 20 sh -c '
		for path do
			galley_folder=${path%/*}
			cd -P -- "${galley_folder:-/}" 2>/dev/null || continue
			if [ "$PWD" != "${galley_folder:-/}" ]; then
				galley_way=$galley_folder
				while [ "$galley_way" ]; do
					if [ -L "$galley_way" ]; then
						case $(stat -c %u -- "$galley_way") in 0 | "$(id -u)") ;; *) continue 2 ;; esac
					fi
					galley_way=${galley_way%/*}
				done
			fi
			galley_name=./${path##*/}
			[ -f "$galley_name" ] && ! [ -L "$galley_name" ] || continue
			{
				[ -f /proc/self/fd/9 ] && ! [ -L "$galley_name" ] && [ "$galley_name" -ef /proc/self/fd/9 ] || continue
				galley_size=$(wc -c <&9) || continue
				galley_size=$((galley_size))
				[ "$galley_size" -le 262144 ] || continue
				printf "%s\0%d\0" "$path" "$galley_size"
				[ "$galley_size" = 0 ] || dd bs="$galley_size" count=1 iflag=fullblock conv=sync if=/proc/self/fd/0 <&9 2>/dev/null
			} 9<"$galley_name"
		done' sh 2>/dev/null
	return 0
}

# Prints those of the folders that other accounts cannot enter, each ended by NUL; a folder that is not there is not one of them,
# though find ends with 1 for it. With any other status it did not look.
galley_closed_folders() {
	find -H "$@" -maxdepth 0 -type d ! -perm -1 -exec printf '%s\0' {} + 2>/dev/null || [ $? -eq 1 ]
}

# A guard: its words help when it ends oddly.
galley_guard() (
	set -e
	"$@" 2>&1
)

# What a resource is like now, as its kind's verb says it.
galley_state() (
	set -e
	"$@" 2>/dev/null
)

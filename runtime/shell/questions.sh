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
# number of bytes that follow, a NUL, and the bytes.
galley_contents() {
	# shellcheck disable=SC2016
	xargs -0 sh -c '
		exec find "$@" -maxdepth 0 -type f -size -513 -exec sh -c "
			for path do
				size=\$(wc -c <\"\$path\") || continue
				printf \"%s\\0%d\\0\" \"\$path\" \"\$size\"
				[ \"\$size\" = 0 ] || dd if=\"\$path\" bs=\"\$size\" count=1 iflag=fullblock conv=sync 2>/dev/null
			done" sh {} +' sh 2>/dev/null
	return 0
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

# shellcheck shell=sh
# `when`: a condition over the answers of commands, decided again just before the step. It comes as words in postfix order.

# Sets $galley_answer to 1 or 0, or to a sentence that says why it cannot be decided.
galley_decide() {
	galley_stack=
	for galley_word in $galley_when; do
		galley_rest=${galley_word#*,}
		case $galley_word in
		constant,*) galley_stack="$galley_rest $galley_stack" ;;
		not)
			case $galley_stack in
			1*) galley_stack="0${galley_stack#1}" ;;
			*) galley_stack="1${galley_stack#0}" ;;
			esac
			;;
		and)
			case $galley_stack in
			'1 1 '*) galley_stack="1 ${galley_stack#? ? }" ;;
			*) galley_stack="0 ${galley_stack#? ? }" ;;
			esac
			;;
		or)
			case $galley_stack in
			'0 0 '*) galley_stack="0 ${galley_stack#? ? }" ;;
			*) galley_stack="1 ${galley_stack#? ? }" ;;
			esac
			;;
		*)
			galley_observe "${galley_rest%%,*}"
			galley_rest=${galley_rest#*,}
			if [ "${#galley_raw}" -gt 1048576 ]; then
				galley_answer="its condition cannot be decided: the command answers with more than 1 MB"
				return 0
			fi
			galley_judge "${galley_word%%,*}"
			case $galley_answer in
			0 | 1) galley_stack="$galley_answer $galley_stack" ;;
			*) return 0 ;;
			esac
			;;
		esac
	done
	galley_answer=${galley_stack%% *}
}

# Runs the observe of call $1: its output less the last newline in $galley_observed, its status in $galley_status.
galley_observe() {
	galley_find_kill
	galley_observed=$(
		(
			set -e
			GALLEY_TIMEOUT=60
			galley_call 4<"$GALLEY_DIR/calls/$1"
		) 2>>"$galley_out" </dev/null 5<&-
		printf '.%s' "$?"
	)
	galley_status=${galley_observed##*.}
	galley_observed=${galley_observed%.*}
	galley_raw=$galley_observed
	galley_observed=${galley_observed%"$galley_newline"}
}

# Sets $galley_answer for the test $1 of what was observed; $galley_rest holds what the test needs.
galley_judge() {
	case $1 in
	succeeds)
		case $galley_status in
		0) galley_answer=1 ;;
		1) galley_answer=0 ;;
		*) galley_answer="its condition cannot be decided: the command ended with status $galley_status" ;;
		esac
		;;
	fails)
		case $galley_status in
		0) galley_answer=0 ;;
		*) galley_answer=1 ;;
		esac
		;;
	equals)
		galley_read_value <"$GALLEY_DIR/texts/$galley_rest"
		galley_answer=0
		if [ "$galley_status" -eq 0 ] && [ "$galley_observed" = "$galley_value" ]; then
			galley_answer=1
		elif [ "$galley_status" -ge 124 ]; then
			galley_answer="its condition cannot be decided: the command ended with status $galley_status"
		fi
		;;
	seen)
		# seen,CALL,TEXT,STATUS,VALUE
		galley_read_value <"$GALLEY_DIR/texts/${galley_rest%%,*}"
		galley_rest=${galley_rest#*,}
		if [ "$galley_raw" = "$galley_value" ] && [ "$galley_status" = "${galley_rest%,*}" ]; then
			galley_answer=${galley_rest#*,}
		else
			galley_answer="what its condition looks at changed since the plan"
		fi
		;;
	esac
}

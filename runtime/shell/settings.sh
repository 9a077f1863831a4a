# shellcheck shell=sh
# Where Galley keeps what must outlive a run, and what need not.

: "${GALLEY_STATE:=/var/lib/galley}"
: "${GALLEY_VOLATILE:=/run/galley}"

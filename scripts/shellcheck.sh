#!/bin/sh
# Lints every shell program: what travels to targets as the one library that it is there, all others each on its own.
set -eu
cd "$(dirname "$0")/.."
git ls-files -z 'runtime/shell/*.sh' 'stdlib/*.sh' | xargs -0 cat | shellcheck -s sh -e SC2030,SC2031 -
git ls-files -z galley .ci/run '*.sh' ':!runtime/shell' ':!stdlib' | xargs -0 shellcheck

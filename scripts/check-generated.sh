#!/bin/sh
# Fails when a generated file is not what the sources say: run `npm run generate` and commit the result.
set -eu
cd "$(dirname "$0")/.."
npm run --silent generate >/dev/null
changed=$(git status --porcelain)
[ -z "$changed" ] || {
  printf 'not as generated, or not committed:\n%s\n' "$changed"
  git diff
  exit 1
}

#!/bin/sh
# Installs the Debian packages that the host suites (and, with --bench, the bench) call, where one is missing.
# Safe to repeat; ends non-zero when a package cannot be installed, so a suite never runs with a tool less.
set -eu

packages="
busybox
curl
dash
debian-archive-keyring
iproute2
mksh
mmdebstrap
openssh-client
shellcheck
strace
systemd-container
util-linux
"
case "${1-}" in
  "") ;;
  --bench) packages="$packages ansible time" ;;
  *)
    echo "usage: install-tools.sh [--bench]" >&2
    exit 2
    ;;
esac

missing=
for package in $packages; do
  status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ]; then
  echo "install-tools.sh: needs root to install:$missing" >&2
  exit 1
fi
echo "installing:$missing" >&2
export DEBIAN_FRONTEND=noninteractive
apt-get update -q >&2
# shellcheck disable=SC2086 # a list of names, one word each
apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 $missing >&2

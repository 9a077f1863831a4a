#!/bin/bash
# Installs packages, each alone, in a throw-away overlay of a Debian tree and prints what came of it, a fact a line:
# PACKAGE KIND VALUE, where KIND is user, group, unit, program, folder (new, its parent is not) or file.
# usage: unshare -m scripts/learn-footprints.sh TREE PACKAGE... (as root; downloads from the tree's own mirror settings)
set -eu
tree=$1
shift
work=$(mktemp -d)
trap 'umount -R "$work/root" 2>/dev/null || true; rm -rf --one-file-system "$work"' EXIT

new_lines() { # OLD NEW: the first fields that only the second file has
  comm -13 <(cut -d: -f1 "$1" | sort) <(cut -d: -f1 "$2" | sort)
}

for package in "$@"; do
  rm -rf --one-file-system "$work/upper" "$work/work"
  mkdir -p "$work/upper" "$work/work" "$work/root"
  mount -t overlay learn -o "lowerdir=$tree,upperdir=$work/upper,workdir=$work/work" "$work/root"
  mount -t proc proc "$work/root/proc"
  mount --bind /dev "$work/root/dev"
  mount -t tmpfs run "$work/root/run"
  rm -f "$work/root/etc/resolv.conf"
  cat /etc/resolv.conf > "$work/root/etc/resolv.conf"
  printf '#!/bin/sh\nexit 101\n' > "$work/root/usr/sbin/policy-rc.d"
  chmod +x "$work/root/usr/sbin/policy-rc.d"
  for each in sources.list.d/debian.sources apt.conf.d/01proxy; do
    if [ -e "/etc/apt/$each" ]; then cp "/etc/apt/$each" "$work/root/etc/apt/$each"; fi
  done
  # shellcheck disable=SC2016 # for the inner shell
  if ! chroot "$work/root" sh -c \
    'export DEBIAN_FRONTEND=noninteractive; apt-get -qq update && apt-get -qq -y install "$1"' sh "$package" \
    > "$work/log" 2>&1; then
    tail -3 "$work/log" >&2
    echo "$package could not be installed" >&2
    umount -R "$work/root"
    continue
  fi
  new_lines "$tree/etc/passwd" "$work/root/etc/passwd" | sed "s/^/$package user /"
  new_lines "$tree/etc/group" "$work/root/etc/group" | sed "s/^/$package group /"
  (
    cd "$work/upper"
    find . -path ./run -prune -o -type d -print | sed 's/^\.//' | sort | while read -r folder; do
      if [ -n "$folder" ] && [ ! -e "$tree$folder" ] && [ -e "$tree${folder%/*}/" ]; then
        printf '%s folder %s\n' "$package" "$folder"
      fi
    done
    find ./etc ./opt ./srv ./var ./usr/share ./usr/lib/systemd/system -not -type d 2>/dev/null | sed 's/^\.//' | sort |
      sed "s/^/$package file /"
    find ./usr/bin ./usr/sbin ./bin ./sbin -not -type d 2>/dev/null | sed 's|.*/||' | sort -u | sed "s/^/$package program /"
  )
  umount -R "$work/root"
done

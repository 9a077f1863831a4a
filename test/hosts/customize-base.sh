#!/bin/sh
# Turns a freshly unpacked Debian into what a provider's clean image is: three people with an account, nothing pending,
# no timers that would hold the package manager's lock in the middle of a test. Called by mmdebstrap with the tree.
set -eu
tree=$1

# Each machine gets keys and an identity of its own when it is made.
rm -f "$tree"/etc/ssh/ssh_host_*
: >"$tree/etc/machine-id"
: >"$tree/etc/resolv.conf"
rm -f "$tree/var/lib/dbus/machine-id" "$tree/usr/sbin/policy-rc.d"

chroot "$tree" useradd --uid 1000 --create-home --shell /bin/bash admin
# Debian has a group of this name already.
chroot "$tree" useradd --uid 1001 --gid operator --create-home --shell /bin/bash operator
chroot "$tree" useradd --uid 1002 --create-home --shell /bin/bash plain
echo "operator:$OPERATOR_PASSWORD" | chroot "$tree" chpasswd
cat >"$tree/etc/sudoers.d/test-users" <<'END'
admin ALL=(ALL:ALL) NOPASSWD: ALL
operator ALL=(ALL:ALL) ALL
END
chmod 0440 "$tree/etc/sudoers.d/test-users"
for home in root home/admin home/operator home/plain; do
  mkdir -p "$tree/$home/.ssh"
  chmod 0700 "$tree/$home/.ssh"
  chown --reference="$tree/$home" "$tree/$home/.ssh"
done

for unit in apt-daily.timer apt-daily-upgrade.timer console-getty.service dpkg-db-backup.timer e2scrub_all.timer \
  fstrim.timer getty.target; do
  ln -s /dev/null "$tree/etc/systemd/system/$unit"
done
mkdir -p "$tree/etc/systemd/journald.conf.d"
printf '[Journal]\nStorage=volatile\n' >"$tree/etc/systemd/journald.conf.d/volatile.conf"

chroot "$tree" apt-get clean
chroot "$tree" apt-cache gencaches >/dev/null

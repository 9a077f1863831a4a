import { expect, test } from "vitest";
import { parseFrame0 } from "./facts.ts";

/** What \`galley_facts\` prints on a Debian 12 machine, shortened. */
const debian = `architecture:x86_64
init:systemd
packages:apt
1: lo    inet6 ::2/128 scope global deprecated \\       valid_lft forever preferred_lft forever
2: eth0    inet 10.213.2.2/24 brd 10.213.2.255 scope global eth0\\       valid_lft forever preferred_lft forever
2: eth0    inet6 fd00::5/64 scope global \\       valid_lft forever preferred_lft forever
3: docker0    inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0\\       valid_lft forever
/etc/os-release:PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
/etc/os-release:NAME="Debian GNU/Linux"
/etc/os-release:VERSION_ID="12"
/etc/os-release:VERSION_CODENAME=bookworm
/etc/os-release:ID=debian
/etc/passwd:root:x:0:0:root:/root:/bin/bash
/etc/passwd:www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
/etc/passwd:lost:x:1001:4242::/home/lost:/bin/sh
/etc/passwd:__proto__:x:1002:33::/:/bin/sh
/etc/group:root:x:0:
/etc/group:www-data:x:33:
/proc/meminfo:MemTotal:        2030316 kB
/proc/meminfo:MemFree:         1030316 kB
/proc/net/route:Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
/proc/net/route:eth0	00000000	0102D50A	0003	0	0	0	00000000	0	0	0
/proc/sys/kernel/hostname:web1
/sys/devices/system/cpu/online:0-3,6
`;

test("Debian 12", () => {
  const frame0 = parseFrame0(Buffer.from(debian), "web1.example");
  expect(frame0.facts).toEqual({
    name: "web1.example",
    hostname: "web1",
    os: { family: "debian", id: "debian", version: "12", codename: "bookworm" },
    architecture: "x86_64",
    cpus: 5,
    memory: 2030316 * 1024,
    address: "10.213.2.2",
    addresses: ["10.213.2.2", "172.17.0.1", "fd00::5"],
    init: "systemd",
    package_manager: "apt",
  });
  expect([...frame0.primaryGroups]).toEqual([
    ["root", "root"],
    ["www-data", "www-data"],
    ["__proto__", "www-data"],
  ]);
  expect(frame0.users.has("lost")).toBe(true);
  expect(frame0.lock).toBeUndefined();
  expect(frame0.owed).toEqual([]);
});

test("Alpine without ip: addresses from the kernel's tables", () => {
  const { facts } = parseFrame0(
    Buffer.from(`architecture:aarch64
init:openrc
packages:apk
/etc/os-release:ID=alpine
/etc/os-release:VERSION_ID=3.20.1
/proc/net/fib_trie:        +-- 10.0.2.0/24 2 0 2
/proc/net/fib_trie:           |-- 10.0.2.15
/proc/net/fib_trie:              /32 host LOCAL
/proc/net/fib_trie:           |-- 127.0.0.1
/proc/net/fib_trie:              /32 host LOCAL
/proc/net/fib_trie:           |-- 192.168.7.9
/proc/net/fib_trie:              /32 host LOCAL
/proc/net/fib_trie:           |-- 10.0.2.15
/proc/net/fib_trie:              /32 host LOCAL
/proc/net/if_inet6:fd000000000000000000000000000005 02 40 00 80     eth1
/proc/net/if_inet6:fe80000000000000021cfffffe000005 02 40 20 80     eth1
/proc/net/if_inet6:00000000000000000000000000000001 01 80 10 80       lo
/proc/net/route:Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
/proc/net/route:eth1	00000000	0107A8C0	0003	0	0	0	00000000	0	0	0
/proc/net/route:eth0	0002000A	00000000	0001	0	0	0	00FFFFFF	0	0	0
/proc/net/route:eth1	0007A8C0	00000000	0001	0	0	0	00FFFFFF	0	0	0
/sys/devices/system/cpu/online:0
`),
    "a",
  );
  expect(facts).toMatchObject({
    os: { family: "alpine", id: "alpine", version: "3.20.1", codename: "" },
    address: "192.168.7.9",
    addresses: ["10.0.2.15", "192.168.7.9", "fd00::5"],
    init: "openrc",
    package_manager: "apk",
    cpus: 1,
  });
});

test("families by what a system says it is like", () => {
  const family = (lines: string) => parseFrame0(Buffer.from(lines), "x").facts.os.family;
  expect(family('/etc/os-release:ID=linuxmint\n/etc/os-release:ID_LIKE="ubuntu debian"\n')).toBe("debian");
  expect(family('/etc/os-release:ID=rocky\n/etc/os-release:ID_LIKE="rhel centos fedora"\n')).toBe("redhat");
  expect(family('/etc/os-release:ID=opensuse-leap\n/etc/os-release:ID_LIKE="suse opensuse"\n')).toBe("suse");
  expect(family("/etc/os-release:ID=nixos\n")).toBe("other");
});

test("owed events, the lock's owner and missing programs", () => {
  const frame0 = parseFrame0(
    Buffer.from(`missing:tar
stale:1
/var/lib/galley/owed/0a1b/2c3d.reload:1
/var/lib/galley/owed/0a1b/2c3d.reload:service["apache2"]
/var/lib/galley/owed/0a1b/2c3d.reload:1
/var/lib/galley/owed/0a1b/2c3d.reload:reload
/var/lib/galley/owed/0a1b/2c3d.reload:2
/var/lib/galley/owed/0a1b/2c3d.reload:file["/a
/var/lib/galley/owed/0a1b/2c3d.reload:b"]
/var/lib/galley/owed/0a1b/2c3d.reload:1
/var/lib/galley/owed/0a1b/2c3d.reload:run-1
/var/lib/galley/owed/0a1b/torn.reload:1
/var/lib/galley/lock:run run-1
/var/lib/galley/lock:pid 99
/var/lib/galley/lock:start 12345
/var/lib/galley/lock:boot 7393d4f9
/var/lib/galley/lock:since 2026-01-31T12:00:00Z
/var/lib/galley/lock:who me@here
`),
    "x",
  );
  expect(frame0.owed).toEqual([
    { resource: 'service["apache2"]', event: "reload", cause: 'file["/a\nb"]', run: "run-1" },
  ]);
  expect(frame0.lock).toEqual({ run: "run-1", pid: 99, since: "2026-01-31T12:00:00Z", who: "me@here", alive: false });
  expect(frame0.missing).toEqual(["tar"]);
});

test("an empty answer still gives facts of the right shape", () => {
  expect(parseFrame0(new Uint8Array(), "x").facts).toEqual({
    name: "x",
    hostname: "",
    os: { family: "other", id: "linux", version: "", codename: "" },
    architecture: "",
    cpus: 1,
    memory: 0,
    address: "",
    addresses: [],
    init: "none",
    package_manager: "none",
  });
});

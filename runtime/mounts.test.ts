import { expect, test } from "vitest";
import { parseMounts } from "./mounts.ts";

test("mounts with odd names, optional fields or none, read-only by themselves or by their filesystem", () => {
  expect(
    parseMounts([
      "36 1 98:0 / / rw,noatime master:1 shared:7 - ext4 /dev/root rw,errors=continue",
      "37 36 98:0 /x /srv/a\\040b\\134c ro - ext4 /dev/root rw",
      "38 36 7:0 / /snap/x rw,nodev shared:2 - squashfs /dev/loop0 ro",
      "39 36 0:30 / /mnt/- rw,relatime - tmpfs - rw,size=1",
      "nonsense",
      "40 36 0:31 / /cut rw",
      "",
    ]),
  ).toEqual([
    { id: 36, parent: 1, point: "/", type: "ext4", readOnly: false },
    { id: 37, parent: 36, point: "/srv/a b\\c", type: "ext4", readOnly: true },
    { id: 38, parent: 36, point: "/snap/x", type: "squashfs", readOnly: true },
    { id: 39, parent: 36, point: "/mnt/-", type: "tmpfs", readOnly: false },
  ]);
});

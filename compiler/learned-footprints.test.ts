import { expect, test } from "vitest";
import { debian } from "../test/catalog-fixture.ts";
import { learnedPackage } from "./learned-footprints.ts";

const on = (id: string, version: string) => ({ ...debian, os: { ...debian.os, id, version } });

// Each row: a package of Debian 12, and the unit, the login and the folder that come with it.
const rows = [
  ["apache2", "apache2", undefined, "/etc/apache2"],
  ["cron", "cron", undefined, undefined],
  ["mariadb-server", "mariadb", "mysql", "/etc/mysql"],
  ["mysql-server", "mysql", "mysql", "/etc/mysql"],
  ["nginx", "nginx", undefined, "/etc/nginx"],
  ["openssh-server", "ssh", "sshd", "/etc/ssh"],
  ["php-fpm", "php8.2-fpm", undefined, "/etc/php"],
  ["php8.2-fpm", "php8.2-fpm", undefined, "/etc/php"],
  ["postgresql", "postgresql", "postgres", "/etc/postgresql"],
  ["redis", "redis-server", "redis", "/etc/redis"],
] as const;

for (const [name, service, user, folder] of rows) {
  test(`${name} brings ${[service, user, folder].filter((one) => one !== undefined).join(", ")}`, () => {
    const learned = learnedPackage(name, debian);
    expect(learned?.services).toContain(service);
    if (user !== undefined) expect(learned?.users).toContain(user);
    if (folder !== undefined) expect(learned?.trees).toContain(folder);
  });
}

test("what people manage in a package's folders is told apart from what the package sets", () => {
  const brings = new Set(learnedPackage("apache2", debian)?.brings);
  expect(brings.has("/etc/apache2/ports.conf")).toBe(true);
  expect(brings.has("/etc/apache2/mods-available/")).toBe(true);
  expect(brings.has("/etc/apache2/mods-enabled/mpm_event.load")).toBe(true);
  expect(brings.has("/etc/apache2/mods-enabled/rewrite.load")).toBe(false);
  expect(brings.has("/etc/apache2/sites-enabled/")).toBe(false);
});

test("another release brings its own versions", () => {
  const php = learnedPackage("php-fpm", on("ubuntu", "24.04"));
  expect(php?.services).toContain("php8.3-fpm");
  expect(php?.brings).toContain("/etc/php/8.3/fpm/pool.d/www.conf");
  expect(php?.brings.filter((path) => path.includes("8.2"))).toEqual([]);
  const postgresql = learnedPackage("postgresql", on("debian", "13"));
  expect(postgresql?.brings).toContain("/etc/postgresql/17/main/postgresql.conf");
  expect(postgresql?.brings.filter((path) => path.includes("/15/"))).toEqual([]);
});

test("a version in the name goes before that of the release", () => {
  expect(learnedPackage("php8.1-fpm", on("ubuntu", "24.04"))?.services).toContain("php8.1-fpm");
  expect(learnedPackage("postgresql-14", on("debian", "12"))?.brings).toContain("/etc/postgresql/14/main/pg_hba.conf");
});

test("an extension of PHP that is not in the table has to do with the folder of its version", () => {
  expect(learnedPackage("php8.2-gd", debian)?.brings).toEqual(["/etc/php/8.2/"]);
  expect(learnedPackage("php-gd", on("debian", "11"))?.trees).toEqual(["/etc/php/7.4"]);
});

test("nothing is known of other packages, other releases' versions and other families", () => {
  expect(learnedPackage("frobd", debian)).toBeUndefined();
  expect(learnedPackage("php-fpm", on("debian", "99"))).toBeUndefined();
  expect(learnedPackage("constructor", debian)).toBeUndefined();
  expect(learnedPackage("apache2", { ...debian, os: { ...debian.os, family: "redhat" } })).toBeUndefined();
});

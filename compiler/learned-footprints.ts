import type { Facts } from "./kind/facts.ts";
import { learnedOnDebian12 } from "./learned/debian-12.ts";

/** What a package brings to a host when it is installed, with all that it depends on and recommends. */
export interface LearnedPackage {
  /** Folders that are there once the package is, with all that lies in them. */
  readonly trees: readonly string[];
  /** Paths whose content the package itself sets, with a `/` at the end for all of a folder; what is not listed it leaves alone. */
  readonly brings: readonly string[];
  readonly users: readonly string[];
  readonly groups: readonly string[];
  /** Units, those of services without `.service`. */
  readonly services: readonly string[];
  readonly programs: readonly string[];
}

/** Names under which a package of the table is known as well. */
const alike: Readonly<Record<string, string>> = {
  "nginx-core": "nginx",
  "nginx-extras": "nginx",
  "nginx-full": "nginx",
  redis: "redis-server",
};

/** What is known from elsewhere than the table: packages that Debian 12 does not have. */
const others: Readonly<Record<string, Partial<LearnedPackage>>> = {
  "mysql-server": {
    trees: ["/etc/mysql", "/var/lib/mysql", "/var/lib/mysql-files", "/var/lib/mysql-keyring", "/var/log/mysql"],
    brings: [
      "/etc/logrotate.d/mysql-server",
      "/etc/mysql/conf.d/mysql.cnf",
      "/etc/mysql/conf.d/mysqldump.cnf",
      "/etc/mysql/debian-start",
      "/etc/mysql/debian.cnf",
      "/etc/mysql/my.cnf",
      "/etc/mysql/my.cnf.fallback",
      "/etc/mysql/mysql.cnf",
      "/etc/mysql/mysql.conf.d/mysql.cnf",
      "/etc/mysql/mysql.conf.d/mysqld.cnf",
      "/var/lib/mysql/",
      "/var/log/mysql/",
    ],
    users: ["mysql"],
    groups: ["mysql"],
    services: ["mysql"],
    programs: ["mysql", "mysqladmin", "mysqlcheck", "mysqld", "mysqldump"],
  },
};

/** The versions that a release's unversioned packages bring. */
interface Versions {
  readonly php: string;
  readonly postgresql: string;
}

/** What the table was learned with. */
const learnedVersions: Versions = { php: "8.2", postgresql: "15" };

const releases: Readonly<Record<string, Versions>> = {
  "debian 11": { php: "7.4", postgresql: "13" },
  "debian 12": learnedVersions,
  "debian 13": { php: "8.4", postgresql: "17" },
  "ubuntu 20.04": { php: "7.4", postgresql: "12" },
  "ubuntu 22.04": { php: "8.1", postgresql: "14" },
  "ubuntu 24.04": { php: "8.3", postgresql: "16" },
};

const known = new Map<string, LearnedPackage | undefined>();

/** What is known of a package beyond its name on this system; undefined when nothing is. */
export function learnedPackage(name: string, facts: Facts): LearnedPackage | undefined {
  if (facts.os.family !== "debian") return undefined;
  const release = `${facts.os.id} ${facts.os.version}`;
  const key = `${release} ${name}`;
  if (!known.has(key)) known.set(key, lookUp(name, releases[release]));
  return known.get(key);
}

function lookUp(name: string, release: Versions | undefined): LearnedPackage | undefined {
  const versioned = /^(php|postgresql)-?(\d[\d.]*)(-.*)?$/.exec(name);
  const plain = versioned ? `${versioned[1]}${versioned[3] ?? ""}` : (alike[name] ?? name);
  const family = versioned?.[1] ?? (/^php(?:-|$)|^libapache2-mod-php/.test(name) ? "php" : "postgresql");
  const version = versioned?.[2] ?? (family === "php" ? release?.php : release?.postgresql) ?? "";
  const entry = entryOf(plain);
  if (!entry) return family === "php" && version !== "" ? extensionOfPhp(version) : undefined;
  const complete = { trees: [], brings: [], users: [], groups: [], services: [], programs: [], ...entry };
  if (family === "php" && version !== learnedVersions.php) return withVersion(complete, learnedVersions.php, version);
  if (plain === "postgresql" && version !== learnedVersions.postgresql) {
    return withVersion(complete, learnedVersions.postgresql, version);
  }
  return complete;
}

function entryOf(name: string): Partial<LearnedPackage> | undefined {
  if (Object.hasOwn(learnedOnDebian12, name)) return learnedOnDebian12[name];
  return Object.hasOwn(others, name) ? others[name] : undefined;
}

/** An extension of PHP sets settings of its own somewhere in the folder of its version. */
function extensionOfPhp(version: string): LearnedPackage {
  const folder = `/etc/php/${version}`;
  return { trees: [folder], brings: [`${folder}/`], users: [], groups: [], services: [], programs: [] };
}

/** The same package of another version, which stands in its names; nothing is known of it where the version is not. */
function withVersion(learned: LearnedPackage, from: string, to: string): LearnedPackage | undefined {
  if (to === "") return undefined;
  const escaped = from.replace(".", "\\.");
  const mark = new RegExp(`(?<![\\d.])${escaped}(?![\\d])`, "g");
  const renamed = (values: readonly string[]) => values.map((value) => value.replace(mark, to));
  return {
    trees: renamed(learned.trees),
    brings: renamed(learned.brings),
    users: learned.users,
    groups: learned.groups,
    services: renamed(learned.services),
    programs: renamed(learned.programs),
  };
}

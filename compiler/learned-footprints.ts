import type { Facts } from "./kind/facts.ts";

/**
 * What a package brings to a host when it is installed, its dependencies included. Learned on Debian 12 from the lists of
 * the packages, from what their maintainer scripts do, and from the tree they leave behind.
 */
export interface LearnedPackage {
  /** Folders that are there once the package is, with all that lies in them. */
  readonly trees: readonly string[];
  /** Paths whose content the package itself sets, with a `/` at the end for all of a folder; what is not listed it leaves alone. */
  readonly brings: readonly string[];
  readonly users: readonly string[];
  readonly groups: readonly string[];
  /** Units without `.service`. */
  readonly services: readonly string[];
  readonly programs: readonly string[];
}

function learned(entry: Partial<LearnedPackage>): LearnedPackage {
  return { trees: [], brings: [], users: [], groups: [], services: [], programs: [], ...entry };
}

const mariadb = learned({
  trees: ["/etc/mysql", "/var/lib/mysql", "/var/log/mysql", "/run/mysqld"],
  brings: [
    "/etc/logrotate.d/mariadb",
    "/etc/mysql/conf.d/mysql.cnf",
    "/etc/mysql/conf.d/mysqldump.cnf",
    "/etc/mysql/debian-start",
    "/etc/mysql/debian.cnf",
    "/etc/mysql/mariadb.cnf",
    "/etc/mysql/mariadb.conf.d/50-client.cnf",
    "/etc/mysql/mariadb.conf.d/50-mysql-clients.cnf",
    "/etc/mysql/mariadb.conf.d/50-mysqld_safe.cnf",
    "/etc/mysql/mariadb.conf.d/50-server.cnf",
    "/etc/mysql/mariadb.conf.d/60-galera.cnf",
    "/etc/mysql/mariadb.conf.d/provider_bzip2.cnf",
    "/etc/mysql/my.cnf",
    "/etc/mysql/my.cnf.fallback",
    "/var/lib/mysql/",
    "/var/log/mysql/",
  ],
  users: ["mysql"],
  groups: ["mysql"],
  services: ["mariadb", "mysql", "mysqld"],
  programs: [
    "mariadb",
    "mariadb-admin",
    "mariadb-check",
    "mariadb-dump",
    "mariadbd",
    "mysql",
    "mysqladmin",
    "mysqlcheck",
    "mysqldump",
  ],
});

const nginx = learned({
  trees: ["/etc/nginx", "/usr/share/nginx", "/var/lib/nginx", "/var/log/nginx", "/var/www/html"],
  brings: [
    "/etc/default/nginx",
    "/etc/logrotate.d/nginx",
    "/etc/nginx/fastcgi.conf",
    "/etc/nginx/fastcgi_params",
    "/etc/nginx/koi-utf",
    "/etc/nginx/koi-win",
    "/etc/nginx/mime.types",
    "/etc/nginx/modules-available/",
    "/etc/nginx/modules-enabled/",
    "/etc/nginx/nginx.conf",
    "/etc/nginx/proxy_params",
    "/etc/nginx/scgi_params",
    "/etc/nginx/sites-available/default",
    "/etc/nginx/sites-enabled/default",
    "/etc/nginx/snippets/fastcgi-php.conf",
    "/etc/nginx/snippets/snakeoil.conf",
    "/etc/nginx/uwsgi_params",
    "/etc/nginx/win-utf",
    "/usr/share/nginx/",
    "/var/lib/nginx/",
    "/var/log/nginx/",
    "/var/www/html/index.nginx-debian.html",
  ],
  services: ["nginx"],
  programs: ["nginx"],
});

const redis = learned({
  trees: ["/etc/redis", "/var/lib/redis", "/var/log/redis"],
  brings: [
    "/etc/default/redis-server",
    "/etc/logrotate.d/redis-server",
    "/etc/redis/redis.conf",
    "/var/lib/redis/",
    "/var/log/redis/",
  ],
  users: ["redis"],
  groups: ["redis"],
  services: ["redis", "redis-server"],
  programs: ["redis-benchmark", "redis-check-aof", "redis-check-rdb", "redis-cli", "redis-server"],
});

const rsyslog = learned({
  trees: ["/etc/rsyslog.d", "/var/spool/rsyslog"],
  brings: ["/etc/logrotate.d/rsyslog", "/etc/rsyslog.conf", "/var/spool/rsyslog/"],
  services: ["rsyslog", "syslog"],
  programs: ["rsyslogd"],
});

/** Modules that are switched on when apache2 is installed; about half of them have a `.conf` as well. */
const modulesOfApache = [
  "access_compat",
  "alias",
  "auth_basic",
  "authn_core",
  "authn_file",
  "authz_core",
  "authz_host",
  "authz_user",
  "autoindex",
  "deflate",
  "dir",
  "env",
  "filter",
  "mime",
  "mpm_event",
  "negotiation",
  "reqtimeout",
  "setenvif",
  "status",
];

/** Packages of the Debian family by name. */
const debian: Readonly<Record<string, LearnedPackage>> = {
  apache2: learned({
    trees: [
      "/etc/apache2",
      "/usr/share/apache2",
      "/var/cache/apache2",
      "/var/lib/apache2",
      "/var/log/apache2",
      "/var/www",
    ],
    brings: [
      "/etc/apache2/apache2.conf",
      "/etc/apache2/conf-available/charset.conf",
      "/etc/apache2/conf-available/localized-error-pages.conf",
      "/etc/apache2/conf-available/other-vhosts-access-log.conf",
      "/etc/apache2/conf-available/security.conf",
      "/etc/apache2/conf-available/serve-cgi-bin.conf",
      "/etc/apache2/conf-enabled/charset.conf",
      "/etc/apache2/conf-enabled/localized-error-pages.conf",
      "/etc/apache2/conf-enabled/other-vhosts-access-log.conf",
      "/etc/apache2/conf-enabled/security.conf",
      "/etc/apache2/conf-enabled/serve-cgi-bin.conf",
      "/etc/apache2/envvars",
      "/etc/apache2/magic",
      "/etc/apache2/mods-available/",
      ...modulesOfApache.map((module) => `/etc/apache2/mods-enabled/${module}.load`),
      ...modulesOfApache.map((module) => `/etc/apache2/mods-enabled/${module}.conf`),
      "/etc/apache2/ports.conf",
      "/etc/apache2/sites-available/000-default.conf",
      "/etc/apache2/sites-available/default-ssl.conf",
      "/etc/apache2/sites-enabled/000-default.conf",
      "/etc/cron.daily/apache2",
      "/etc/default/apache-htcacheclean",
      "/etc/logrotate.d/apache2",
      "/usr/share/apache2/",
      "/var/cache/apache2/",
      "/var/lib/apache2/",
      "/var/log/apache2/",
      "/var/www/html/index.html",
    ],
    services: ["apache-htcacheclean", "apache2"],
    programs: [
      "a2disconf",
      "a2dismod",
      "a2dissite",
      "a2enconf",
      "a2enmod",
      "a2ensite",
      "ab",
      "apache2",
      "apache2ctl",
      "apachectl",
      "htdigest",
      "htpasswd",
      "rotatelogs",
    ],
  }),
  cron: learned({
    trees: [
      "/etc/cron.d",
      "/etc/cron.daily",
      "/etc/cron.hourly",
      "/etc/cron.monthly",
      "/etc/cron.weekly",
      "/var/spool/cron",
    ],
    brings: ["/etc/crontab", "/etc/default/cron", "/etc/pam.d/cron", "/var/spool/cron/"],
    groups: ["crontab"],
    services: ["cron"],
    programs: ["cron", "crontab"],
  }),
  curl: learned({ programs: ["curl"] }),
  git: learned({ programs: ["git"] }),
  "mariadb-client": learned({
    trees: ["/etc/mysql"],
    brings: ["/etc/mysql/mariadb.cnf", "/etc/mysql/mariadb.conf.d/50-client.cnf", "/etc/mysql/my.cnf"],
    programs: ["mariadb", "mariadb-admin", "mariadb-dump", "mysql", "mysqladmin", "mysqldump"],
  }),
  "mariadb-server": mariadb,
  "mysql-server": learned({
    trees: ["/etc/mysql", "/var/lib/mysql", "/var/log/mysql"],
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
  }),
  "default-mysql-server": mariadb,
  nginx,
  "nginx-extras": nginx,
  "nginx-full": nginx,
  "nginx-light": nginx,
  "openssh-server": learned({
    trees: ["/etc/ssh", "/run/sshd"],
    brings: [
      "/etc/default/ssh",
      "/etc/pam.d/sshd",
      "/etc/ssh/moduli",
      "/etc/ssh/ssh_host_ecdsa_key",
      "/etc/ssh/ssh_host_ecdsa_key.pub",
      "/etc/ssh/ssh_host_ed25519_key",
      "/etc/ssh/ssh_host_ed25519_key.pub",
      "/etc/ssh/ssh_host_rsa_key",
      "/etc/ssh/ssh_host_rsa_key.pub",
      "/etc/ssh/sshd_config",
    ],
    users: ["sshd"],
    services: ["ssh", "sshd"],
    programs: ["sshd"],
  }),
  openssl: learned({
    trees: ["/etc/ssl/certs", "/etc/ssl/private"],
    brings: ["/etc/ssl/openssl.cnf"],
    programs: ["openssl"],
  }),
  redis,
  "redis-server": redis,
  rsyslog,
  sudo: learned({
    trees: ["/etc/sudoers.d"],
    brings: ["/etc/pam.d/sudo", "/etc/pam.d/sudo-i", "/etc/sudo.conf", "/etc/sudoers", "/etc/sudoers.d/README"],
    groups: ["sudo"],
    services: ["sudo"],
    programs: ["sudo", "visudo"],
  }),
  "unattended-upgrades": learned({
    trees: ["/etc/apt/apt.conf.d"],
    brings: [
      "/etc/apt/apt.conf.d/20auto-upgrades",
      "/etc/apt/apt.conf.d/50unattended-upgrades",
      "/etc/logrotate.d/unattended-upgrades",
    ],
    services: ["unattended-upgrades"],
    programs: ["unattended-upgrade", "unattended-upgrades"],
  }),
};

/** The version of PHP that a release's unversioned packages bring. */
const phpOfRelease: Readonly<Record<string, string>> = {
  "debian 11": "7.4",
  "debian 12": "8.2",
  "debian 13": "8.4",
  "ubuntu 20.04": "7.4",
  "ubuntu 22.04": "8.1",
  "ubuntu 24.04": "8.3",
};

/** The version of PostgreSQL that a release's unversioned package brings. */
const postgresqlOfRelease: Readonly<Record<string, string>> = {
  "debian 11": "13",
  "debian 12": "15",
  "debian 13": "17",
  "ubuntu 20.04": "12",
  "ubuntu 22.04": "14",
  "ubuntu 24.04": "16",
};

function php(version: string, part: string): LearnedPackage {
  const etc = `/etc/php/${version}`;
  const ini = [`${etc}/mods-available/`, `${etc}/cli/php.ini`];
  if (part === "fpm") {
    return learned({
      trees: [etc, "/var/lib/php", "/run/php"],
      brings: [
        ...ini,
        `${etc}/fpm/conf.d/`,
        `${etc}/fpm/php-fpm.conf`,
        `${etc}/fpm/php.ini`,
        `${etc}/fpm/pool.d/www.conf`,
        `/etc/apache2/conf-available/php${version}-fpm.conf`,
        `/etc/logrotate.d/php${version}-fpm`,
        "/var/lib/php/",
      ],
      services: [`php${version}-fpm`],
      programs: [`php-fpm${version}`],
    });
  }
  return learned({
    trees: [etc, "/var/lib/php"],
    brings: [...ini, `${etc}/cli/conf.d/`, "/var/lib/php/"],
    programs: part === "cli" || part === "" ? ["php", `php${version}`] : [],
  });
}

function postgresql(version: string): LearnedPackage {
  const main = `/etc/postgresql/${version}/main`;
  return learned({
    trees: ["/etc/postgresql", "/etc/postgresql-common", "/var/lib/postgresql", "/var/log/postgresql"],
    brings: [
      ...["environment", "pg_ctl.conf", "pg_hba.conf", "pg_ident.conf", "postgresql.conf", "start.conf"].map(
        (name) => `${main}/${name}`,
      ),
      "/etc/logrotate.d/postgresql-common",
      "/etc/postgresql-common/",
      "/var/lib/postgresql/",
      "/var/log/postgresql/",
    ],
    users: ["postgres"],
    groups: ["postgres"],
    services: ["postgresql", `postgresql@${version}-main`],
    programs: ["createdb", "createuser", "pg_ctlcluster", "pg_dump", "pg_isready", "pg_lsclusters", "psql"],
  });
}

/** What is known of a package beyond its name on this system; undefined when nothing is. */
export function learnedPackage(name: string, facts: Facts): LearnedPackage | undefined {
  if (facts.os.family !== "debian") return undefined;
  if (Object.hasOwn(debian, name)) return debian[name];
  const release = `${facts.os.id} ${facts.os.version}`;
  const phpName = /^php(\d+\.\d+)?(?:-(\w+))?$/.exec(name);
  if (phpName) {
    const version = phpName[1] ?? phpOfRelease[release];
    return version === undefined ? undefined : php(version, phpName[2] ?? "");
  }
  const postgresqlName = /^postgresql(?:-(\d+))?$/.exec(name);
  if (postgresqlName) {
    const version = postgresqlName[1] ?? postgresqlOfRelease[release];
    return version === undefined ? undefined : postgresql(version);
  }
  return undefined;
}

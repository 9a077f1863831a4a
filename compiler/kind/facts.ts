/** What is known of one machine before its catalog is compiled; the value of `host`. Every field is read in frame 0. */
export interface Facts {
  /** How the recipe or the command line calls the machine. */
  readonly name: string;
  readonly hostname: string;
  readonly os: {
    readonly family: "alpine" | "arch" | "debian" | "redhat" | "suse" | "other";
    /** `ID` of os-release: `debian`, `ubuntu` … */
    readonly id: string;
    /** `VERSION_ID` of os-release: `12`. */
    readonly version: string;
    /** `VERSION_CODENAME`: `bookworm`; empty when the system has none. */
    readonly codename: string;
  };
  /** As `uname -m` says: `x86_64`, `aarch64`. */
  readonly architecture: string;
  /** Processors that are online. */
  readonly cpus: number;
  /** Bytes of main memory. */
  readonly memory: number;
  /** The address of the interface with the default route, else the first; empty when there is none. */
  readonly address: string;
  /** All global addresses, IPv4 first. */
  readonly addresses: readonly string[];
  readonly init: "openrc" | "systemd" | "none" | "other";
  readonly package_manager: "apk" | "apt" | "dnf" | "none" | "pacman" | "zypper";
}

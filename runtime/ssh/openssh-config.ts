import { execFile } from "node:child_process";
import { userInfo } from "node:os";
import { join } from "node:path";
import type { ClientConfigQuery } from "./client-config.ts";

/** How long `ssh -G` may take, in milliseconds: a `Match exec` in it runs commands of the person's own. */
const patience = 10_000;

/** Identity files that `ssh -G` names when the configuration names none. */
const isDefaultIdentity = (path: string): boolean =>
  /^~\/\.ssh\/id_(rsa|ecdsa|ecdsa_sk|ed25519|ed25519_sk|xmss|dsa)$/.test(path);

/** What the system's ssh makes of its configuration for a host, as lists of words by option; or why it did not say. */
export async function askOpenSsh(
  query: ClientConfigQuery,
): Promise<ReadonlyMap<string, readonly string[]> | { readonly problem: string }> {
  const words = [
    "-G",
    ...configFile(query),
    ...(query.user === undefined ? [] : ["-l", query.user]),
    ...(query.port === undefined ? [] : ["-p", String(query.port)]),
    "--",
    query.host,
  ];
  const { promise, resolve } = Promise.withResolvers<
    ReadonlyMap<string, readonly string[]> | { readonly problem: string }
  >();
  const environment = Object.fromEntries(Object.entries(query.environment).filter(([, value]) => value !== undefined));
  execFile("ssh", words, { env: { ...environment, HOME: query.home }, timeout: patience }, (error, output, errors) => {
    if (!error) resolve(parse(output));
    else if (error.code === "ENOENT") resolve({ problem: "there is no ssh here that could be asked" });
    else resolve({ problem: `ssh -G failed: ${errors.trim().split("\n").at(-1) || error.message}` });
  });
  return promise;
}

/** ssh reads the home folder of the account, whatever HOME says; with -F it reads no configuration of the system. */
function configFile({ userFile, home }: ClientConfigQuery): readonly string[] {
  if (userFile !== undefined) return ["-F", userFile];
  return home === userInfo().homedir ? [] : ["-F", join(home, ".ssh/config")];
}

function parse(output: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const line of output.split("\n")) {
    const [option = "", ...values] = line.trim().split(/\s+/);
    if (option === "") continue;
    const known = found.get(option);
    if (known) known.push(...values);
    else found.set(option, values);
  }
  // What ssh names by itself is no wish of the person's: our own defaults lie in the same places.
  if (found.get("identityfile")?.every(isDefaultIdentity) === true) found.delete("identityfile");
  const ownHosts = ["known_hosts", "known_hosts2"].map((name) => join(userInfo().homedir, ".ssh", name));
  if (found.get("userknownhostsfile")?.join(" ") === ownHosts.join(" ")) found.delete("userknownhostsfile");
  return found;
}

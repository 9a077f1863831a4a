/**
 * A caching HTTP proxy for apt, for a bridge of our own:
 *   node caching-proxy.ts ADDRESS FOLDER MIRROR-HOSTS [UPSTREAM-PROXY]
 * MIRROR-HOSTS is a comma-separated list; `host=https` means that the mirror wants TLS. Any other host is refused.
 * Prints its port, and ends when its standard input does, so it never outlives the process that started it.
 */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { createServer, request as plainRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { request as secureRequest } from "node:https";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

const [address = "", folder = "", hosts = "", upstreamProxy] = process.argv.slice(2);
const mirrors = new Map(hosts.split(",").map((host) => [host.replace(/=https$/, ""), host.endsWith("=https")]));
const underway = new Map<string, Promise<string | number>>();

/** Names whose contents never change: packages, and indexes called by their hash. */
function isImmutable(url: URL): boolean {
  return url.pathname.includes("/pool/") || url.pathname.includes("/by-hash/");
}

/** Brings a file into the cache; answers its path there, or the status that the mirror refused it with. */
async function bring(url: URL): Promise<string | number> {
  const path = join(folder, createHash("sha256").update(url.href).digest("hex"));
  if (isImmutable(url) && existsSync(path)) return path;
  try {
    const answer = await ask(url, 3);
    if (answer.statusCode !== 200) {
      answer.resume();
      return answer.statusCode ?? 502;
    }
    const partial = `${path}.${randomUUID()}`;
    try {
      await pipeline(answer, createWriteStream(partial));
      renameSync(partial, path);
    } finally {
      rmSync(partial, { force: true });
    }
  } catch (error) {
    // The last copy of an index serves as well when the mirror cannot be reached.
    if (!existsSync(path)) throw error;
  }
  return path;
}

function ask(url: URL, redirects: number): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const received = (answer: IncomingMessage): void => {
      const { location } = answer.headers;
      if (location === undefined || redirects === 0) return resolve(answer);
      answer.resume();
      ask(new URL(location, url), redirects - 1).then(resolve, reject);
    };
    const timeout = 60_000;
    const secure = url.protocol === "https:" || mirrors.get(url.host) === true;
    const outgoing = secure
      ? secureRequest(new URL(url.href.replace(/^http:/, "https:")), { timeout }, received)
      : upstreamProxy === undefined
        ? plainRequest(url, { timeout }, received)
        : plainRequest(new URL(upstreamProxy), { path: url.href, headers: { host: url.host }, timeout }, received);
    outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer from ${url.host}`)));
    outgoing.on("error", reject);
    outgoing.end();
  });
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = URL.canParse(request.url ?? "") ? new URL(request.url ?? "") : undefined;
  if (!url || url.protocol !== "http:" || !mirrors.has(url.host) || request.method !== "GET") {
    response.writeHead(403).end();
    return;
  }
  const work = underway.get(url.href) ?? bring(url).finally(() => underway.delete(url.href));
  underway.set(url.href, work);
  const result = await work;
  if (typeof result === "number") {
    response.writeHead(result).end();
    return;
  }
  response.writeHead(200);
  await pipeline(createReadStream(result), response);
}

mkdirSync(folder, { recursive: true });
const server = createServer((request, response) => {
  serve(request, response).catch((error: unknown) => {
    if (!response.headersSent) response.writeHead(502);
    response.end(String(error));
  });
});
server.listen(0, address, () => {
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("no port");
  process.stdout.write(`${bound.port}\n`);
});
process.stdin.resume().on("end", () => process.exit());

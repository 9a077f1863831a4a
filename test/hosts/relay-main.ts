/**
 * A TCP relay that makes a connection worse: node relay-main.ts LISTEN-ADDRESS TARGET-ADDRESS TARGET-PORT DELAY CUT
 * DELAY is in milliseconds for each direction. CUT is the number of bytes from the target after which the client's
 * connection is reset, or -1. Prints its port; a line "reset" or "hang" on standard input resets the connections that
 * are open or stops carrying their bytes. Ends when standard input does.
 */
import { connect, createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";

const [listen = "", target = "", port = "", delay = "0", cut = "-1"] = process.argv.slice(2);
const cutAfter = Number(cut);

interface Pair {
  client: Socket;
  server: Socket;
}
const open = new Set<Pair>();

const relay = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
  const server = connect({ host: target, port: Number(port), noDelay: true, allowHalfOpen: true });
  const pair = { client, server };
  open.add(pair);
  let left = cutAfter;
  carry(client, server, (chunk) => server.write(chunk));
  carry(server, client, (chunk) => {
    if (left < 0 || chunk.length < left) {
      if (left >= 0) left -= chunk.length;
      client.write(chunk);
      return;
    }
    // A reset would overtake bytes that are still in the socket's queue.
    client.write(chunk.subarray(0, left), () => reset(pair));
  });
  const end = (): void => {
    open.delete(pair);
    client.destroy();
    server.destroy();
  };
  for (const socket of [client, server]) socket.on("error", end).on("close", end);
});

function carry(from: Socket, to: Socket, write: (chunk: Buffer) => void): void {
  // Timers of one length fire in the order they were set, so chunks keep theirs.
  from.on("data", (chunk) => setTimeout(() => !to.destroyed && write(chunk), Number(delay)));
  from.on("end", () => setTimeout(() => to.end(), Number(delay)));
}

function reset({ client, server }: Pair): void {
  client.resetAndDestroy();
  server.resetAndDestroy();
}

relay.listen(0, listen, () => {
  const bound = relay.address();
  if (bound === null || typeof bound === "string") throw new Error("no port");
  process.stdout.write(`${bound.port}\n`);
});

createInterface(process.stdin)
  .on("line", (line) => {
    for (const pair of open) {
      if (line === "reset") reset(pair);
      else
        for (const socket of [pair.client, pair.server])
          socket.removeAllListeners("data").removeAllListeners("end").pause();
    }
  })
  .on("close", () => process.exit());

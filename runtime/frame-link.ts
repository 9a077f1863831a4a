import type { Carrier } from "./transports/carrier.ts";
import { FrameScanner } from "./frame-scanner.ts";
import { ConnectionLost, type Frame, type FrameResult, type Watch, type Watching } from "./session.ts";

/** The most that one frame may answer, in bytes; more than that is no honest answer. */
export const longestAnswer = 64 * 1024 * 1024;
const longestErrors = 4096;
const newline = Buffer.from("\n");

interface Pending {
  readonly head: string;
  readonly script: Buffer;
  readonly input: readonly Uint8Array[];
  readonly onOutput: ((bytes: Uint8Array) => void) | undefined;
  readonly resolve: (result: FrameResult) => void;
  readonly reject: (error: Error) => void;
  readonly isWatch: boolean;
  chunks: Buffer[];
  length: number;
}

/** Sends frames to a resident shell and pairs its answers with them. Frames are sent ahead, except past a watch. */
export class FrameLink {
  readonly #carrier: Carrier;
  readonly #scanner: FrameScanner;
  readonly #errorScanner: FrameScanner;
  readonly #sent: Pending[] = [];
  readonly #waiting: Pending[] = [];
  readonly #onMark: (words: string) => void;
  #begun = false;
  #watching = false;
  #lost: ConnectionLost | undefined;
  #errors = "";
  /** What frames wrote to standard error that have ended there but not yet on standard output, and the other way round. */
  readonly #endedErrors: string[] = [];
  readonly #endedFrames: ((errors: string) => void)[] = [];
  #noise = "";

  /** `onMark` hears the marks that come before the first frame: such as `ready` and `password`. */
  constructor(carrier: Carrier, nonce: string, onMark: (words: string) => void) {
    this.#carrier = carrier;
    this.#onMark = onMark;
    this.#scanner = new FrameScanner(nonce, {
      onBytes: (bytes) => this.#take(bytes),
      onMark: (words) => this.#mark(words),
    });
    carrier.out.on("data", (chunk: Buffer) => this.#scanner.push(chunk));
    this.#errorScanner = new FrameScanner(nonce, {
      onBytes: (bytes) => {
        this.#errors = (this.#errors + bytes.toString("utf8")).slice(-longestErrors);
      },
      onMark: () => this.#endErrors(),
    });
    carrier.err.on("data", (chunk: Buffer) => this.#errorScanner.push(chunk));
    carrier.in.on("error", () => undefined);
    void carrier.done.then((how) => this.fail(how));
  }

  /** What was printed before the shell was ready: banners, and why it did not come up. */
  get noise(): string {
    return this.#noise;
  }

  /** The end of standard error so far. */
  get errors(): string {
    return this.#errors;
  }

  /** Marks from now on carry another nonce. */
  expect(nonce: string): void {
    this.#scanner.expect(nonce);
    this.#errorScanner.expect(nonce);
  }

  /** Sends bytes as they are: the header, a password. */
  send(bytes: Uint8Array): void {
    this.#carrier.in.write(bytes);
  }

  /** Puts a frame in line without sending it; the bytes to send for it, so that several can be sent at once. */
  enqueue(mode: "define" | "run", frame: Frame): { readonly bytes: Buffer; readonly result: Promise<FrameResult> } {
    let pending: Pending | undefined;
    const result = new Promise<FrameResult>((resolve, reject) => {
      pending = this.#pending(mode, "", frame, resolve, reject);
    });
    if (!pending) throw new Error("a promise runs its function at once");
    this.#sent.push(pending);
    return { bytes: Buffer.concat(piecesOf(pending)), result };
  }

  async run(frame: Frame): Promise<FrameResult> {
    if (this.#lost) throw this.#lost;
    return new Promise<FrameResult>((resolve, reject) => {
      this.#waiting.push(this.#pending("run", "", frame, resolve, reject));
      this.#sendWaiting();
    });
  }

  watch(watch: Watch): Watching {
    if (!/^[A-Za-z0-9 -]*$/.test(watch.words)) throw new Error("words of a watch are letters, digits and dashes");
    let ended = false;
    let pending: Pending | undefined;
    const done = new Promise<void>((resolve, reject) => {
      if (this.#lost) return reject(this.#lost);
      pending = this.#pending("watch", watch.words, watch, () => resolve(), reject);
      this.#waiting.push(pending);
      this.#sendWaiting();
    });
    done.catch(() => undefined);
    return {
      done,
      end: () => {
        if (ended || !pending || this.#lost) return;
        ended = true;
        this.#watching = false;
        const at = this.#waiting.indexOf(pending);
        if (at === -1) {
          this.send(Buffer.from("\n"));
        } else {
          this.#waiting.splice(at, 1);
          pending.resolve({ status: 0, output: Buffer.alloc(0) });
        }
        this.#sendWaiting();
      },
    };
  }

  /** Ends everything that is under way. */
  fail(how: string): void {
    if (this.#lost) return;
    this.#lost = new ConnectionLost(how);
    for (const pending of [...this.#sent.splice(0), ...this.#waiting.splice(0)]) pending.reject(this.#lost);
  }

  #pending(
    mode: "define" | "run" | "watch",
    words: string,
    frame: Frame,
    resolve: Pending["resolve"],
    reject: Pending["reject"],
  ): Pending {
    const script = Buffer.from(frame.script, "latin1");
    const isWhole = mode === "define";
    if (script.length === 0 || script.some((byte) => byte > 126 || (byte < 32 && !(isWhole && byte !== 0)))) {
      throw new Error("a frame's script is one line of ASCII");
    }
    const input = frame.input instanceof Uint8Array ? [frame.input] : (frame.input ?? []);
    const length = isWhole ? script.length : input.reduce((total, piece) => total + piece.length, 0);
    return {
      head: `${mode} ${length} ${words}\n`,
      script: isWhole ? script : Buffer.concat([script, newline]),
      input,
      onOutput: frame.onOutput,
      resolve,
      reject,
      isWatch: mode === "watch",
      chunks: [],
      length: 0,
    };
  }

  #sendWaiting(): void {
    while (!this.#watching) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#watching = next.isWatch;
      this.#sent.push(next);
      for (const piece of piecesOf(next)) this.send(piece);
    }
  }

  #take(bytes: Buffer): void {
    const pending = this.#sent[0];
    if (!this.#begun || !pending) {
      this.#noise = (this.#noise + bytes.toString("utf8")).slice(-longestErrors);
      return;
    }
    pending.onOutput?.(bytes);
    if (pending.isWatch) return;
    pending.length += bytes.length;
    if (pending.length > longestAnswer) {
      this.fail(`the answer is longer than ${longestAnswer / 1024 / 1024} MB`);
      this.#carrier.close();
      return;
    }
    pending.chunks.push(bytes);
  }

  #mark(words: string): void {
    const [word, status] = words.split(" ");
    if (word === "begin") {
      this.#begun = true;
    } else if (word === "end" && this.#begun) {
      this.#begun = false;
      const done = this.#sent.shift();
      this.#withErrors((errors) => {
        done?.resolve({ status: Number(status), output: Buffer.concat(done.chunks), errors });
      });
    } else if (!this.#begun) {
      this.#onMark(words);
    }
  }

  /** Standard error has a channel of its own, so a frame's end comes on each. */
  #withErrors(use: (errors: string) => void): void {
    const errors = this.#endedErrors.shift();
    if (errors !== undefined) {
      use(errors);
      return;
    }
    let isUsed = false;
    const useOnce = (text: string) => {
      if (!isUsed) use(text);
      isUsed = true;
    };
    this.#endedFrames.push(useOnce);
    setTimeout(() => useOnce(this.#errors), errorsPatience).unref();
  }

  #endErrors(): void {
    const errors = this.#errors;
    this.#errors = "";
    const waiting = this.#endedFrames.shift();
    if (waiting) waiting(errors);
    else this.#endedErrors.push(errors);
  }
}

/** How long the end of standard error may come after that of standard output, in milliseconds. */
const errorsPatience = 200;

/** What is sent for a frame: small pieces together, large ones as they are. */
function piecesOf({ head, script, input }: Pending): readonly Uint8Array[] {
  const pieces = [Buffer.from(head), script, ...input];
  return pieces.some((piece) => piece.length > largePiece) ? pieces : [Buffer.concat(pieces)];
}

const largePiece = 65_536;

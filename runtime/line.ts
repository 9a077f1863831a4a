import { type ConnectFailure, ConnectionLost, type Session } from "./session.ts";

const reconnectDelays = [300, 1500, 4000];

/** Opens another session to the same host when the connection was cut. */
export type Reconnect = () => Promise<Session | ConnectFailure>;

/** A session that is replaced by a new one when its carrier breaks. */
export class Line {
  session: Session;
  readonly #reconnect: Reconnect | undefined;

  constructor(session: Session, reconnect: Reconnect | undefined) {
    this.session = session;
    this.#reconnect = reconnect;
  }

  /** Does the work, again from its start on a new session after each cut; rejects with `ConnectionLost` when there is none. */
  async try<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        return await work(this.session);
      } catch (error) {
        if (!(error instanceof ConnectionLost) || !this.#reconnect) throw error;
        this.session = await this.#open(error, this.#reconnect);
      }
    }
  }

  async #open(lost: ConnectionLost, reconnect: Reconnect): Promise<Session> {
    let why = lost.message;
    for (const delay of reconnectDelays) {
      await new Promise((resolve) => setTimeout(resolve, delay));
      const opened = await reconnect();
      if ("run" in opened) return opened;
      why = opened.message;
    }
    throw new ConnectionLost(why);
  }
}

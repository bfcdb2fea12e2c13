// Who reads the tail: sockets that may sleep, at the ledger of requests. Its answer to a taking tells of them, so that
// nothing is asked, and nothing costs, while there are none.
import type { Listener, Showing } from "./entries.js";
import type { LedgerSocket, LedgerState } from "./platform.js";

declare const WebSocketPair: new () => { readonly 0: WebSocket; readonly 1: WebSocket };

/** How many may listen to one forwarder, or to one tenant of it, at once. */
const MOST = 8;

/** The sockets of one Durable Object. */
export class Listeners {
  readonly #state: LedgerState;

  constructor(state: LedgerState) {
    this.#state = state;
  }

  /** Who listens. */
  all(): Listener[] {
    return this.#state.getWebSockets().map(listener);
  }

  /** Lets one in more; 429 where too many listen already. */
  add(query: string): Response {
    if (this.#state.getWebSockets().length >= MOST) return new Response(null, { status: 429 });
    const { 0: theirs, 1: ours } = new WebSocketPair();
    this.#state.acceptWebSocket(ours as never);
    (ours as unknown as LedgerSocket).serializeAttachment({ id: crypto.randomUUID(), query });
    return new Response(null, { status: 101, webSocket: theirs } as ResponseInit);
  }

  /** Gives each what is for it. A socket never waits: whoever reads from it drops what nobody fetches. */
  show(showings: readonly Showing[]): void {
    for (const socket of this.#state.getWebSockets()) {
      const { id } = listener(socket);
      for (const { events, lost } of showings.filter((showing) => showing.id === id)) {
        try {
          socket.send(JSON.stringify({ events, lost }));
        } catch {
          // It has gone.
        }
      }
    }
  }
}

const listener = (socket: LedgerSocket): Listener => socket.deserializeAttachment() as Listener;

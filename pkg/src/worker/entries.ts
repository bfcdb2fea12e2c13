// What is asked of a ledger, and what it answers; and who asks.
import type { Report } from "../types.js";
import type { LedgerBinding } from "./platform.js";

/** A batch as the ledger has it. */
export interface Entry {
  readonly id: string;
  readonly records: number;
}

/** What a try to deliver ended with; the words of `interpret()`, and two of the forwarder's own. */
export type TryOutcome =
  | "delivered"
  | "retry"
  | "split"
  | "dead"
  | "stop"
  | "partial"
  /** Tried too often, or for too long. */
  | "given up"
  /** Nothing could be sent: a secret is missing, or who signs. */
  | "unsent";

/** What became of a batch: its records are delivered, dead, or go on in other batches. */
export interface Settlement extends Entry {
  readonly delivered: number;
  readonly dead: number;
  readonly children: readonly Entry[];
}

/** What a destination may be sent in a minute (a route's `quota`). */
export interface Allowance {
  readonly records?: number;
  readonly bytes?: number;
}

/** How it stands with a destination. */
export interface Standing {
  /** Records of batches that were taken. */
  readonly taken: number;
  readonly delivered: number;
  readonly dead: number;
  /** What remains: in the queue. */
  readonly waiting: number;
  /** When the oldest batch was taken that waits, in milliseconds since 1970; 0 where none does. */
  readonly oldest: number;
  /** Tries by what they ended with. */
  readonly tries: Readonly<Record<string, number>>;
  /** Until when the destination is left alone, in milliseconds since 1970. */
  readonly pausedUntil: number;
  /** How often in a row it took nothing. */
  readonly failures: number;
}

/** By name, what is asked and answered. All times are milliseconds since 1970. */
export interface LedgerCalls {
  /** Whether a request was taken before under this name. */
  readonly seen: [{ readonly request: string }, { readonly records?: number }];
  /** A request was taken whole. */
  readonly close: [{ readonly request: string; readonly report: Report; readonly now: number }, object];
  /** Batches were put into the destination's queue; or, `settled`, where they belong. */
  readonly enter: [
    { readonly entries: readonly Entry[]; readonly settled?: boolean; readonly now: number },
    object,
  ];
  /** Which of some batches may be tried: `go`, `settled` for those that need nothing more, or seconds to wait. */
  readonly begin: [
    {
      readonly batches: readonly (Entry & { readonly bytes: number })[];
      readonly quota: Allowance;
      readonly now: number;
    },
    { readonly verdicts: readonly ("go" | "settled" | number)[] },
  ];
  /** A try ended; with a settlement where the batch is done with. `after`: seconds that the receiver wants to be left alone. */
  readonly tried: [
    {
      readonly outcome: TryOutcome;
      readonly after?: number | undefined;
      readonly settlement?: Settlement | undefined;
      readonly now: number;
    },
    { readonly wait: number },
  ];
  /** How it stands with a destination. */
  readonly standing: [object, Standing];
  /** The sum of the reports of all requests, if there were any. */
  readonly report: [object, { readonly report?: Report }];
  /** Forgets what was settled before a time. */
  readonly forget: [{ readonly before: number }, object];
}

/** Asks a ledger: that of a destination by the route's name, or that of the requests. */
export class Ledgers {
  readonly #binding: LedgerBinding;

  constructor(binding: LedgerBinding) {
    this.#binding = binding;
  }

  /** @param route undefined for the ledger of requests */
  async ask<K extends keyof LedgerCalls>(
    route: string | undefined,
    call: K,
    given: LedgerCalls[K][0],
  ): Promise<LedgerCalls[K][1]> {
    const id = this.#binding.idFromName(route === undefined ? "requests" : `route:${route}`);
    const request = new Request(`https://ledger/${call}`, { method: "POST", body: JSON.stringify(given) });
    const response = await this.#binding.get(id as never).fetch(request);
    if (!response.ok) throw new Error("the ledger did not answer");
    return response.json() as Promise<LedgerCalls[K][1]>;
  }
}

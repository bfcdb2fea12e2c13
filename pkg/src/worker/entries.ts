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
  /** The object that has its body and others, and how many. */
  readonly bundle?: { readonly key: string; readonly parts: number };
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

/** Somebody who reads the tail. */
export interface Listener {
  readonly id: string;
  /** The query that events are to match; all do that match the empty one. */
  readonly query: string;
}

/** What is for a listener: events, each JSON on a line, and how many there were besides that nobody looked at. */
export interface Showing {
  readonly id: string;
  readonly events: readonly string[];
  readonly lost: number;
}

/** When events of a type came from a source; of the empty type, all of its records. */
export interface Sighting {
  readonly source: string;
  readonly type: string;
  readonly records: number;
  readonly first: number;
  readonly last: number;
}

/** What is to come from a source at least once in so many seconds; of the empty type, anything. */
export interface Expectation {
  readonly source: string;
  readonly type: string;
  readonly silence: number;
  /** Also where nothing has ever come from the source. */
  readonly always: boolean;
}

/** A silence that began or ended. */
export interface Silence {
  readonly source: string;
  readonly type: string;
  readonly state: "begun" | "ended";
  /** When something came last before it; 0 where nothing ever has. */
  readonly since: number;
  readonly seconds: number;
}

/** What became of a batch, and of those that it was split into. */
export interface Fate {
  readonly records: number;
  readonly delivered: number;
  readonly dead: number;
  /** What the last try ended with, and why, in fixed words. */
  readonly last?: string;
}

/** By name, what is asked and answered. All times are milliseconds since 1970. */
export interface LedgerCalls {
  /**
   * A request wants to be taken. `records` where it was before, under this name; `at`, when it was tried first; `wait`,
   * seconds until there is room again in what may be taken in a minute.
   */
  readonly open: [
    { readonly request?: string | undefined; readonly quota?: Allowance | undefined; readonly now: number },
    { readonly records?: number; readonly at: number; readonly wait?: number },
  ];
  /**
   * A request was taken whole; tells who listens. `records`: of the whole request, where others have a part in it. The
   * empty source is the forwarder itself.
   */
  readonly close: [
    {
      readonly request: string;
      readonly source: string;
      readonly records: number;
      readonly report: Report;
      readonly now: number;
    },
    { readonly listeners: readonly Listener[] },
  ];
  /** Gives listeners what is for them. */
  readonly show: [{ readonly showings: readonly Showing[] }, object];
  /** What came from where. */
  readonly sources: [
    object,
    { readonly sightings: readonly Sighting[]; readonly silent: readonly Silence[] },
  ];
  /** Which silences have begun or ended, and were not told. */
  readonly watch: [
    { readonly expectations: readonly Expectation[]; readonly now: number },
    { readonly silences: readonly Silence[] },
  ];
  /** A silence's beginning or end was told. */
  readonly told: [{ readonly silence: Silence }, object];
  /** Keeps a text under a name, of the last few that were kept. */
  readonly note: [{ readonly name: string; readonly text: string; readonly now: number }, object];
  /** Gives it back. */
  readonly noted: [{ readonly name: string }, { readonly text?: string }];
  /** What became of batches. */
  readonly fates: [{ readonly ids: readonly string[] }, { readonly fates: readonly Fate[] }];
  /** Batches were put into the destination's queue; or, `settled`, where they belong. */
  readonly enter: [
    { readonly entries: readonly Entry[]; readonly settled?: boolean; readonly now: number },
    object,
  ];
  /** Which of some batches may be tried: `go`, `settled` for those that need nothing more, or seconds to wait. */
  readonly begin: [
    {
      readonly batches: readonly (Entry & { readonly bytes: number; readonly address: string })[];
      readonly quota: Allowance;
      readonly now: number;
    },
    { readonly verdicts: readonly ("go" | "settled" | number)[] },
  ];
  /** A try ended; with a settlement where the batch is done with. `after`: seconds that the receiver wants to be left alone. */
  readonly tried: [
    {
      readonly id: string;
      /** Where it was to go: each address of a route has a breaker of its own. */
      readonly address: string;
      readonly outcome: TryOutcome;
      /** In fixed words. */
      readonly reason?: string | undefined;
      readonly after?: number | undefined;
      readonly settlement?: Settlement | undefined;
      readonly now: number;
    },
    /** `spent`: the batch was the last one of its bundle. */
    { readonly wait: number; readonly spent?: boolean },
  ];
  /** How it stands with a destination. */
  readonly standing: [object, Standing];
  /** The sum of the reports of all requests, if there were any. */
  readonly report: [object, { readonly report?: Report }];
  /** Forgets what was settled before a time. */
  readonly forget: [{ readonly before: number }, object];
}

/** Asks a ledger: that of a destination by the route's name, or that of the requests. Each tenant has its own. */
export class Ledgers {
  readonly #binding: LedgerBinding;
  readonly #prefix: string;

  constructor(binding: LedgerBinding, tenant: string | undefined) {
    this.#binding = binding;
    this.#prefix = tenant === undefined ? "" : `tenant:${encodeURIComponent(tenant)}/`;
  }

  /** @param route undefined for the ledger of requests */
  async ask<K extends keyof LedgerCalls>(
    route: string | undefined,
    call: K,
    given: LedgerCalls[K][0],
  ): Promise<LedgerCalls[K][1]> {
    const request = new Request(`https://ledger/${call}`, { method: "POST", body: JSON.stringify(given) });
    const response = await this.#stub(route).fetch(request);
    if (!response.ok) throw new Error("the ledger did not answer");
    return response.json() as Promise<LedgerCalls[K][1]>;
  }

  /** Listens: the answer has a socket, or none where too many do already. */
  async listen(query: string): Promise<Response> {
    const address = `https://ledger/listen?${new URLSearchParams({ query })}`;
    return this.#stub(undefined).fetch(new Request(address, { headers: { upgrade: "websocket" } }));
  }

  #stub(route: string | undefined) {
    const name = `${this.#prefix}${route === undefined ? "requests" : `route:${route}`}`;
    return this.#binding.get(this.#binding.idFromName(name) as never);
  }
}

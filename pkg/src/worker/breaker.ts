// Whether a destination may be tried: a circuit breaker, its own wishes, and what its route may send in a minute.
import type { Allowance, TryOutcome } from "./entries.js";

/** What is kept of it. */
export interface BreakerState {
  /** When it was asked for last. */
  readonly used: number;
  /** How often in a row the destination took nothing. */
  readonly failures: number;
  /** Until when it is left alone: milliseconds since 1970. */
  readonly until: number;
  /** The minute that is counted, and what went out in it. */
  readonly minute: number;
  readonly records: number;
  readonly bytes: number;
}

/** From so many failures in a row on, one batch at a time finds out whether the destination is back. */
const TOLERATED = 5;

/** Seconds that a destination is left alone at first, and at most; and where somebody has to mend the set-up. */
const PAUSE = { first: 10, most: 600, setUp: 300 };

const MINUTE = 60_000;

/** What nobody asked for in a day is forgotten, in milliseconds: a route may be sent elsewhere. */
const FORGOTTEN = 24 * 3_600_000;

/** The breakers of a route by the addresses that its batches go to: they keep theirs when the policy names another. */
export type BreakerStates = Readonly<Record<string, BreakerState>>;

/** The states with that of one address. */
export function withState(states: BreakerStates, address: string, state: BreakerState): BreakerStates {
  const others = Object.entries(states).filter(
    ([other, { used }]) => other !== address && state.used - used < FORGOTTEN,
  );
  return Object.fromEntries([...others, [address, state]]);
}

/** One destination's breaker at one time. */
export class Breaker {
  #state: BreakerState;
  readonly #now: number;

  constructor(state: BreakerState | undefined, now: number) {
    this.#state = { failures: 0, until: 0, minute: 0, records: 0, bytes: 0, ...state, used: now };
    this.#now = now;
  }

  /** What is to be kept. */
  get state(): BreakerState {
    return this.#state;
  }

  /** Seconds for which the destination is left alone. */
  get wait(): number {
    return Math.max(0, Math.ceil((this.#state.until - this.#now) / 1000));
  }

  /** Whether a batch may be tried, or how many seconds it waits. */
  admit({ records, bytes }: { records: number; bytes: number }, quota: Allowance): "go" | number {
    if (this.wait > 0) return this.wait;
    const minute = Math.floor(this.#now / MINUTE);
    const used = this.#state.minute === minute ? this.#state : { records: 0, bytes: 0 };
    const after = { records: used.records + records, bytes: used.bytes + bytes };
    const over = (["records", "bytes"] as const).some((name) => after[name] > (quota[name] ?? Infinity));
    // The first of a minute goes in any case: one larger than the quota would wait for ever.
    if (over && used.records > 0) return Math.ceil(((minute + 1) * MINUTE - this.#now) / 1000);
    this.#state = { ...this.#state, minute, ...after };
    if (this.#state.failures >= TOLERATED) this.#pause(PAUSE.first); // the others, until it is known how this one went
    return "go";
  }

  /** What a try ended with. */
  learn(outcome: TryOutcome, after = 0): void {
    if (outcome === "retry" || outcome === "stop" || outcome === "unsent") {
      const failures = this.#state.failures + 1;
      this.#state = { ...this.#state, failures };
      const doubled = PAUSE.first * 2 ** Math.min(failures - TOLERATED, 10);
      const own = failures < TOLERATED ? 0 : Math.min(doubled, PAUSE.most);
      this.#pause(Math.max(after, outcome === "retry" ? own : PAUSE.setUp));
    } else if (outcome !== "given up") {
      this.#state = { ...this.#state, failures: 0, until: 0 };
      this.#pause(after);
    }
  }

  #pause(seconds: number): void {
    this.#state = { ...this.#state, until: Math.max(this.#state.until, this.#now + seconds * 1000) };
  }
}

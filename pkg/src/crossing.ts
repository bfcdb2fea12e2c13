// One run on the other side of the border, and the memory traffic with it: one copy in, one copy (or a view) out.
import { type BorderEngine, type BorderRun, type Layout, type RouteLayout, slot } from "./border.js";
import { copyIn } from "./copy.js";
import { UsageError } from "./errors.js";
import { toPiece } from "./input.js";
import type { Lifeline } from "./instance.js";
import type { Counters } from "./report.js";
import { requestOf } from "./request.js";
import { type Now, setTime, timeText } from "./time.js";
import type { Batch, Bytes, Drift, Output, Place, Quarantined } from "./types.js";

/** Shared by all that is empty, which is most. */
const none: readonly never[] = Object.freeze([]);

/** Nothing to deliver, nothing withheld. */
export const empty: Output = Object.freeze({ batches: none, quarantined: none });

/**
 * A run across the border. After `process`, `push`, `end` or `finish` its outputs can be taken, until the next of
 * these calls. Every method throws a `FaultError` where the other side fails.
 */
export class Crossing {
  readonly layout: Layout;
  /** How many one-shots there have been. */
  calls = 0;
  readonly #lifeline: Lifeline;
  readonly #run: BorderRun;
  readonly #timely: boolean;
  /** Where the counter block begins in the memory, counted in numbers. */
  #at = 0;
  #freed = false;
  /** Somebody may ask for the time, and nobody said which: it is that of each call. */
  #clock = false;

  /** @param timely a template may write the time, or a query ask for it */
  constructor(lifeline: Lifeline, engine: BorderEngine, layout: Layout, timely: boolean) {
    this.#lifeline = lifeline;
    this.#timely = timely;
    this.layout = layout;
    try {
      this.#run = engine.run();
      this.#at = this.#run.counters() / 8;
    } catch (thrown) {
      throw lifeline.fault(thrown);
    }
  }

  /**
   * Says what time it is, from now on; left out, that of each call.
   *
   * @throws {UsageError} `W904` where it is no time, also if nobody asks for it
   */
  time(now: Now | undefined): void {
    const text = now === undefined ? undefined : timeText(now);
    if (!this.#timely) return;
    this.#clock = text === undefined;
    if (text !== undefined) this.#set(text);
  }

  #set(text: string): void {
    try {
      setTime(this.#run, text);
    } catch (thrown) {
      throw thrown instanceof UsageError ? thrown : this.#lifeline.fault(thrown);
    }
  }

  /** A one-shot: counters start from 0. */
  process(piece: Uint8Array | string, format: number): void {
    this.calls += 1;
    if (this.#clock) this.#set(timeText(Date.now()));
    try {
      this.#run.process(copyIn(this.#lifeline.instance, this.#run, piece), format);
      this.#at = this.#run.counters() / 8;
    } catch (thrown) {
      throw this.#lifeline.fault(thrown);
    }
  }

  /** Opens an input. */
  begin(format: number): void {
    try {
      this.#run.begin(format);
    } catch (thrown) {
      throw this.#lifeline.fault(thrown);
    }
  }

  /** Gives a piece of the open input. With `more`, what follows goes on in bodies that have room left. */
  push(piece: Uint8Array | string, more = false): void {
    toPiece(piece); // a stream's piece may have waited, and lost its bytes meanwhile
    if (this.#clock) this.#set(timeText(Date.now()));
    try {
      this.#run.push(copyIn(this.#lifeline.instance, this.#run, piece), more);
      this.#at = this.#run.counters() / 8;
    } catch (thrown) {
      throw this.#lifeline.fault(thrown);
    }
  }

  /** Closes the open input: its last record may have no newline. */
  end(): void {
    if (this.#clock) this.#set(timeText(Date.now()));
    try {
      this.#run.end();
      this.#at = this.#run.counters() / 8;
    } catch (thrown) {
      throw this.#lifeline.fault(thrown);
    }
  }

  /** After the last input: closes what the framings have open. */
  finish(): void {
    try {
      this.#run.finish();
      this.#at = this.#run.counters() / 8;
    } catch (thrown) {
      throw this.#lifeline.fault(thrown);
    }
  }

  /** What the last call gave. With `views` the bodies lie in the wasm memory, until the next call into the package. */
  output(views: boolean): Output {
    return { batches: this.batches(views), quarantined: this.quarantined() };
  }

  batches(views: boolean): readonly Batch[] {
    const { instance } = this.#lifeline;
    const { numbers } = instance;
    const { routes } = this.layout;
    const batches: Batch[] = [];
    let at = this.#at + slot.routes;
    for (let index = 0; index < routes.length; index += 1, at += slot.perRoute) {
      const length = numbers[at + slot.outputLength] as number;
      if (length === 0) continue;
      const address = numbers[at + slot.outputAddress] as number;
      const route = routes[index] as RouteLayout;
      if (numbers[at + slot.outputParts] !== 0) {
        this.#parts(index, route, address, views, batches);
        continue;
      }
      batches.push({
        route: route.name,
        contentType: route.contentType,
        body: views ? instance.view(address, length) : instance.copy(address, length),
        records: numbers[at + slot.outputRecords] as number,
      });
    }
    return batches;
  }

  /** The bodies of a route with a destination, each with its request. */
  #parts(index: number, route: RouteLayout, address: number, views: boolean, batches: Batch[]): void {
    const { instance } = this.#lifeline;
    let start = 0;
    for (const [end, records, key] of this.#run.parts(index)) {
      const [from, length] = [address + start, end - start];
      const body = views ? instance.view(from, length) : instance.copy(from, length);
      batches.push({
        route: route.name,
        contentType: route.contentType,
        body,
        records,
        to: route.to,
        request: requestOf(route, key),
      });
      start = end;
    }
  }

  /** A copy of what the last call gave for one route, or undefined if nothing. */
  body(route: number): Bytes | undefined {
    const { instance } = this.#lifeline;
    const { numbers } = instance;
    const at = this.#at + slot.routes + route * slot.perRoute;
    const length = numbers[at + slot.outputLength] as number;
    if (length === 0) return undefined;
    return instance.copy(numbers[at + slot.outputAddress] as number, length);
  }

  quarantined(): readonly Quarantined[] {
    if (this.#lifeline.instance.numbers[this.#at + slot.quarantinedNow] === 0) return none;
    try {
      return this.#run.quarantined();
    } catch (thrown) {
      throw this.#lifeline.fault(thrown);
    }
  }

  /** How many records there have been: since the run began, or in the last one-shot. */
  records(): number {
    return this.#lifeline.instance.numbers[this.#at + slot.records] as number;
  }

  /** Where rules were applied; nothing is asked where there are none. */
  places(): readonly Place[] {
    if (this.layout.rules.length === 0 || this.#freed) return none;
    try {
      return this.#run.places();
    } catch (thrown) {
      throw this.#lifeline.fault(thrown);
    }
  }

  /** How events differed from what the catalogue knows of them; nothing is asked where nobody looks at events. */
  drift(): readonly Drift[] {
    if (this.layout.events.length === 0 || this.#freed) return none;
    try {
      return this.#run.drift();
    } catch (thrown) {
      throw this.#lifeline.fault(thrown);
    }
  }

  /** The counter block as it stands now. */
  counters(): Counters {
    const { numbers } = this.#lifeline.instance;
    const { always } = this.layout;
    const at = this.#at;
    const counters: number[] = [];
    for (let index = 0; index < always; index += 1) {
      const value = numbers[at + index] as number;
      if (value !== 0) counters.push(index, value);
    }
    const more = numbers[at + slot.more] as number;
    for (let index = 0; index < more; index += 1) counters.push(numbers[at + always + index] as number);
    return counters;
  }

  /** The counter block of that one-shot, if it was the last. */
  countersOf(call: number): Counters {
    this.#lifeline.check();
    if (call !== this.calls || this.#freed) {
      throw new UsageError("W907", "with views, the report must be asked for before the next call");
    }
    return this.counters();
  }

  /** Gives the memory back. Harmless when done twice, or after a fault. */
  free(): void {
    if (this.#freed) return;
    this.#freed = true;
    // A dead instance is given up whole; its pointers mean nothing to the next one.
    if (this.#lifeline.instance.dead) return;
    try {
      this.#run.free();
    } catch (thrown) {
      this.#lifeline.fault(thrown);
    }
  }
}

/** Joins the outputs of several calls into one, each route's bodies into one body. */
export function join(outputs: readonly Output[]): Output {
  const [first] = outputs;
  if (first === undefined) return empty;
  if (outputs.length === 1) return first;
  const routes = new Map<string, Batch[]>();
  for (const { batches } of outputs) {
    for (const batch of batches) {
      const of = routes.get(batch.route);
      if (of) of.push(batch);
      else routes.set(batch.route, [batch]);
    }
  }
  return {
    batches: [...routes.values()].flatMap((batches) =>
      batches[0]?.request === undefined ? joinBatches(batches) : batches,
    ),
    quarantined: outputs.flatMap((output) => output.quarantined),
  };
}

function joinBatches(batches: readonly Batch[]): Batch {
  const first = batches[0] as Batch;
  if (batches.length === 1) return first;
  const body = new Uint8Array(batches.reduce((sum, batch) => sum + batch.body.length, 0));
  let at = 0;
  let records = 0;
  for (const batch of batches) {
    body.set(batch.body, at);
    at += batch.body.length;
    records += batch.records;
  }
  return { route: first.route, contentType: first.contentType, body, records };
}

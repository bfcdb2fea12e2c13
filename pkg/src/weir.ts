/// <reference lib="esnext.disposable" preserve="true" />

import * as glue from "../wasm/core.js";
import { Batches, type BatchesOptions } from "./batches.js";
import type { BorderEngine, Layout, RouteLayout } from "./border.js";
import type { PolicyTest } from "./check.js";
import { Crossing, join } from "./crossing.js";
import { disposable } from "./dispose.js";
import { addDrift } from "./drift.js";
import { PolicyError, UsageError } from "./errors.js";
import { Cutter, formatNumber, lengthOf, PIECE, plainView, toPiece } from "./input.js";
import { instance, Lifeline, toFault } from "./instance.js";
import { documentText } from "./json.js";
import { keyParts } from "./keys.js";
import { checkOptions, type Rules } from "./options.js";
import { problemsOf, withUrls } from "./problem.js";
import { buildReport, type Counters } from "./report.js";
import { Run, type RunOptions } from "./run.js";
import { chunksOf, type Source } from "./source.js";
import { Conduit, type StreamOptions, type WeirStream } from "./stream.js";
import { type Now, noTime, timeText } from "./time.js";
import type {
  Batch,
  Drift,
  Format,
  Input,
  Output,
  Policy,
  Problem,
  Quarantined,
  Quota,
  Report,
  Trip,
  Widened,
} from "./types.js";

/** How `Weir.process()` reads and what it gives. */
export interface ProcessOptions {
  /** How the records stand in the input; `auto` by default. */
  readonly format?: Format | undefined;
  /**
   * Give bodies as views into the wasm memory, valid until the next call of anything in this package; the report, too,
   * must be asked for by then. Saves a copy; off by default. An input over 1 MB is copied all the same.
   */
  readonly views?: boolean | undefined;
  /** The time that templates write, and that queries mean by `now`; that of the call by default. */
  readonly now?: Now | undefined;
}

const runRules: Rules<RunOptions> = { format: "checked", views: "boolean", now: "checked" };

/** How `Weir.explain()` reads. */
export interface ExplainOptions extends Pick<ProcessOptions, "format" | "now"> {
  /** Tell values, too: what each was that was changed. */
  readonly values?: boolean | undefined;
  /** Tell what each route got, too: redacted, its beginning, and nothing of routes that `allow` lets something pass. */
  readonly output?: boolean | undefined;
}

/** What `Weir.process()` gives. */
export interface Processed extends Output {
  /**
   * The account of this call; made when it is first asked for. A getter of the class, since making each result one of
   * its own would cost a quarter of a small call: `JSON.stringify` has it, `{ ...result }` and `structuredClone` have not.
   */
  readonly report: Report;
}

class Result implements Processed {
  readonly batches: readonly Batch[];
  readonly quarantined: readonly Quarantined[];
  readonly #crossing: Crossing;
  /** The number of the call that it came from; its counters are copied now, or with views while they still stand. */
  readonly #call: number;
  readonly #counters: Counters | undefined;
  #report: Report | undefined;

  constructor({ batches, quarantined }: Output, crossing: Crossing, views: boolean) {
    this.batches = batches;
    this.quarantined = quarantined;
    this.#crossing = crossing;
    this.#call = crossing.calls;
    this.#counters = views ? undefined : crossing.counters();
  }

  get report(): Report {
    if (!this.#report) {
      const counters = this.#counters ?? this.#crossing.countersOf(this.#call);
      this.#report = buildReport(this.#crossing.layout, counters);
    }
    return this.#report;
  }

  toJSON(): Processed {
    return { batches: this.batches, quarantined: this.quarantined, report: this.report };
  }
}

/** What a policy is compiled with. */
export interface CompileOptions {
  /** The keys that the policy's rules name, each at least 32 bytes: bytes, or text that is taken as UTF-8. */
  readonly keys?: Readonly<Record<string, Uint8Array | string>> | undefined;
}

/**
 * Compiles a policy.
 *
 * @param policy the policy as an object, or as text or its UTF-8 bytes (JSON, or JSON with comments). Lines and columns
 *   in errors refer to the text; for an object, to `JSON.stringify(policy, null, 2)`.
 * @throws {PolicyError} with every mistake in `problems`
 * @throws {UsageError} `W904` where the policy holds what JSON cannot, such as a member that is `undefined`; or an option
 *   that there is not
 */
export function compile(policy: Policy | Widened<Policy> | Input, options: CompileOptions = {}): Weir {
  const text = documentText("policy", policy);
  checkOptions(options, { keys: "object" });
  const keys = keyParts(options.keys);
  const home = instance();
  let engine: BorderEngine;
  try {
    engine = new glue.Engine(text, keys) as BorderEngine;
  } catch (thrown) {
    const problems = problemsOf(thrown);
    if (problems) throw new PolicyError(problems);
    throw toFault(home, thrown);
  }
  return new Weir(engine, new Lifeline(home), text);
}

/**
 * A compiled policy, ready for any number of inputs.
 *
 * Every method throws a `FaultError` (`W901`) after a fault of the core, until `compile()` makes a new handle, and a
 * `UsageError` (`W902`) after `free()`.
 */
export class Weir implements Disposable {
  /** Frees the handle where a `using` block ends, in the engines that know it. */
  declare readonly [Symbol.dispose]: () => void;
  /** The names of the routes, in the policy's order. */
  readonly routes: readonly string[];
  /** By route, what it may send in a minute, of those whose `quota` the policy tells: for what sends. */
  readonly quotas: Readonly<Record<string, Quota>>;
  /** What the compiler found odd, but let pass. */
  readonly warnings: readonly Problem[];
  readonly #engine: BorderEngine;
  readonly #lifeline: Lifeline;
  readonly #layout: Layout;
  readonly #timely: boolean;
  /** The policy's text. */
  readonly #text: string;
  /** The run that one-shots share, made by the first. */
  #once: Crossing | undefined;
  /** How many records it has read. */
  #records = 0;
  /** What was told of runs before it, and how many records those have read. */
  #drift: readonly Drift[] = [];
  #before = 0;
  #freed = false;

  /** Made by `compile()`. */
  constructor(engine: BorderEngine, lifeline: Lifeline, text: string) {
    this.#engine = engine;
    this.#lifeline = lifeline;
    this.#text = text;
    try {
      this.#layout = engine.layout();
      // Setting the time costs a call across the border: only where a template may ask for it, or what goes around the
      // records may tell when it was observed.
      this.#timely = /now|\\u00/i.test(text) || this.#layout.routes.some(({ request }) => Boolean(request));
      this.warnings = withUrls(engine.warnings());
    } catch (thrown) {
      throw lifeline.fault(thrown);
    }
    this.routes = this.#layout.routes.map((route) => route.name);
    const told = this.#layout.routes.filter(({ quota }) => Object.keys(quota).length > 0);
    this.quotas = Object.fromEntries(told.map(({ name, quota }) => [name, quota]));
  }

  /**
   * Takes one input whole and gives all of its output. Synchronous; one copy in, one copy out.
   *
   * @param input UTF-8 bytes or text, any number of records. Inputs of many megabytes are better streamed.
   */
  process(input: Input, options?: ProcessOptions): Processed {
    // First what may run code of the caller's (a getter), which could call anything here.
    checkOptions(options, runRules);
    const format = formatNumber(options?.format);
    const views = options?.views === true;
    const now = options?.now;
    const piece = toPiece(input);
    this.#check();
    const most = typeof piece === "string" ? piece.length * 3 : lengthOf(piece);
    if (most > PIECE) return this.#processInPieces(piece, format, now);
    this.#once ??= this.#open(undefined);
    this.#once.time(now);
    this.#once.process(piece, format);
    this.#records += this.#once.records();
    return new Result(this.#once.output(views), this.#once, views);
  }

  /**
   * The flow check; it takes more than half as long as `compile()`, and is made when it is asked for: `warnings` has nothing
   * of it, `logweir run` tells of the first ones on a terminal, and for `logweir check` they are errors.
   *
   * What of the events that the policy accepts could pass a route as it came: personal fields, free payload, records of
   * unknown type, original bytes (errors, each with the shortest mend); and entries of `allow` that allow nothing (warnings).
   */
  leaks(): readonly Problem[] {
    this.#check();
    try {
      return withUrls(this.#engine.leaks(this.#text));
    } catch (thrown) {
      throw this.#lifeline.fault(thrown);
    }
  }

  /** The policy's own tests; `check()` of `logweir/check` runs them. */
  get tests(): readonly PolicyTest[] {
    this.#check();
    try {
      return JSON.parse(this.#engine.tests() || "[]");
    } catch (thrown) {
      throw this.#lifeline.fault(thrown);
    }
  }

  /**
   * How events differed from what the catalogue knows of them, in all that `process` was given so far: new fields,
   * missing ones, other types, new words. Empty if the policy has no `accept`. Runs have their own.
   */
  get drift(): readonly Drift[] {
    this.#check();
    return addDrift(this.#drift, this.#once?.drift() ?? [], this.#before);
  }

  /**
   * The routes as the core knows them, for the forwarder.
   *
   * @internal
   */
  get layout(): readonly RouteLayout[] {
    return this.#layout.routes;
  }

  /** Begins a run over inputs that arrive in chunks. */
  run(options?: RunOptions): Run {
    checkOptions(options, runRules);
    const format = formatNumber(options?.format);
    const views = options?.views === true;
    const now = options?.now;
    this.#check();
    return new Run(this.#lifeline, this.#open(now), format, views);
  }

  /**
   * Makes a stream for `pipeThrough`: bytes or text in, the bytes of one route out, flat memory at any length.
   *
   * A stream in flight outlives `free()`; it gives its memory back when it ends, fails or is cancelled.
   *
   * @throws {UsageError} `W905` where the route is unknown, or the policy has several and none was named
   */
  stream(options?: StreamOptions): WeirStream {
    checkOptions(options, {
      route: "checked",
      format: "checked",
      now: "checked",
      onQuarantine: "function",
      signal: "signal",
    });
    const { route, format, onQuarantine, signal, now } = options ?? {};
    const taps = { onQuarantine, signal };
    this.#check();
    const [index, number] = [this.#route(route), formatNumber(format)];
    return new Conduit(this.#lifeline, this.#open(now), index, number, taps);
  }

  /**
   * Reads a source of any length and gives its batches, of all routes, as they become ready: flat memory, and nothing is
   * read before it is wanted.
   *
   * @throws {UsageError} `W904` where the source is none, or a body that has been read already
   * @example
   * const batches = weir.batches(file, { signal, onProgress: ({ bytes, total }) => show(bytes, total) });
   * for await (const batch of batches) await send(batch);
   * console.log(batches.report);
   */
  batches(source: Source, options: BatchesOptions = {}): Batches {
    checkOptions(options, {
      format: "checked",
      now: "checked",
      onProgress: "function",
      onQuarantine: "function",
      signal: "signal",
    });
    const { format, now, signal, onProgress, onQuarantine } = options;
    const chunks = chunksOf(source);
    return new Batches(this.run({ format, now }), chunks, { signal, onProgress, onQuarantine });
  }

  /**
   * Tells what each room did to each record, and what of the policy decided; `formatTrip()` writes that for people. Holds
   * no values, only places, lengths and texts of the policy, unless `values` asks for what was replaced, or `output` for
   * what went out. For people, not for bulk: each record and each change becomes an object, which takes hundreds of times
   * as long as `process`.
   *
   * @param input UTF-8 bytes or text
   */
  explain(input: Input, options?: ExplainOptions): Trip[] {
    checkOptions(options, { format: "checked", now: "checked", output: "boolean", values: "boolean" });
    const format = formatNumber(options?.format);
    const now = timeText(options?.now ?? Date.now());
    const piece = toPiece(input);
    // A copy: room for it is made in the memory, from which an earlier call may have given out this very view.
    const bytes = typeof piece === "string" ? new TextEncoder().encode(piece) : plainView(piece).slice();
    this.#check();
    let trips: Trip[] | undefined;
    try {
      trips = this.#engine.explain(bytes, format, now, options?.values === true, options?.output === true);
    } catch (thrown) {
      throw this.#lifeline.fault(thrown);
    }
    if (!trips) throw noTime();
    return trips;
  }

  /** Gives the memory back. Harmless when done twice; runs and streams that have begun go on to their end. */
  free(): void {
    if (this.#freed) return;
    this.#freed = true;
    this.#once?.free();
    if (this.#lifeline.instance.dead) return;
    try {
      this.#engine.free();
    } catch (thrown) {
      this.#lifeline.fault(thrown);
    }
  }

  #check(): void {
    this.#lifeline.check();
    if (this.#freed) throw new UsageError("W902", "the handle was freed; compile() makes a new one");
  }

  #open(now: Now | undefined): Crossing {
    const crossing = new Crossing(this.#lifeline, this.#engine, this.#layout, this.#timely);
    crossing.time(now);
    return crossing;
  }

  #processInPieces(input: Uint8Array | string, format: number, now: Now | undefined): Processed {
    if (this.#once && this.#layout.events.length > 0) {
      // What it has seen goes before what this input holds.
      this.#close(this.#once, this.#records);
      this.#once.free();
      this.#once = undefined;
      this.#records = 0;
    }
    const crossing = this.#open(now);
    const outputs: Output[] = [];
    try {
      const cutter = new Cutter();
      crossing.begin(format);
      for (const piece of [...cutter.cut(input), ...cutter.rest()]) {
        crossing.push(piece, true);
        outputs.push(crossing.output(false));
      }
      crossing.end();
      outputs.push(crossing.output(false));
      crossing.finish();
      outputs.push(crossing.output(false));
      this.#close(crossing, crossing.records());
      return new Result(join(outputs), crossing, false);
    } finally {
      crossing.free();
    }
  }

  /** Takes over what a run that ends has told of `records` records. */
  #close(crossing: Crossing, records: number): void {
    this.#drift = addDrift(this.#drift, crossing.drift(), this.#before);
    this.#before += records;
  }

  #route(name: string | undefined): number {
    const names = this.routes.join(", ");
    if (name === undefined) {
      if (this.routes.length === 1) return 0;
      throw new UsageError("W905", `route: the policy has several, so one must be named: ${names}`);
    }
    const index = this.routes.indexOf(name);
    if (index === -1) throw new UsageError("W905", `route: the policy has none of that name, only: ${names}`);
    return index;
  }
}

disposable(Weir.prototype);

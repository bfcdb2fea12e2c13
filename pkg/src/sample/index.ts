/**
 * Realistic events of every type of the catalogue, for tests, benchmarks and demonstrations.
 *
 * @module logweir/sample
 */
import { samples } from "../../generated/samples.js";
import { UsageError } from "../errors.js";
import { checkOptions } from "../options.js";
import type { EventType, KnownEvent } from "../types.js";
import { Random } from "./random.js";
import { templateOf } from "./scene.js";
import { scene, stage } from "./stage.js";
import { wrap } from "./wrap.js";

export type { EventType, EventTypes, KnownEvent } from "../types.js";

/** The event types that can be made: all of the catalogue. */
export const eventTypes = Object.keys(samples) as EventType[];

/** What to make. */
export interface SampleOptions<T extends EventType = EventType> {
  /** Only events of this type, or of these. Default: of all types, mixed as platforms would send them. */
  readonly type?: T | readonly T[];
  /** How many events. Default: without end. */
  readonly count?: number;
  /** Any integer of 32 bits: the same seed gives the same events, byte for byte, on every engine. Default: 1. */
  readonly seed?: number;
  /** When it begins, in milliseconds since 1970. Default: 2026-05-04T06:00:00Z. */
  readonly start?: number;
  /** Wraps each event as somebody's log message template would, under keys such as `log`, or as text. Default: false. */
  readonly wrapped?: boolean;
  /** Gives NDJSON text instead of objects, a line for each event. Default: false. */
  readonly asText?: boolean;
}

/** An event that was made. */
export type Sample<T extends EventType = EventType> = Extract<
  KnownEvent,
  {
    /** The event's type. */
    type: T;
  }
> & {
  /** The record to send: the event itself, unless it is wrapped. */
  record: unknown;
};

/** 2026-05-04T06:00:00Z. */
const START = 1_777_874_400_000;

/**
 * Makes events: runs with their steps, jobs that call one another, sessions, conversations, syncs. They overlap as they
 * would in a stream, ordered by time. What belongs together has equal ids; times are written as each platform does.
 * Every event is valid by its schema and holds invented values only: names, addresses and telephone numbers that are
 * kept free for examples.
 *
 * @throws {UsageError} `W904` if an option is of the wrong kind
 * @example
 * for (const { type, event } of sample({ type: "tray.execution", count: 3 })) console.log(type, event.executionId);
 * const ndjson = [...sample({ count: 1000, seed: 7, asText: true })].join("");
 */
export function sample(
  options: SampleOptions & { readonly asText: true },
): Generator<string, void, undefined>;
export function sample<T extends EventType = EventType>(
  options?: SampleOptions<T> & { readonly asText?: false },
): Generator<Sample<T>, void, undefined>;
export function sample(options: SampleOptions = {}): Generator<string | Sample, void, undefined> {
  checkOptions<SampleOptions>(options, {
    type: "checked",
    count: "checked",
    seed: "checked",
    start: "checked",
    wrapped: "boolean",
    asText: "boolean",
  });
  const {
    type,
    count = Number.POSITIVE_INFINITY,
    seed = 1,
    start = START,
    wrapped = false,
    asText = false,
  } = options;
  const types = new Set(type === undefined ? eventTypes : ([type].flat() as EventType[]));
  if (types.size === 0) throw new UsageError("W904", "type: expected an event type of the catalogue");
  for (const each of types) {
    if (!eventTypes.includes(each))
      throw new UsageError("W904", "type: expected an event type of the catalogue");
  }
  const isCount = count === Number.POSITIVE_INFINITY || (Number.isSafeInteger(count) && count >= 0);
  if (!isCount) throw new UsageError("W904", "count: expected a whole number that is not negative");
  if (!Number.isSafeInteger(seed)) throw new UsageError("W904", "seed: expected a whole number");
  if (!Number.isSafeInteger(start) || start < 0 || start > MOST_MS) {
    throw new UsageError("W904", "start: expected milliseconds since 1970");
  }
  return records({ types, count, random: new Random(seed), start, wrapped, asText });
}

/** The JSON text of an event like a sample of the catalogue, always the same; undefined where there is no such sample. */
export function sampleOf(type: string, name: string): string | undefined {
  const names = (samples as Readonly<Record<string, Readonly<Record<string, string>>>>)[type] ?? {};
  const text = Object.hasOwn(names, name) ? names[name] : undefined;
  if (text === undefined) return undefined;
  return templateOf(text).fill(scene(new Random(1), START));
}

/** The year 9000: times must go on having four digits. */
const MOST_MS = 221_845_392_000_000;

interface Job {
  readonly types: ReadonlySet<EventType>;
  readonly count: number;
  readonly random: Random;
  readonly start: number;
  readonly wrapped: boolean;
  readonly asText: boolean;
}

function* records({
  types,
  count,
  random,
  start,
  wrapped,
  asText,
}: Job): Generator<string | Sample, void, undefined> {
  let left = count;
  if (left <= 0) return;
  for (const { cue, scene } of stage(types, random, start)) {
    const event = cue.template.fill(scene);
    const { text, at } = wrapped ? wrap(event, random, scene.at) : { text: event, at: "" };
    if (asText) yield `${text}\n`;
    else {
      const inner = JSON.parse(event);
      yield { type: cue.type, event: inner, at, record: wrapped ? JSON.parse(text) : inner } as Sample;
    }
    left -= 1;
    if (left <= 0) return;
  }
}

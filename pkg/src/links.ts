/**
 * Events that belong together, found as they come: the catalogue's `links`, held in bounded memory.
 *
 * @module logweir/links
 */
import { links as builtIn, type LinkEntry } from "../generated/links.js";
import { UsageError } from "./errors.js";
import { checkOptions } from "./options.js";
import { condition, path } from "./place.js";

/** An earlier event that belongs to the one at hand. */
export interface Link<K = number> {
  /** What the one that names the other says of it, such as "What went into the step". */
  readonly title: string;
  /** The earlier event's type. */
  readonly type: string;
  /** What it was given when it was taken. */
  readonly key: K;
  /** Whether the event at hand names the earlier one; false: the earlier one names it. */
  readonly names: boolean;
  /**
   * How long it took, in seconds, as exact decimal text, where one of the two ends what the other begins. Left out where
   * a time is missing, or the end lies before the beginning.
   */
  readonly duration?: string;
}

/** What `Links` is made of. */
export interface LinksOptions {
  /** How many ends of links are remembered, the last ones; 100,000 by default. Memory grows no further. */
  readonly most?: number | undefined;
  /** Event types of your own, whose `links` count too. */
  readonly own?: readonly Linked[] | undefined;
}

/** What `Links` needs of an event type of your own. */
export interface Linked {
  /** Its name. */
  readonly type: string;
  /** Its links, in the form of the catalogue. */
  readonly links?: unknown;
}

/** Longer ids are not remembered. */
const LONGEST = 256;

/** An end of a link: which events have it, and what they are found by. */
interface End {
  readonly link: LinkEntry;
  /** Its name among all ends, and that of the other end. */
  readonly name: string;
  readonly other: string;
  /** Whether this is the end that names the other. */
  readonly names: boolean;
  readonly ids: readonly ((event: unknown) => unknown)[];
  readonly when: readonly ((event: unknown) => boolean)[];
}

/**
 * Finds, for one event after another, the earlier ones that belong to it, in whatever order they come: what went into a
 * Tray step and what came out of it (`executionStepUuid`), with the step's duration; a Workato job and the one it repeats;
 * the events of a Genie conversation, with the durations of its runs and calls, and the jobs that its skills ran. Of several earlier ones, the last.
 *
 * What `@run.id`, `@parent.id` and `@trace.id` say needs no memory, and is not told here.
 *
 * @typeParam K what the caller knows an event by: its number, its place in a file
 * @example
 * const links = new Links();
 * for (const [n, line] of lines.entries())
 *   for (const { title, key, duration } of links.take(detect(line), n, catalog.fields(line)?.["@time"]))
 *     console.log(n, title, key, duration);
 */
export class Links<K = number> {
  readonly #ends = new Map<string, End[]>();
  readonly #seen = new Map<
    string,
    { readonly type: string; readonly key: K; readonly time: bigint | undefined }
  >();
  readonly #most: number;

  constructor(options: LinksOptions = {}) {
    checkOptions(options, { most: "checked", own: "checked" });
    const { most = 100_000, own = [] } = options;
    if (!Number.isSafeInteger(most) || most < 1)
      throw new UsageError("W904", "most: expected a whole number from 1");
    this.#most = most;
    const entries = own.flatMap(({ type, links }) =>
      (Array.isArray(links) ? links : []).map((link) => ({ ...link, from: type }) as LinkEntry),
    );
    for (const [number, link] of [...builtIn, ...entries].entries()) {
      if (typeof link.on !== "object" || typeof link.to !== "string")
        throw new UsageError("W904", "own: expected event types as the catalogue has them");
      this.#add(link.from, link, number, true);
      this.#add(link.to, link, number, false);
    }
  }

  /** How many ends of links are remembered. */
  get size(): number {
    return this.#seen.size;
  }

  /**
   * The earlier events that belong to this one, which is remembered for later ones.
   *
   * @param found an event and its type, as `detect()` gives them; one that is unknown has no links
   * @param key what later events are told of it
   * @param time its common field `@time`, where durations are wanted
   */
  take(found: { readonly type: string | null; readonly event: unknown }, key: K, time?: string): Link<K>[] {
    const ends = found.type === null ? undefined : this.#ends.get(found.type);
    if (ends === undefined) return [];
    const { type, event } = found as { type: string; event: unknown };
    const here = time === undefined ? undefined : nanoseconds(time);
    const told = new Map<K, Link<K>>();
    const places: string[] = [];
    for (const { link, name, other, names, ids, when } of ends) {
      if (!when.every((holds) => holds(event))) continue;
      const id = idOf(event, ids);
      if (id === undefined) continue;
      places.push(`${name} ${id}`);
      const there = this.#seen.get(`${other} ${id}`);
      if (there === undefined) continue;
      const length = link.spans ? between(names ? there.time : here, names ? here : there.time) : undefined;
      // Two that name each other are one pair.
      const known = told.get(there.key) ?? { title: link.title, type: there.type, key: there.key, names };
      told.set(there.key, { ...known, ...length });
    }
    for (const place of places) this.#remember(place, { type, key, time: here });
    return [...told.values()];
  }

  #add(type: string, link: LinkEntry, number: number, names: boolean): void {
    const ends = this.#ends.get(type) ?? [];
    this.#ends.set(type, ends);
    const paths = names ? Object.keys(link.on) : Object.values(link.on);
    const when = Object.entries((names ? link.when : link.where) ?? {});
    // What it names itself goes first.
    const at = names ? ends.findIndex((end) => !end.names) : -1;
    ends.splice(at < 0 ? ends.length : at, 0, {
      link,
      name: `${number}${names ? "<" : ">"}`,
      other: `${number}${names ? ">" : "<"}`,
      names,
      ids: paths.map(path),
      when: when.map(([at, holds]) => condition(at, holds)),
    });
  }

  #remember(place: string, seen: { type: string; key: K; time: bigint | undefined }): void {
    this.#seen.delete(place); // the last one is the youngest
    this.#seen.set(place, seen);
    if (this.#seen.size <= this.#most) return;
    for (const oldest of this.#seen.keys()) {
      this.#seen.delete(oldest);
      return;
    }
  }
}

/** The ids that an end is found by, as one text; undefined where one of them says nothing. */
function idOf(event: unknown, ids: End["ids"]): string | undefined {
  const texts = ids.map((read) => read(event));
  const says = (value: unknown) =>
    (typeof value === "string" && value !== "" && value.length <= LONGEST) || Number.isFinite(value);
  return texts.every(says) ? JSON.stringify(texts.map(String)) : undefined;
}

/** Nanoseconds since 1970 of an instant as `@time` has it. */
function nanoseconds(time: string): bigint | undefined {
  const parts = /^(.+T[\d:]{8})(?:\.(\d{1,9}))?Z$/.exec(time);
  const seconds = Date.parse(`${parts?.[1]}Z`) / 1000;
  return Number.isInteger(seconds)
    ? BigInt(seconds) * 1_000_000_000n + BigInt((parts?.[2] ?? "").padEnd(9, "0"))
    : undefined;
}

function between(from: bigint | undefined, to: bigint | undefined): { duration: string } | undefined {
  if (from === undefined || to === undefined || to < from) return undefined;
  const digits = (to - from).toString().padStart(10, "0");
  return { duration: `${digits.slice(0, -9)}.${digits.slice(-9)}`.replace(/\.?0+$/, "") };
}

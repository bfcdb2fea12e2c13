/// <reference lib="esnext.disposable" preserve="true" />
import * as glue from "../wasm/core.js";
import type { BorderCatalog, BorderQuery, BorderQueryReader } from "./border.js";
import { Room } from "./copy.js";
import { disposable } from "./dispose.js";
import { QueryError, UsageError } from "./errors.js";
import { formatNumber } from "./input.js";
import { type Instance, instance, Lifeline, toFault } from "./instance.js";
import { recordInput } from "./json.js";
import { checkOptions } from "./options.js";
import { problemsOf, withUrls } from "./problem.js";
import { QueryRun, type QueryRunOptions } from "./query-run.js";
import { toDocument } from "./schema.js";
import { type Now, timeMillis } from "./time.js";
import type { Input, Problem } from "./types.js";
import { toByte, toUnits } from "./units.js";

/** What a `Query` means by what it says. */
export interface QueryOptions {
  /** What `now` is; by default the time at which the query is made, and it stays that. */
  readonly now?: Now | undefined;
  /** Names or patterns (`tray.*`) of the event types that there may be: for `warnings`. By default all. */
  readonly types?: readonly string[] | undefined;
}

/** From one place of a text to another, in UTF-16 units. */
export type QuerySpan = readonly [start: number, end: number];

/** What a query says, as a tree. */
export type QueryNode = {
  /** Where it stands in the query's text. */
  readonly span: QuerySpan;
} & (
  | {
      /** Every record. */
      readonly kind: "all";
    }
  | {
      /** All of the parts hold; or one of them does. */
      readonly kind: "and" | "or";
      /** The parts, at least two. */
      readonly of: readonly QueryNode[];
    }
  | {
      /** The part does not hold. */
      readonly kind: "not";
      /** The part. */
      readonly of: QueryNode;
    }
  | {
      /** The field has a value. */
      readonly kind: "exists";
      /** The field, in canonical form. */
      readonly field: string;
    }
  | {
      /** In a `word`, `*` and `?` are wildcards unless a backslash stands before them; a `phrase` has none. */
      readonly kind: "word" | "phrase";
      /** The field, in canonical form; left out: any value. */
      readonly field?: string;
      /** The text that is looked for. */
      readonly value: string;
    }
  | {
      /** A regular expression matches. */
      readonly kind: "regex";
      /** The field, in canonical form; left out: any value. */
      readonly field?: string;
      /** The expression, without its slashes. */
      readonly pattern: string;
      /** Upper and lower case are one. */
      readonly ignoreCase?: true;
    }
  | {
      /** The value lies within bounds. */
      readonly kind: "range";
      /** The field, in canonical form. */
      readonly field: string;
      /** Above this. */
      readonly gt?: string;
      /** From this on. */
      readonly gte?: string;
      /** Below this. */
      readonly lt?: string;
      /** Up to this. */
      readonly lte?: string;
    }
);

const kinds = ["field", "operator", "bracket", "word", "phrase", "regex", "invalid"] as const;

/** A piece of a query's text, for whoever colours it. Only blanks lie between pieces. */
export interface QueryToken {
  /** `invalid`: all from the first mistake on. */
  readonly kind: (typeof kinds)[number];
  /** Where it begins, in UTF-16 units. */
  readonly start: number;
  /** Where it ends, in UTF-16 units. */
  readonly end: number;
}

/** Something that may be typed at a place of a query. */
export interface QueryCandidate {
  /** What it is. */
  readonly kind: "field" | "value" | "operator";
  /** What would be typed, quoted where it has to be. */
  readonly text: string;
  /** Where that begins which it would take the place of, in UTF-16 units. */
  readonly start: number;
  /** Where that ends, in UTF-16 units. */
  readonly end: number;
}

/** The built-in event types, once for each instance. */
const catalogs = new WeakMap<Instance, BorderCatalog>();

function builtIn(home: Instance): BorderCatalog {
  let catalog = catalogs.get(home);
  if (!catalog) {
    catalog = new glue.Catalog(undefined) as BorderCatalog;
    catalogs.set(home, catalog);
  }
  return catalog;
}

/**
 * A compiled query in the search language that Datadog, Kibana and Graylog users know; its manual is `QUERY.md` of the
 * package. Made once, used often.
 *
 * Paths are meant from the event, in whatever wrapper it stands, and from the record; they go on into strings that hold
 * JSON. Common fields (`@level`, `@time` …) are the same for every platform. A record that is no JSON does not match.
 * Time is linear in the record, whatever the query.
 *
 * Every method throws a `FaultError` (`W901`) after a fault of the core, until a new handle is made, and a `UsageError`
 * (`W902`) after `free()`.
 *
 * @example
 * const query = new Query("stepState:failure -connectorName:salesforce*");
 * const failures = lines.filter((line) => query.matches(line));
 */
export class Query implements Disposable {
  /** Frees the handle where a `using` block ends, in the engines that know it. */
  declare readonly [Symbol.dispose]: () => void;
  /** As it was given. */
  readonly text: string;
  readonly #types: string[];
  readonly #lifeline: Lifeline;
  readonly #query: BorderQuery;
  /** What single records share, made by the first. */
  #once: { readonly reader: BorderQueryReader; readonly room: Room } | undefined;
  #freed = false;

  /** @throws {QueryError} with what is wrong in `problems` */
  constructor(text: string, options: QueryOptions = {}) {
    if (typeof text !== "string") throw new UsageError("W904", "query: expected text");
    checkOptions(options, { now: "checked", types: "checked" });
    const millis = timeMillis(options.now ?? Date.now());
    this.text = text;
    this.#types = toTypes(options);
    const home = instance("query");
    this.#lifeline = new Lifeline(home);
    try {
      this.#query = new glue.Query(text, millis, builtIn(home) as glue.Catalog) as BorderQuery;
    } catch (thrown) {
      const problems = problemsOf(thrown);
      if (problems) throw new QueryError(text, problems);
      throw toFault(home, thrown);
    }
  }

  /** What is odd about the query without being wrong: a field that is nearly a known one, `or` in small letters. */
  get warnings(): readonly Problem[] {
    return withUrls(this.#ask(() => this.#query.warnings(this.#types)));
  }

  /** What it says, as a tree. */
  get ast(): QueryNode {
    const units = toUnits(this.text);
    return this.#ask(() =>
      JSON.parse(this.#query.ast(), (name, value) => (name === "span" ? value.map(units) : value)),
    );
  }

  /** The query in canonical form: a query of that text is the same query. */
  print(): string {
    return this.#ask(() => this.#query.print());
  }

  /**
   * Whether a record matches.
   *
   * @param record UTF-8 bytes or text of one record; or a value, which is made JSON: JavaScript may have rounded its
   *   numbers, BigInts stay exact
   */
  matches(record: Input | object): boolean {
    const piece = toDocument(toInput(record));
    const { reader, room } = this.#ready();
    const answer = this.#cross(() => reader.one(room.write(piece)));
    if (answer > 1) throw this.#lifeline.fault({ fault: true });
    return answer === 1;
  }

  /** Begins a run over the records of inputs that arrive in chunks, of any length, in flat memory. */
  run(options: QueryRunOptions = {}): QueryRun {
    this.#check();
    checkOptions(options, { format: "checked", invert: "boolean", passOver: "boolean" });
    const format = formatNumber(options.format);
    const reader = this.#cross(() => this.#query.reader());
    this.#cross(() => reader.want(options.invert === true, options.passOver === true));
    return new QueryRun(this.#lifeline, reader, format);
  }

  /** The pieces of a text, be it a query or not. */
  static tokens(text: string): QueryToken[] {
    const home = instance("query");
    const units = toUnits(text);
    try {
      const numbers = glue.query_tokens(text);
      const tokens: QueryToken[] = [];
      for (let at = 0; at + 2 < numbers.length; at += 3)
        tokens.push({
          kind: kinds[numbers[at] as number] ?? "invalid",
          start: units(numbers[at + 1] as number),
          end: units(numbers[at + 2] as number),
        });
      return tokens;
    } catch (thrown) {
      throw toFault(home, thrown);
    }
  }

  /**
   * What may be typed at a place of a text: fields and their known values, operators; at most 100.
   *
   * @param position in UTF-16 units, as that of a caret
   */
  static complete(
    text: string,
    position: number,
    options: Pick<QueryOptions, "types"> = {},
  ): QueryCandidate[] {
    checkOptions(options, { types: "checked" });
    const types = toTypes(options);
    const home = instance("query");
    const units = toUnits(text);
    try {
      const told = glue.query_complete(text, toByte(text, position), builtIn(home) as glue.Catalog, types);
      const candidates: QueryCandidate[] = [];
      for (let at = 0; at + 3 < told.length; at += 4)
        candidates.push({
          kind: told[at],
          text: told[at + 1],
          start: units(told[at + 2]),
          end: units(told[at + 3]),
        });
      return candidates;
    } catch (thrown) {
      throw toFault(home, thrown);
    }
  }

  /** Gives the memory back. Harmless when done twice; runs that have begun go on to their end. */
  free(): void {
    if (this.#freed) return;
    this.#freed = true;
    if (this.#lifeline.instance.dead) return;
    try {
      this.#once?.reader.free();
      this.#query.free();
    } catch (thrown) {
      this.#lifeline.fault(thrown);
    }
  }

  #check(): void {
    this.#lifeline.check();
    if (this.#freed) throw new UsageError("W902", "the query was freed; make it anew");
  }

  #ask<T>(work: () => T): T {
    this.#check();
    return this.#cross(work);
  }

  #cross<T>(work: () => T): T {
    try {
      return work();
    } catch (thrown) {
      throw this.#lifeline.fault(thrown);
    }
  }

  #ready(): { readonly reader: BorderQueryReader; readonly room: Room } {
    this.#check();
    if (!this.#once) {
      const reader = this.#cross(() => this.#query.reader());
      this.#once = { reader, room: new Room(this.#lifeline.instance, reader) };
    }
    return this.#once;
  }
}

disposable(Query.prototype);

function toTypes({ types = [] }: Pick<QueryOptions, "types">): string[] {
  if (!Array.isArray(types)) throw new UsageError("W904", "types: expected a list of names");
  return [...types];
}

function toInput(record: Input | object): Input {
  const input = recordInput(record);
  if (input === undefined)
    throw new UsageError("W904", "record: expected bytes, text, or a value that JSON can hold");
  return input;
}

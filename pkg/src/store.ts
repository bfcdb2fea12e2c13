/// <reference lib="esnext.disposable" preserve="true" />
import * as glue from "../wasm/core.js";
import {
  type BorderLogStore,
  type BorderRowList,
  type BorderRowSet,
  countSlot,
  fieldNames,
  NO_MEMORY,
  sortKeys,
} from "./border.js";
import { Catalog, type CatalogOptions } from "./catalog.js";
import { copyIn } from "./copy.js";
import { disposable } from "./dispose.js";
import { CatalogError, QueryError, UsageError } from "./errors.js";
import { Cutter, formatNumber } from "./input.js";
import { instance, Lifeline, toFault } from "./instance.js";
import { documentText } from "./json.js";
import { checkOptions, isObject } from "./options.js";
import { problemsOf } from "./problem.js";
import { borderOf, RowSet } from "./row-set.js";
import { outOfMemory, Search } from "./search.js";
import type {
  Facet,
  Group,
  GroupOptions,
  Histogram,
  HistogramOptions,
  IndexedField,
  LogStoreOptions,
  Row,
  RowsOptions,
  RunSummary,
  SearchOptions,
  Sort,
  StoreProgress,
  StoreSource,
} from "./store-types.js";
import { timeMillis } from "./time.js";
import type { Bytes, FieldName, Fields, Input } from "./types.js";

/** What wasm can address, less what a call may need besides. */
const MOST_MEMORY = 3.5 * 2 ** 30;

/** No field. */
const NONE = 255;

/** Numbers as options: from 0, and any that is one. */
const SOME = { from: 0, to: Number.POSITIVE_INFINITY } as const;
const ANY = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY } as const;

const pageRules = { sort: "checked", from: ANY, count: ANY } as const;

/**
 * A log in memory, for whoever looks at one: the records as they are, and beside them an index of their common fields.
 * Rows can be asked for, searched and counted while more are loaded. What is no JSON is a row, too.
 *
 * Every method throws a `FaultError` (`W901`) after a fault of the core, and a `UsageError` after `free()` (`W902`) or for
 * a row that there is not (`W904`).
 *
 * @example
 * const store = new LogStore();
 * store.begin("today.ndjson");
 * for await (const chunk of file.stream()) store.push(chunk);
 * store.end();
 * const search = store.search("@level:error -connector:slack");
 * while (!search.step().done) await pause();
 * const failures = search.found();
 * store.facets("@workflow.name", failures);
 */
export class LogStore implements Disposable {
  /** Frees the store where a `using` block ends, in the engines that know it. */
  declare readonly [Symbol.dispose]: () => void;

  /** Names of the event types, as rows tell them. */
  readonly types: readonly string[];
  readonly #lifeline: Lifeline;
  readonly #catalog: Catalog<string>;
  readonly #keeps: boolean;
  #store: BorderLogStore | undefined;
  readonly #names: { readonly name: string; bytes: number }[] = [];
  #open = false;
  readonly #cutter = new Cutter();
  /** The rows in the order that was asked for last. */
  #sorted: { readonly set: RowSet; readonly key: string; readonly list: BorderRowList } | undefined;

  /** @throws {CatalogError} where event types of your own are not in order */
  constructor(options: LogStoreOptions = {}) {
    checkOptions(options, {
      format: "checked",
      own: "checked",
      bytes: ["kept", "asked"],
      index: ["now", "later"],
      limits: "object",
    });
    checkOptions(options.limits, { memory: "checked" });
    const own = { own: options.own } as CatalogOptions<string>;
    const text = options.own === undefined ? undefined : documentText("own", options.own);
    const memory = options.limits?.memory ?? MOST_MEMORY;
    if (!(memory > 0)) throw new UsageError("W904", "limits.memory: expected a number of bytes");
    const format = formatNumber(options.format);
    const home = instance();
    if (!home.has("logstore"))
      throw new UsageError(
        "W903",
        'the wasm module at hand has no store: drop the import of "logweir" (or "logweir/worker"), which came first, and import all of that from "logweir/store"; where init() is called, give it "logweir/store.wasm"',
      );
    this.#lifeline = new Lifeline(home);
    this.#keeps = options.bytes !== "asked";
    this.#catalog = new Catalog(own);
    this.types = this.#catalog.types.map(({ type }) => type);
    try {
      const catalog = new glue.Catalog(text);
      this.#store = new glue.LogStore(
        catalog,
        format,
        this.#keeps,
        options.index === "later",
        Math.min(memory, MOST_MEMORY),
      ) as unknown as BorderLogStore;
      catalog.free();
    } catch (thrown) {
      const problems = problemsOf(thrown);
      if (problems) throw new CatalogError(problems);
      throw toFault(home, thrown);
    }
  }

  /** How far loading has come. */
  get progress(): StoreProgress {
    return this.#ask((store) => {
      const at = store.counts() / 8;
      const { numbers } = this.#lifeline.instance;
      const number = (slot: number) => numbers[at + slot] as number;
      return {
        rows: number(countSlot.rows),
        broken: number(countSlot.broken),
        indexed: number(countSlot.indexed),
        unknown: number(countSlot.unknown),
        bytes: number(countSlot.bytes),
        kept: number(countSlot.kept),
        index: number(countSlot.index),
      };
    });
  }

  /** What was loaded, in that order. */
  get sources(): readonly StoreSource[] {
    const first = this.#ask((store) => store.sources());
    const { rows } = this.progress;
    return this.#names.map(({ name, bytes }, source) => {
      const from = first[source] as number;
      return { source, name, first: from, rows: (first[source + 1] ?? rows) - from, bytes };
    });
  }

  /** Begins a source; one that is still open ends. Gives its number. */
  begin(name: string): number {
    if (typeof name !== "string") throw new UsageError("W904", "name: expected text");
    if (this.#open) this.end();
    this.#ask((store) => store.begin());
    this.#names.push({ name, bytes: 0 });
    this.#open = true;
    return this.#names.length - 1;
  }

  /**
   * Takes a chunk of the source in hand (without one, of a source without a name), cut anywhere.
   *
   * @returns how many rows there are now
   * @throws {UsageError} `W910` where memory is out, of the store or of the engine: nothing of the chunk's rest is taken in,
   *   and what is there stays as it is
   */
  push(chunk: Input): number {
    const pieces = this.#cutter.cut(chunk);
    if (!this.#open) this.begin("");
    this.#put(pieces);
    return this.progress.rows;
  }

  /** Ends the source in hand: its last record needs no newline. Gives how many rows there are now. */
  end(): number {
    if (this.#open) {
      this.#put(this.#cutter.rest());
      this.#open = false;
      if (!this.#ask((store) => store.end())) outOfMemory();
    }
    return this.progress.rows;
  }

  /**
   * Goes on with the index, of a store whose `index` is `later`: over so many rows, or fewer where about 4 MB of records
   * were read. All are in it once `indexed` is `rows`.
   *
   * @param most rows; 20,000 by default, which takes some milliseconds
   * @throws {UsageError} `W910` where memory is out
   */
  index(most = 20_000): StoreProgress {
    if (!this.#ask((store) => store.index(Math.max(1, Math.min(most, 0xffff_ffff))))) outOfMemory();
    return this.progress;
  }

  /**
   * A record as it was; of a stretch that was too long to be kept, nothing.
   *
   * @throws {UsageError} `W911` where the store keeps no bytes
   */
  record(row: number): Bytes {
    this.#row(row);
    if (!this.#keeps)
      throw new UsageError(
        "W911",
        "the store keeps no bytes: read the record from its source, by offset and length",
      );
    return this.#ask((store) => {
      const at = store.record(row) / 8;
      const { numbers } = this.#lifeline.instance;
      return this.#lifeline.instance.copy(numbers[at] as number, numbers[at + 1] as number);
    });
  }

  /** One row, with all fields that the index has. */
  row(row: number): Row {
    this.#row(row);
    return this.#write(Uint32Array.of(row), indexedNames)[0] as Row;
  }

  /**
   * All common fields of a row, as `Catalog.fields` gives them; undefined where its event is unknown.
   *
   * @param bytes the record, where the store keeps none
   */
  fields(row: number, bytes?: Input): Fields | undefined {
    this.#row(row);
    return this.#catalog.fields(bytes ?? this.record(row));
  }

  /** All rows. */
  all(): RowSet {
    return this.#set((store) => store.all());
  }

  /** These rows, in any order. */
  set(rows: Iterable<number>): RowSet {
    const numbers = Uint32Array.from(rows, (row) => this.#row(row));
    return this.#set((store) => store.these(numbers));
  }

  /** The rows that are broken: no JSON, over a limit, or possibly events of several types. */
  broken(): RowSet {
    return this.#set((store) => store.broken());
  }

  /** The rows of which a field has that value, character by character; null: those without one. */
  where(field: IndexedField, value: string | null): RowSet {
    const number = indexed(field, "field");
    return this.#set((store) => store.rows_where(number, value));
  }

  /** The rows of a time, in milliseconds since 1970: from `from` up to, not including, `to`. */
  during(from: number, to: number): RowSet {
    return this.#set((store) => store.during(from, to));
  }

  /** The rows that share a row's value of a field: its run, its actor. Without a value, only itself. */
  same(row: number, field: IndexedField): RowSet {
    const number = indexed(field, "field");
    this.#row(row);
    return this.#set((store) => store.same(row, number));
  }

  /**
   * The rows that belong together with a row: of its run, of the runs that called that or were called by it, at any
   * distance, and of its trace.
   */
  trace(row: number): RowSet {
    this.#row(row);
    return this.#set((store) => store.trace(row));
  }

  /**
   * Begins a search. The query is compiled here, against the store's own event types.
   *
   * @throws {QueryError} with what is wrong in `problems`
   */
  search(query: string, options: SearchOptions = {}): Search {
    if (typeof query !== "string") throw new UsageError("W904", "query: expected text");
    checkOptions(options, { now: "checked", within: "checked" });
    const { now = Date.now(), within } = options;
    const millis = timeMillis(now);
    const all = within ? undefined : this.all();
    try {
      const among = this.#borderOf(within ?? (all as RowSet));
      const search = this.#borderOfStore().search(query, millis, among);
      return new Search(this.#lifeline, search, () => this.#borderOfStore());
    } catch (thrown) {
      if (thrown instanceof UsageError) throw thrown;
      const problems = problemsOf(thrown);
      throw problems ? new QueryError(query, problems) : this.#lifeline.fault(thrown);
    } finally {
      all?.free();
    }
  }

  /** Some rows of a set, in an order. Sorting is remembered until another set or order is asked for. */
  rows(set: RowSet, options: RowsOptions = {}): Row[] {
    checkOptions(options, { ...pageRules, fields: "checked" });
    const { fields = indexedNames, count = 100, ...which } = options;
    return this.#write(this.#page(set, { ...which, count }), fields);
  }

  /** The numbers of some rows of a set, in an order: `rows` without what it tells. `count`: all by default. */
  numbers(set: RowSet, options: Pick<RowsOptions, "sort" | "from" | "count"> = {}): Uint32Array {
    checkOptions(options, pageRules);
    return this.#page(set, options);
  }

  #page(set: RowSet, options: Pick<RowsOptions, "sort" | "from" | "count">): Uint32Array {
    const { sort, from = 0, count = Number.POSITIVE_INFINITY } = options;
    const first = Math.max(0, Math.min(from, 0xffff_ffff));
    const most = Math.max(0, Math.min(count, 0xffff_ffff));
    const list = sort ? this.#inOrder(set, sort) : this.#borderOf(set);
    return this.#ask(() => list.page(first, most));
  }

  /** The place of a row in a set and an order, from 0; -1 if it is not in the set. */
  position(set: RowSet, row: number, sort?: Sort): number {
    if (!set.has(row)) return -1;
    return sort
      ? this.#ask(() => this.#inOrder(set, sort).place(row))
      : this.#ask(() => this.#borderOf(set).rank(row));
  }

  /** How the rows of a set divide by the values of a field. `top`: at most so many values, 10 by default. */
  facets(field: IndexedField, set: RowSet, options: { readonly top?: number | undefined } = {}): Facet {
    checkOptions(options, { top: SOME });
    const number = indexed(field, "field");
    const { values, ...rest } = this.#ask((store) =>
      store.facet(this.#borderOf(set), number, options.top ?? 10),
    );
    return { values: values.map(([value, count]) => ({ value, count })), ...rest };
  }

  /** The rows of a set over time. */
  histogram(set: RowSet, options: HistogramOptions = {}): Histogram {
    checkOptions(options, { from: ANY, to: ANY, buckets: "checked", by: "checked", top: SOME });
    const { from, to, buckets = 100, by, top = 8 } = options;
    if (!Number.isInteger(buckets) || buckets < 1 || buckets > 10_000)
      throw new UsageError("W904", "buckets: expected a whole number from 1 to 10,000");
    const number = by === undefined ? NONE : indexed(by, "by");
    const told = this.#ask((store) => store.histogram(this.#borderOf(set), from, to, buckets, number, top));
    return {
      from: millis(told.from),
      to: millis(told.to),
      series: told.series.map(({ is_one, value, counts }) => ({
        ...(is_one && { value: value ?? null }),
        counts: Uint32Array.from(counts),
      })),
      untimed: told.untimed,
      outside: told.outside,
    };
  }

  /** The rows of a set in groups, the largest first, with percentiles of their durations. */
  group(set: RowSet, options: GroupOptions): Group[] {
    checkOptions(options, { by: "checked", value: ["@duration"], percentiles: "checked", top: SOME });
    const { by, value, percentiles = [50, 95, 99], top = 100 } = options;
    if (!Array.isArray(by) || by.length < 1 || by.length > 3)
      throw new UsageError("W904", "by: expected one to three fields");
    const numbers = Uint8Array.from(by, (field) => indexed(field, "by"));
    const ranks = Float64Array.from(value === undefined ? [] : percentiles);
    const groups = this.#ask((store) => store.group(this.#borderOf(set), numbers, ranks, top));
    return groups.map(({ values, count, timed, sum, percentiles }) => ({
      values,
      count,
      ...(value !== undefined && {
        duration: { count: timed, sum: seconds(sum), percentiles: percentiles.map(seconds) },
      }),
    }));
  }

  /**
   * The runs that have rows in a set, the earliest first (those without a time last); parents lead from one to the other.
   * `from`, `count`: which of them; all by default.
   */
  runs(
    set: RowSet,
    options: { readonly from?: number | undefined; readonly count?: number | undefined } = {},
  ): RunSummary[] {
    checkOptions(options, { from: SOME, count: SOME });
    const { from = 0, count = 0xffff_ffff } = options;
    const runs = this.#ask((store) => store.runs(this.#borderOf(set), from, count));
    return runs.map(({ run, parent, trace, rows, first, last, from, to, level, status }) => ({
      run,
      parent: parent ?? null,
      trace: trace ?? null,
      rows,
      first,
      last,
      from: from == null ? null : millis(from),
      to: to == null ? null : millis(to),
      level: level ?? null,
      status: status ?? null,
    }));
  }

  /** Gives the memory back. Harmless when done twice. Its searches end; sets are of no use any more. */
  free(): void {
    const store = this.#store;
    this.#store = undefined;
    if (this.#lifeline.instance.dead) return;
    this.#sorted?.list.free();
    this.#sorted = undefined;
    store?.free();
    this.#catalog.free();
  }

  /** A row's number, if it is one. */
  #row(row: number): number {
    if (!Number.isInteger(row) || row < 0 || row >= this.progress.rows)
      throw new UsageError("W904", "row: expected the number of a row");
    return row;
  }

  #put(pieces: readonly (Uint8Array | string)[]): void {
    const source = this.#names.at(-1) as { bytes: number };
    for (const piece of pieces) {
      const done = this.#ask((store) => {
        let full = false;
        const target = {
          input(length: number): number {
            const at = store.input(length);
            full = at === NO_MEMORY;
            return full ? 0 : at;
          },
        };
        try {
          const length = copyIn(this.#lifeline.instance, target, piece);
          source.bytes += length;
          return store.push(length);
        } catch (thrown) {
          if (full) return false;
          throw thrown;
        }
      });
      if (!done) outOfMemory();
    }
  }

  #write(rows: Uint32Array, fields: readonly FieldName[]): Row[] {
    let bits = 0;
    for (const field of fields) {
      const number = fieldNames.indexOf(field);
      if (number < 0) throw new UsageError("W904", "fields: expected names of common fields");
      bits |= 1 << number;
    }
    return this.#ask((store) => JSON.parse(store.write(rows, bits >>> 0)));
  }

  /** The rows of a set in an order, the last one remembered. */
  #inOrder(set: RowSet, sort: Sort): BorderRowList {
    if (!isObject(sort)) throw new UsageError("W904", "sort: expected an object");
    checkOptions(sort, { by: "checked", descending: "boolean" });
    const { by, descending = false } = sort;
    const number = Object.hasOwn(sortKeys, by)
      ? sortKeys[by as keyof typeof sortKeys]
      : by === "@time" || by === "@duration"
        ? fieldNames.indexOf(by)
        : indexed(by as IndexedField, "sort.by");
    const key = `${by} ${descending}`;
    if (this.#sorted?.set !== set || this.#sorted.key !== key) {
      const list = this.#ask((store) => store.sorted(this.#borderOf(set), number, descending));
      this.#sorted?.list.free();
      this.#sorted = { set, key, list };
    }
    return this.#sorted.list;
  }

  #set(make: (store: BorderLogStore) => BorderRowSet): RowSet {
    return new RowSet(this.#lifeline, this.#ask(make));
  }

  #borderOf(set: RowSet): BorderRowSet {
    return borderOf(set, this.#lifeline);
  }

  #borderOfStore(): BorderLogStore {
    this.#lifeline.check();
    if (!this.#store) throw new UsageError("W902", "the store was freed; make it anew");
    return this.#store;
  }

  #ask<T>(work: (store: BorderLogStore) => T): T {
    const store = this.#borderOfStore();
    try {
      return work(store);
    } catch (thrown) {
      throw thrown instanceof UsageError ? thrown : this.#lifeline.fault(thrown);
    }
  }
}

disposable(LogStore.prototype);

/** What rows tell where nobody says more. */
const indexedNames: readonly FieldName[] = fieldNames.filter((name) => name !== "@message");

/** The number of a field that rows are counted by. */
function indexed(field: IndexedField, option: string): number {
  const number = fieldNames.indexOf(field);
  const name: string = field;
  if (number < 0 || name === "@message" || name === "@time" || name === "@duration")
    throw new UsageError("W904", `${option}: expected a common field of the index`);
  return number;
}

/** Nanoseconds as milliseconds, whole ones exactly. */
function millis(nanos: string): number {
  const whole = BigInt(nanos);
  return Number(whole / 1_000_000n) + Number(whole % 1_000_000n) / 1e6;
}

/** Nanoseconds as seconds. */
const seconds = (nanos: string): number => Number(nanos) / 1e9;

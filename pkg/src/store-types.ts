// What a `LogStore` takes and gives.
import type { CatalogOptions } from "./catalog.js";
import type { RowSet } from "./row-set.js";
import type { Now } from "./time.js";
import type { FieldName, FieldValue, Format } from "./types.js";

/** What a `LogStore` is made of. */
export interface LogStoreOptions {
  /** How the records stand in each source; `auto` by default, found out for each source anew. */
  readonly format?: Format | undefined;
  /** Event types beside the built-in ones, as for `Catalog`. */
  readonly own?: CatalogOptions<string>["own"];
  /**
   * `kept` (the default): the records' bytes stay in the store, in wasm memory. `asked`: the store keeps its index alone,
   * and whoever has the file hands bytes in where they are needed (`Search.give`, `fields`): for files beyond 1.5 GB.
   */
  readonly bytes?: "kept" | "asked" | undefined;
  /**
   * `now` (the default): records go into the index as they are loaded. `later`: loading is several times faster, and
   * `LogStore.index` puts them there, step by step. Until then they can be looked at and searched all the same, more
   * slowly, and count as rows without values in all that counts, sorts and groups. Not with `bytes: "asked"`.
   */
  readonly index?: "now" | "later" | undefined;
  /** Limits. */
  readonly limits?: StoreLimits | undefined;
}

/** What a store may take. */
export interface StoreLimits {
  /**
   * Bytes of memory for records and index together; 3.5 GiB by default, which is also the most. Beyond, `push` throws a
   * `UsageError` (`W910`); what was taken in before stays.
   */
  readonly memory?: number | undefined;
}

/** A file, or whatever else was loaded under a name. */
export interface StoreSource {
  /** Its number, from 0. */
  readonly source: number;
  /** The name that it was given. */
  readonly name: string;
  /** Its first row. */
  readonly first: number;
  /** How many rows are from it, so far. */
  readonly rows: number;
  /** How many bytes of it were pushed, so far. */
  readonly bytes: number;
}

/** How far loading has come; cheap to ask for. */
export interface StoreProgress {
  /** Rows so far, broken ones too. */
  readonly rows: number;
  /** Those that are no JSON, or over a limit. */
  readonly broken: number;
  /** Rows that are in the index: the first ones. */
  readonly indexed: number;
  /** Those of them that are JSON and no event that the catalogue knows. */
  readonly unknown: number;
  /** Bytes pushed. */
  readonly bytes: number;
  /** Bytes of records that are kept. */
  readonly kept: number;
  /** Bytes of the index. */
  readonly index: number;
}

/**
 * A common field by whose values rows are counted and found. Free text (`@message`) is not in the index: it is read from
 * the record when it is asked for. Neither are values of more than 255 bytes; they are searched and shown all the same.
 */
export type IndexedField = Exclude<FieldName, "@message" | "@time" | "@duration">;

/** By what rows are sorted: a field of the index; `size`, the record's bytes; `row`, the order in which they came. */
export type SortKey = IndexedField | "@time" | "@duration" | "size" | "row";

/** An order of rows. Rows without a value come last either way; equals stay in the order in which they came. */
export interface Sort {
  /** What counts. */
  readonly by: SortKey;
  /** The largest first. Off by default. */
  readonly descending?: boolean | undefined;
}

/** One record. */
export interface Row {
  /** Its number, from 0, over all sources. */
  readonly row: number;
  /** The number of its source. */
  readonly source: number;
  /** The byte of the source at which it begins. */
  readonly offset: number;
  /** Its length in bytes. */
  readonly length: number;
  /** Its line in the source, from 1; only where the format goes by lines. */
  readonly line?: number;
  /** Its event type; null if the catalogue knows none. */
  readonly type: string | null;
  /** Why nothing can be said: it is no JSON (`S101` …), or could be events of several types (`D102`). */
  readonly code?: string;
  /** Of a broken one, the byte of the source where the fault shows. */
  readonly at?: number;
  /**
   * When it happened, in milliseconds since 1970 (with a fraction, where it has one); null without, and outside the years
   * 1678 to 2261.
   */
  readonly time: number | null;
  /** How long it took, in seconds; null without. */
  readonly duration: number | null;
  /** The common fields that were asked for and have a value, as `Catalog.fields` gives them. */
  readonly fields: { readonly [name in FieldName]?: FieldValue };
}

/** Which rows of a set, in which order, and what of them. */
export interface RowsOptions {
  /** By default the order in which they came. */
  readonly sort?: Sort | undefined;
  /** The place in that order of the first one; 0 by default. */
  readonly from?: number | undefined;
  /** How many at most; 100 by default. */
  readonly count?: number | undefined;
  /**
   * Which fields to tell; by default all that the index has. One that it has not is read from the record, and left out
   * where the store keeps no bytes.
   */
  readonly fields?: readonly FieldName[] | undefined;
}

/** What a search means by what it says, and where it looks. */
export interface SearchOptions {
  /** What `now` is; by default the time of the call. */
  readonly now?: Now | undefined;
  /** Only these rows are looked at; by default all that are there. */
  readonly within?: RowSet | undefined;
}

/** How far a search has come. */
export interface SearchProgress {
  /** Rows that are settled. */
  readonly scanned: number;
  /** Rows to be looked at in all. */
  readonly total: number;
  /** Those of them that match. */
  readonly found: number;
  /** Nothing is left to do. */
  readonly done: boolean;
  /**
   * Of a store that keeps no bytes: what the search needs next, before it can go on; see `Search.give`. Left out where it
   * needs nothing.
   */
  readonly wants?: Slice;
}

/** A stretch of a source's bytes. */
export interface Slice {
  /** The number of the source. */
  readonly source: number;
  /** The first byte. */
  readonly start: number;
  /** One behind the last. */
  readonly end: number;
}

/** A value and how many rows have it. */
export interface FacetValue {
  /** As text; null: the row has no value. */
  readonly value: string | null;
  /** Rows. */
  readonly count: number;
}

/** How the rows of a set divide by the values of a field. */
export interface Facet {
  /** The most frequent first; equals in the order of their values. */
  readonly values: readonly FacetValue[];
  /** How many different values there are, those beyond `top` included, "no value" not. */
  readonly distinct: number;
  /** Rows without a value. */
  readonly missing: number;
  /** Rows whose value is too long for the index. */
  readonly unindexed: number;
}

/** How much is counted. */
export interface HistogramOptions {
  /** The first bucket begins there, in milliseconds since 1970; by default in the millisecond of the earliest row. */
  readonly from?: number | undefined;
  /** The last bucket ends there; by default behind the millisecond of the latest row. */
  readonly to?: number | undefined;
  /** How many buckets of equal width, 1 to 10,000; 100 by default. */
  readonly buckets?: number | undefined;
  /** Counts for each value of this field. */
  readonly by?: IndexedField | undefined;
  /** Of so many values, the most frequent; the others are counted together. 8 by default. */
  readonly top?: number | undefined;
}

/** Rows over time. */
export interface Histogram {
  /** Where the first bucket begins, in milliseconds since 1970. */
  readonly from: number;
  /** Where the last one ends. */
  readonly to: number;
  /** A series for each value of `by`, the most frequent first, then one for all others, if there are any; without `by`, one. */
  readonly series: readonly HistogramSeries[];
  /** Rows of the set that have no time. */
  readonly untimed: number;
  /** Rows of the set before `from` or from `to` on. */
  readonly outside: number;
}

/** The rows of one value over time. */
export interface HistogramSeries {
  /** The value; null: no value; left out: without `by`, or for all others together. */
  readonly value?: string | null;
  /** Rows of each bucket. */
  readonly counts: Uint32Array;
}

/** What rows are grouped by, and what is told of each group. */
export interface GroupOptions {
  /** One to three fields. */
  readonly by: readonly IndexedField[];
  /** `@duration`: its percentiles are told, too. */
  readonly value?: "@duration" | undefined;
  /** Which, from 0 to 100 each; 50, 95 and 99 by default. By nearest rank: each is the duration of some row. */
  readonly percentiles?: readonly number[] | undefined;
  /** How many groups at most, the largest first; 100 by default. */
  readonly top?: number | undefined;
}

/** Rows that have the same values. */
export interface Group {
  /** A value for each field of `by`; null: no value. */
  readonly values: readonly (string | null)[];
  /** Rows. */
  readonly count: number;
  /** With `value`: how long they took. */
  readonly duration?: GroupDuration;
}

/** How long the rows of a group took. */
export interface GroupDuration {
  /** Those that have a duration. */
  readonly count: number;
  /** All of these together, in seconds. */
  readonly sum: number;
  /** The percentiles that were asked for, in seconds; none without a duration. */
  readonly percentiles: readonly number[];
}

/** One execution, job or conversation: the rows that share `@run.id`. */
export interface RunSummary {
  /** Its `@run.id`. */
  readonly run: string;
  /** The run that called it: the first `@parent.id` that one of its rows names; null if none does. */
  readonly parent: string | null;
  /** The first `@trace.id` of its rows. */
  readonly trace: string | null;
  /** How many rows of the set it has. */
  readonly rows: number;
  /** The first of them in time, where they have one; else as they came. */
  readonly first: number;
  /** The last of them. */
  readonly last: number;
  /** When it began, in milliseconds since 1970; null without a time. */
  readonly from: number | null;
  /** When the last thing happened, durations not counted. */
  readonly to: number | null;
  /** The gravest `@level` of its rows. */
  readonly level: string | null;
  /** The `@status` of the last row that has one. */
  readonly status: string | null;
}

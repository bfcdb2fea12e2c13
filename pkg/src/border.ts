// The wasm module as TypeScript sees it: what src/wasm promises, written down once.
import type { BorderProblem } from "./problem.js";
import type { DestinationName, Drift, FieldName, Finding, Place, Quarantined, Quota, Trip } from "./types.js";

/** A route, and the request that its bodies go with, if it has a destination. */
export interface RouteLayout {
  readonly name: string;
  readonly to: DestinationName;
  readonly contentType: string;
  readonly request?: {
    readonly method: "POST" | "PUT";
    readonly url: string;
    readonly headers: readonly (readonly [string, string])[];
    readonly gzip: boolean;
    readonly sign?: readonly [string, string];
  };
  /** Empty where the policy says nothing. */
  readonly quota: Quota;
}

/** The names behind the counters. */
export interface Layout {
  /** How many numbers of the counter block always stand in it; behind them stand others with their places, by turns. */
  readonly always: number;
  /** How many numbers there are. */
  readonly length: number;
  readonly routes: readonly RouteLayout[];
  /** A pointer into the policy for each rule, such as `/redact/0`. */
  readonly rules: readonly string[];
  /** Fault codes. */
  readonly reasons: readonly string[];
  readonly other: readonly string[];
  /** Event types that records are held against; empty without `accept`. */
  readonly events: readonly string[];
  /** Codes of findings; empty without `accept`. */
  readonly findings: readonly string[];
}

/** A compiled policy on the other side. */
export interface BorderEngine {
  layout(): Layout;
  warnings(): BorderProblem[];
  leaks(policy: string): BorderProblem[];
  tests(): string;
  run(): BorderRun;
  /** Undefined where `now` is no time. */
  explain(
    input: Uint8Array,
    format: number,
    now: string,
    values: boolean,
    output: boolean,
  ): Trip[] | undefined;
  free(): void;
}

/** The state of one stream, or of one-shots that follow each other. */
export interface BorderRun {
  /** Makes room for `length` more bytes and gives the address to write them to, 0 after a fault; may move the memory. */
  input(length: number): number;
  begin(format: number): void;
  /** `more`: what follows goes on in bodies that have room left. */
  push(length: number, more: boolean): void;
  end(): void;
  finish(): void;
  /** Sets the time that templates write; false if the text is none. */
  now(text: string): boolean;
  process(length: number, format: number): void;
  /** The address of the counter block; may move whenever a call is made. */
  counters(): number;
  quarantined(): Quarantined[];
  /** Of a route with a destination: where each body ends, its records, its key. */
  parts(route: number): (readonly [number, number, string])[];
  places(): Place[];
  drift(): Drift[];
  free(): void;
}

/** Where things are in the counter block, counted in numbers. */
export const slot = {
  records: 0,
  kept: 1,
  filtered: 2,
  quarantined: 3,
  bytesIn: 4,
  quarantinedNow: 5,
  sampled: 6,
  /** How many numbers follow those that always stand in the block: places and counts by turns. */
  more: 7,
  /** The first route's numbers; the next route's come `perRoute` later. */
  routes: 8,
  perRoute: 8,
  routeRecords: 0,
  routeBytes: 1,
  routeOversize: 2,
  routeSampled: 3,
  outputAddress: 4,
  outputLength: 5,
  outputRecords: 6,
  outputParts: 7,
} as const;

/** A compiled schema on the other side. */
export interface BorderSchema {
  warnings(): BorderProblem[];
  validator(): BorderValidator;
  free(): void;
}

/** What checks documents one at a time, or the records of one input after the other. */
export interface BorderValidator {
  /** As that of `BorderRun`. */
  input(length: number): number;
  /** How many findings of each document or record are told from now on. */
  tell_findings(most: number): void;
  /** 1 or 0; 2 after a fault. */
  is_valid(length: number): number;
  findings(length: number): Finding[] | undefined;
  /** As JSON, in one of the `forms` by its number. */
  output(length: number, form: number): string;
  begin(format: number): void;
  /** How many records the piece settled. */
  push(length: number): number;
  end(): number;
  /** The address of their numbers, `perVerdict` for each; may move whenever a call is made. */
  verdicts(): number;
  /** What is wrong with those that are not valid, a list for each. */
  told(): Finding[][];
  free(): void;
}

/** A set of event types on the other side. */
export interface BorderCatalog {
  types(): { readonly type: string; readonly title: string }[];
  reader(): BorderCatalogReader;
  free(): void;
}

/** What holds records against a catalogue, one at a time or the records of one input after the other. */
export interface BorderCatalogReader {
  /** As that of `BorderRun`. */
  input(length: number): number;
  /** What is told besides the type from now on: fields, and how many findings (-1: not looked for). */
  want(fields: boolean, findings: number): void;
  /**
   * The number of a type, -1 for an unknown record, -2 where nothing can be said, -3 after a fault; plus `DEEPER` where
   * the event is not the record itself.
   */
  one(length: number): number;
  begin(format: number): void;
  /** How many records the piece settled. */
  push(length: number): number;
  end(): number;
  /** The address of their numbers, `perRecord` for each; may move whenever a call is made. */
  numbers(): number;
  /** Pointers to the events that lie deeper than their records. */
  places(): string[];
  /** Codes of why nothing can be said. */
  codes(): string[];
  /** Common fields of the known ones, as JSON. */
  fields(): string[];
  /** What is wrong with those that are not valid, a list for each. */
  told(): Finding[][];
  free(): void;
}

/** A compiled query on the other side. */
export interface BorderQuery {
  warnings(types: string[]): BorderProblem[];
  print(): string;
  /** Spans in bytes. */
  ast(): string;
  reader(): BorderQueryReader;
  free(): void;
}

/** What holds records against a query, one at a time or the records of one input after the other. */
export interface BorderQueryReader {
  /** As that of `BorderRun`. */
  input(length: number): number;
  want(invert: boolean, passOver: boolean): void;
  /** 1 or 0; 2 after a fault. */
  one(length: number): number;
  begin(format: number): void;
  /** How many records were selected. */
  push(length: number): number;
  end(): number;
  /** The address of the numbers of the last call; may move whenever a call is made. */
  numbers(): number;
  free(): void;
}

/** Where things are in the numbers of a call that selected records. */
export const matchSlot = {
  bodyAddress: 0,
  bodyLength: 1,
  /** Since the input began. */
  records: 2,
  broken: 3,
  /** The first match's numbers; the next one's come `perMatch` later. */
  matches: 4,
  perMatch: 4,
  record: 0,
  offset: 1,
  line: 2,
  end: 3,
} as const;

/** A compiled template on the other side. */
export interface BorderTemplate {
  warnings(): BorderProblem[];
  reader(): BorderTemplateReader;
  free(): void;
}

/** What renders records one at a time, or those of one input after the other. */
export interface BorderTemplateReader {
  /** As that of `BorderRun`. */
  input(length: number): number;
  /** Sets the time of rendering; false if the text is none. */
  now(text: string): boolean;
  /** Renders one record; false if it is refused. */
  one(length: number): boolean;
  begin(format: number): void;
  push(length: number): void;
  end(): void;
  /** The address and length of what the last call made; both may move whenever a call is made. */
  output(): number;
  output_length(): number;
  /** The records that it made nothing of. */
  refused(): Quarantined[];
  free(): void;
}

/** What a template is written in, by the numbers that the border knows it by. */
export const templateForms = ["json", "text", "value"] as const;

/** What `BorderCatalogReader.one` adds for an event that is not the record itself. */
export const DEEPER = 1 << 16;

/** Where things are in the numbers of a record that was held against a catalogue. */
export const recordSlot = { offset: 0, line: 1, type: 2, deeper: 3, valid: 4, perRecord: 5 } as const;

/** Where things are in the numbers of a verdict. */
export const verdictSlot = { offset: 0, line: 1, valid: 2, perVerdict: 3 } as const;

/** The output formats of JSON Schema by the numbers that the border knows them by. */
export const forms = ["flag", "basic", "detailed"] as const;

/** The formats of inputs by the numbers that the border knows them by. */
export const formats = ["auto", "ndjson", "array", "json", "concat", "values"] as const;

/** A log in memory on the other side. */
export interface BorderLogStore {
  begin(): void;
  /** As that of `BorderRun`; 1 where there is no memory. */
  input(length: number): number;
  /** False where there is no memory. */
  push(length: number): boolean;
  end(): boolean;
  /** Puts so many more rows into the index at most; false where there is no memory. */
  index(most: number): boolean;
  /** The address of how much it holds, by `countSlot`; may move whenever a call is made. */
  counts(): number;
  /** The first row of each source. */
  sources(): Uint32Array<ArrayBuffer>;
  /** The address of a record's address and length, 0 and 0 where it is not kept. */
  record(row: number): number;
  /** Rows as JSON; `fields`: a bit for each common field by its place in `fieldNames`. */
  write(rows: Uint32Array, fields: number): string;
  all(): BorderRowSet;
  broken(): BorderRowSet;
  these(rows: Uint32Array): BorderRowSet;
  rows_where(field: number, text?: string | null): BorderRowSet;
  during(from: number, to: number): BorderRowSet;
  same(row: number, field: number): BorderRowSet;
  trace(row: number): BorderRowSet;
  search(text: string, now: number, within: BorderRowSet): BorderSearch;
  /** By a field, or one of `sortKeys`. */
  sorted(set: BorderRowSet, key: number, descending: boolean): BorderRowList;
  facet(set: BorderRowSet, field: number, top: number): BorderFacet;
  /** `by`: 255 for none. */
  histogram(
    set: BorderRowSet,
    from: number | undefined,
    to: number | undefined,
    buckets: number,
    by: number,
    top: number,
  ): BorderHistogram;
  group(set: BorderRowSet, by: Uint8Array, percentiles: Float64Array, top: number): BorderGroup[];
  runs(set: BorderRowSet, from: number, count: number): BorderRunSummary[];
  free(): void;
}

/** A set of rows on the other side. */
export interface BorderRowSet {
  count(): number;
  has(row: number): boolean;
  /** 0 both, 1 either, 2 this and not the other. */
  with(other: BorderRowSet, how: number): BorderRowSet;
  page(from: number, count: number): Uint32Array<ArrayBuffer>;
  rank(row: number): number;
  free(): void;
}

/** Rows in an order. */
export interface BorderRowList {
  page(from: number, count: number): Uint32Array<ArrayBuffer>;
  /** -1 where the row is not among them. */
  place(row: number): number;
  free(): void;
}

/** A search on the other side. */
export interface BorderSearch {
  indexed(): boolean;
  step(store: BorderLogStore, most: number): void;
  /** The address of where it stands, by `searchSlot`. */
  progress(): number;
  /** Room for what is wanted; 0 where nothing is, 1 where there is no memory. */
  input(): number;
  given(): void;
  found(): BorderRowSet;
  free(): void;
}

/** As `Facet`, its values in pairs. */
export interface BorderFacet {
  readonly values: readonly (readonly [string | null, number])[];
  readonly distinct: number;
  readonly missing: number;
  readonly unindexed: number;
}

/** As `Histogram`, the ends in nanoseconds as text. */
export interface BorderHistogram {
  readonly from: string;
  readonly to: string;
  readonly series: readonly {
    readonly is_one: boolean;
    readonly value?: string | null;
    readonly counts: readonly number[];
  }[];
  readonly untimed: number;
  readonly outside: number;
}

/** As `Group`, lengths of time in nanoseconds as text. */
export interface BorderGroup {
  readonly values: readonly (string | null)[];
  readonly count: number;
  readonly timed: number;
  readonly sum: string;
  readonly percentiles: readonly string[];
}

/** As `RunSummary`; what is missing may be left out, times are nanoseconds as text. */
export interface BorderRunSummary {
  readonly run: string;
  readonly parent?: string | null;
  readonly trace?: string | null;
  readonly rows: number;
  readonly first: number;
  readonly last: number;
  readonly from?: string | null;
  readonly to?: string | null;
  readonly level?: string | null;
  readonly status?: string | null;
}

/** Where things are in the numbers of a store. */
export const countSlot = { rows: 0, broken: 1, unknown: 2, bytes: 3, kept: 4, index: 5, indexed: 6 } as const;

/** Where things are in the numbers of a search. */
export const searchSlot = { scanned: 0, total: 1, found: 2, done: 3, source: 4, start: 5, end: 6 } as const;

/** In place of an address: there is no memory. */
export const NO_MEMORY = 1;

/** What rows are sorted by besides fields, by the numbers that the border knows it by. */
export const sortKeys = { size: 254, row: 255 } as const;

/** The common fields by the numbers that the border knows them by. */
export const fieldNames = [
  "@time",
  "@platform",
  "@type",
  "@level",
  "@status",
  "@message",
  "@id",
  "@org.id",
  "@customer.id",
  "@customer.external_id",
  "@environment",
  "@workflow.id",
  "@workflow.name",
  "@run.id",
  "@parent.id",
  "@trace.id",
  "@step",
  "@connector",
  "@integration.id",
  "@operation",
  "@resource.type",
  "@resource.id",
  "@actor.id",
  "@actor.email",
  "@actor.ip",
  "@impersonator.id",
  "@enduser.id",
  "@error.type",
  "@error.message",
  "@duration",
] as const satisfies readonly FieldName[];

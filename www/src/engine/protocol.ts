// What the page and its Web Worker say to each other: calls with an answer, and what is told meanwhile.
import type {
  Drift,
  FieldName,
  Finding,
  Place as PolicyPlace,
  Problem,
  QueryCandidate,
  QueryToken,
  Report,
  Trip,
} from "logweir/store";
import type { Source } from "../intake/source.js";

export type { Drift, FieldName, Finding, Problem, QueryCandidate, QueryToken, Report, Source, Trip };

/** How far the opening of sources has come. */
export interface Progress {
  /** Bytes read of what lies on the disk, and how many there are, where that is known. */
  read: number;
  total: number | undefined;
  events: number;
  broken: number;
  /** Of a tail: the forwarder has let it in. */
  connected: boolean;
  /** Of a tail: events that were passed over. */
  lost: number;
}

/** What lies open. */
export interface Summary {
  events: number;
  broken: number;
  /** Events that are in the index: the first ones. The others are shown and searched, and not yet counted. */
  indexed: number;
  /** Bytes of events, unpacked. */
  bytes: number;
  /** First and last instant, in milliseconds since 1970. */
  first: number | undefined;
  last: number | undefined;
  /** The reading was ended before the end. */
  cut: "cancelled" | "full" | undefined;
  /** Files, and files in archives, that are damaged or cut: what was read of them until there is shown. */
  damaged: readonly string[];
  /** A broken paste that could be mended: how many more records would be read. */
  repair: number | undefined;
}

/** From, inclusive, to, exclusive: milliseconds since 1970. */
export interface Range {
  from: number;
  to: number;
}

export interface Ask {
  query: string;
  range: Range | undefined;
  /** Only the records that are broken; the query cannot find them. */
  broken: boolean;
  sort: { field: string; descending: boolean };
}

/** What a search has found so far. */
export interface Found {
  count: number;
  /** Events looked at, of how many. */
  looked: number;
  of: number;
}

/** A line of the table. */
export interface Row {
  row: number;
  time: number | undefined;
  level: string | undefined;
  type: string | undefined;
  /** Why it could not be read. */
  code: string | undefined;
  /** One for each column that was asked for. */
  cells: string[];
}

export interface Bin {
  from: number;
  /** Events by level: debug, info, warn, error, fatal, and those without one. */
  counts: number[];
}

export interface Histogram {
  range: Range;
  step: number;
  /** The classes of `counts`. */
  classes: string[];
  bins: Bin[];
  /** Events that have no time. */
  timeless: number;
}

export interface Facet {
  field: string;
  values: { value: string; count: number }[];
  /** How many events have no value. */
  missing: number;
  /** There are more values than these. */
  more: boolean;
}

/** Where a record stands in what was opened. */
export interface Place {
  source: string;
  line: number | undefined;
  offset: number;
  length: number;
}

/** All that is told of one event. */
export interface Detail {
  row: number;
  place: Place;
  /** The record as it came, as text; its beginning where it is very long. */
  text: string;
  whole: boolean;
  /** Its first bytes, which need be no text. */
  bytes: Uint8Array;
  type: string | undefined;
  /** Where the event begins in the record: a JSON pointer. */
  at: string | undefined;
  fields: Record<string, string>;
  findings: readonly Finding[];
  drift: readonly Drift[];
  /** Why it could not be read, what was expected, and at which byte; `unit` is that place in the text. */
  fault: { code: string; expected: string; at: number; unit: number } | undefined;
}

/** An execution, job or conversation: the events that share `@run.id`. */
export interface RunLine {
  run: string;
  parent: string | undefined;
  /** How many events it has. */
  events: number;
  /** Its first event in time. */
  first: number;
  from: number | undefined;
  to: number | undefined;
  level: string | undefined;
  status: string | undefined;
  /** The workflow, or whatever else says what it is. */
  title: string;
}

/** An event of a run, for a tree and a waterfall. */
export interface Span {
  row: number;
  time: number | undefined;
  /** How long it took until then, in milliseconds. */
  duration: number | undefined;
  type: string | undefined;
  level: string | undefined;
  status: string | undefined;
  run: string | undefined;
  parent: string | undefined;
  step: string | undefined;
  title: string;
  /** What the event itself tells of its steps: the lines of a Workato job. */
  steps: { title: string; duration: number; failed: boolean }[];
}

/** What a policy's compiler and its flow check say. */
export interface Verdict {
  /** Mistakes, or else warnings. */
  problems: readonly Problem[];
  leaks: readonly Problem[];
  /** Its routes; undefined if it cannot be compiled. */
  routes: readonly string[] | undefined;
  /** What became of its own tests. */
  tests: readonly { name: string; faults: readonly string[] }[];
}

/** A request as a route makes it, secrets by name. */
export interface Outgoing {
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
}

export interface RouteApplied {
  name: string;
  records: number;
  bytes: number;
  bodies: number;
  to: string | undefined;
  request: Outgoing | undefined;
  /** The beginning of what it gets. */
  preview: string;
  whole: boolean;
  /** Which of the first events of the set it gets. */
  rows: number[];
}

/** What a policy did to many events. */
export interface Applied {
  report: Report;
  places: readonly PolicyPlace[];
  drift: readonly Drift[];
  routes: RouteApplied[];
  withheld: { row: number; code: string; expected: string }[];
  /** Of so many events, the first of the set, `rows` says which route gets them. */
  followed: number;
}

/** What a policy does to one record. */
export interface Tried {
  before: string;
  trip: Trip | undefined;
  routes: { name: string; body: string; request: Outgoing | undefined }[];
}

/** What a template makes of an event. */
export interface Rendered {
  /** What is wrong with it, or odd; undefined where it is no JSON, and ought to be. */
  problems: readonly Problem[] | undefined;
  /** What comes of the event, or what the event would have to be. */
  made: { text: string; expected: string | undefined } | undefined;
}

/** A file that was made. */
export interface Saved {
  file: Blob;
  records: number;
  /** Records that could not be redacted, and so are not in it. */
  withheld: number;
  /** Records that are no JSON, which a JSON file cannot hold. */
  broken: number;
}

export type Form = "ndjson" | "json" | "csv";

/** How events of one value of a field went. */
export interface Rate {
  value: string;
  count: number;
  failed: number;
  /** Of those that tell how long they took: the median and the 95th percentile, in milliseconds. */
  durations: { count: number; median: number; high: number } | undefined;
}

/** The figures of the dashboard: fields and how their values went, the most telling first. */
export interface Figures {
  total: number;
  failed: number;
  times: Histogram;
  connectors: Rate[];
  /** Tray's connectors: services of others, and the platform's own helpers. */
  services: Rate[];
  helpers: Rate[];
  workflows: Rate[];
  /** The field that names workflows. */
  workflow: string;
  slowest: Rate[];
  errors: Rate[];
  actors: Rate[];
  impersonators: Rate[];
  types: Rate[];
}

/** How long things took over time: medians and 95th percentiles, in milliseconds. */
export interface Durations {
  /** Of each stretch of time, its length in milliseconds. */
  step: number;
  bins: { from: number; count: number; median: number; high: number }[];
  /** Where the last one ends. */
  to: number;
}

/** How an event is near another. */
export type Near = "neighbours" | "run" | "actor" | "minute";

/** What the worker can be asked. Answers are small: rows are asked for as they are to be seen. */
export interface Calls {
  /** Opens sources in place of what was open, or beside it. */
  open(args: { sources: Source[]; beside: boolean; repair: boolean }): Summary;
  /** What lies open after a reading that was cancelled. */
  summary(args: null): Summary;
  /** Goes on with the index to its end; tells how many events are in it. */
  index(args: null): Summary;
  /** Makes the set of events that match, and keeps it: in the order asked for. */
  search(args: Ask): { found: Found; warnings: readonly Problem[] };
  /** Some of the set. */
  rows(args: { from: number; to: number; columns: string[] }): Row[];
  /** These, as lines, in the order of the set. */
  lines(args: { rows: number[]; columns: string[] }): Row[];
  /** All of them, without regard to the set: the events around one. */
  near(args: { row: number; how: Near; most: number; columns: string[] }): {
    rows: Row[];
    query: string | undefined;
  };
  /** Where in the set an event stands; -1 if it is not in it. */
  place(args: { row: number }): number;
  histogram(args: { bins: number; by: string }): Histogram;
  facets(args: { fields: string[]; most: number }): Facet[];
  figures(args: null): Figures;
  durations(args: { most: number }): Durations;
  detail(args: { row: number }): Detail;
  /** The runs of the set: those that failed only, if that is wanted; the latest first. */
  runs(args: { most: number; failed: boolean }): { total: number; runs: RunLine[] };
  /** The events of an event's run, of those that called it or that it called, and of its trace, in order of time. */
  trace(args: { row: number; most: number }): Span[];
  tokens(args: { text: string }): { tokens: QueryToken[]; problems: readonly Problem[] };
  /** What is wrong with a policy, and what could leak through it. */
  policy(args: { text: string }): Verdict;
  /** Runs a policy over the set. */
  apply(args: { text: string }): Applied;
  try(args: { text: string; row: number }): Tried;
  /** Checks a template for a route, and renders an event by it: a JSON value whose strings are templates, or a text. */
  template(args: {
    policy: string;
    route: string;
    form: "value" | "text";
    text: string;
    row: number | undefined;
  }): Rendered;
  /** A test for the policy from an event, with made-up values; undefined if none can be made. */
  draft(args: { text: string; row: number }): object | undefined;
  /** The set as a file; redacted by a policy unless none is told. */
  save(args: { form: Form; policy: string | undefined; columns: string[] }): Saved;
  /** In how many ways something could pass such a file as it came, by the flow check. */
  ways(args: { policy: string }): number;
  /** The texts of a query that could tell something of somebody. */
  telling(args: { text: string }): string[];
  /** The texts of a policy that could. */
  tellingPolicy(args: { text: string }): string[];
  complete(args: { text: string; position: number }): QueryCandidate[];
}
export type Call = keyof Calls;

interface Meanwhile {
  open: Progress;
  index: number;
  search: Found;
  apply: Found;
  save: Found;
}
/** What is told before the answer. */
export type Told<N extends Call> = N extends keyof Meanwhile ? Meanwhile[N] : never;

export type Asked = { id: number; name: Call; args: unknown } | { cancel: number };
export type Message =
  | { id: number; told: unknown }
  | { id: number; result: unknown }
  | { id: number; error: "refused" | "fault" | "gone"; reason: string };

// The shapes that JSON Schemas describe (policy, report, events), and what the package takes and gives.
import type { Destination } from "../generated/policy.js";
import type { Quarantined } from "../generated/report.js";

export type * from "../generated/events.js";
export type { Finding } from "../generated/finding.js";
export type { Policy, Quota, RedactRule, Route } from "../generated/policy.js";
export type { Drift, Place, Problem, Quarantined, Report, Trip } from "../generated/report.js";

/** Bytes that own their memory, as `fetch` and the streams of the platform take them. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** What can be read: UTF-8 bytes (a view of any kind counts as its bytes), or text. */
export type Input = Uint8Array | ArrayBuffer | string;

/**
 * How the records stand in the input.
 *
 * - `auto`: found out from what comes first (the default); nothing comes out before something follows the first record,
 *   64 KB of one that goes on over lines, or 8 MB of an array on one line: where records trickle in, name the format;
 * - `ndjson`: one record a line;
 * - `array`: one JSON array whose elements are the records;
 * - `json`: the whole input is one record;
 * - `concat`: records one after another, pretty-printed or not;
 * - `values`: found out as by `auto`, but an array is one record.
 */
export type Format = "auto" | "ndjson" | "array" | "json" | "concat" | "values";

/** A type as an imported JSON file has it: words are any strings, numbers any numbers, lists of any length. */
export type Widened<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends readonly (infer E)[]
      ? readonly Widened<E>[]
      : T extends object
        ? { readonly [K in keyof T]: Widened<T[K]> }
        : T;

/** What a common field says. */
export type FieldValue = string | number | boolean;

/**
 * The common fields of an event, by name (`@time`, `@run.id` …); those that have no value are left out.
 *
 * Instants (`@time`) are RFC 3339 text in UTC with as many decimals as they need, lengths of time (`@duration`) decimal
 * seconds as text. Whole numbers of up to 15 digits are numbers; all others are text, digit by digit as they stood.
 */
export type Fields = { readonly [name in FieldName]?: FieldValue } & {
  /** When it happened: RFC 3339 in UTC. */
  readonly "@time"?: string;
  /** The event type. */
  readonly "@type": string;
  /** How grave it is. */
  readonly "@level"?: "debug" | "info" | "warn" | "error" | "fatal";
  /** How long it took, in decimal seconds. */
  readonly "@duration"?: string;
};

/** The name of a common field. */
export type FieldName =
  | "@time"
  | "@platform"
  | "@type"
  | "@level"
  | "@status"
  | "@message"
  | "@id"
  | "@org.id"
  | "@customer.id"
  | "@customer.external_id"
  | "@environment"
  | "@workflow.id"
  | "@workflow.name"
  | "@run.id"
  | "@parent.id"
  | "@trace.id"
  | "@step"
  | "@connector"
  | "@integration.id"
  | "@operation"
  | "@resource.type"
  | "@resource.id"
  | "@actor.id"
  | "@actor.email"
  | "@actor.ip"
  | "@impersonator.id"
  | "@enduser.id"
  | "@error.type"
  | "@error.message"
  | "@duration";

type Members<T> = T extends T ? keyof T : never;

/** The name of a destination, as policies have it. */
export type DestinationName = Members<Destination>;

/** What one route has to deliver. */
export interface Batch {
  /** The route's name in the policy. */
  readonly route: string;
  /** The media type of `body`, such as `application/x-ndjson`. */
  readonly contentType: string;
  /** UTF-8. Never empty: a route with nothing to deliver has no batch. */
  readonly body: Bytes;
  /** How many records are in `body`; a piece of a framing alone (the end of an array) has none. */
  readonly records: number;
  /** The destination of the route, such as `datadog`; none for `ndjson` and `json`. */
  readonly to?: DestinationName;
  /** What takes the body there: `prepare()` fills in the secrets. Only with `to`. */
  readonly request?: BatchRequest;
}

/** A request, all but its body and its secrets: `${NAME}` stands for the secret of that name. */
export interface BatchRequest {
  /** The method. */
  readonly method: "POST" | "PUT";
  /** The address. */
  readonly url: string;
  /** The headers by name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the body is to be compressed with gzip on its way. */
  readonly gzip: boolean;
  /** What AWS Signature Version 4 names, where the receiver wants the request signed by it. */
  readonly sign?: Signing;
}

/** What a request is to be signed for. */
export interface Signing {
  /** The service, such as `s3`. */
  readonly service: string;
  /** The region, such as `eu-central-1`. */
  readonly region: string;
}

/** What a call gave: what to deliver, and the records that were withheld. */
export interface Output {
  /**
   * In the policy's order. A route to `ndjson` or `json` has at most one; one to a destination has as many as its limits
   * ask for, each a request.
   */
  readonly batches: readonly Batch[];
  /** The records that this call put into quarantine, in the order of the input. */
  readonly quarantined: readonly Quarantined[];
}

// What a receiver's answer means for the batch that it answers.
import { UsageError } from "./errors.js";
import { checkOptions, isObject } from "./options.js";
import { retryAfter } from "./retry-after.js";
import { type Now, timeMillis } from "./time.js";
import type { DestinationName } from "./types.js";

/** A receiver's answer. */
export interface Answer {
  /** The HTTP status; 0 where none came: the connection was refused, cut, or took too long. */
  readonly status: number;
  /** `Headers`, or names and values. */
  readonly headers?: Headers | Readonly<Record<string, string>> | undefined;
  /** The body's text: Elasticsearch, Splunk, OpenTelemetry and Firehose say in it what became of the records. */
  readonly body?: string | undefined;
}

/** What `interpret()` looks at besides the answer. */
export interface InterpretOptions {
  /** How many records the batch has. */
  readonly records: number;
  /** What time it is, where `Retry-After` says a time; that of the call by default. */
  readonly now?: Now | undefined;
}

/**
 * What is to be done with a batch.
 *
 * - `delivered`: nothing; it is there, or was there already. `after`: for so many seconds the receiver takes no other.
 * - `retry`: send it again, after that many seconds if the receiver says so.
 * - `split`: it is too large; send halves, which `split()` makes. A single record that is too large goes to the dead letters.
 * - `dead`: it will never be taken as it is.
 * - `stop`: neither this batch nor another will be taken until somebody mends the set-up: a credential, an address.
 * - `partial`: each record has its own.
 */
export type Outcome =
  | {
      /** What is to be done. */
      readonly outcome: "split" | "dead" | "stop";
      /** Why: one of a few fixed texts. */
      readonly reason: string;
    }
  | {
      /** What is to be done. */
      readonly outcome: "delivered" | "retry";
      /** For so many seconds the receiver wants to hear nothing. */
      readonly after?: number;
      /** Why: one of a few fixed texts. */
      readonly reason: string;
    }
  | {
      /** What is to be done differs from record to record. */
      readonly outcome: "partial";
      /** The outcome of each record, in the order of the batch. */
      readonly records: readonly ("delivered" | "retry" | "dead")[];
      /** For so many seconds the receiver wants to hear nothing. */
      readonly after?: number;
      /** Why: one of a few fixed texts. */
      readonly reason: string;
    };

/** The answers of a destination that are not read as those of any other. */
type Reading = (answer: Answer, options: Told) => Outcome | undefined;

/** What there is to know besides the answer. */
interface Told {
  readonly records: number;
  /** In milliseconds since 1970. */
  readonly now: number;
}

/**
 * Reads a receiver's answer. The reasons are fixed texts: nothing of an answer travels on.
 *
 * @param to the destination, as `batch.to` has it; or `firehose`
 * @throws {UsageError} `W904` where there is no such destination, the status is no number from 0 to 599, or `records` is no
 *   number of records
 */
export function interpret(
  to: DestinationName | "firehose",
  answer: Answer,
  options: InterpretOptions,
): Outcome {
  const reading = Object.hasOwn(READINGS, to) ? READINGS[to] : undefined;
  if (reading === undefined)
    throw new UsageError("W904", `to: expected one of ${Object.keys(READINGS).join(", ")}`);
  const status = isObject(answer) ? answer.status : undefined;
  if (!Number.isInteger(status) || (status as number) < 0 || (status as number) > 599)
    throw new UsageError("W904", "status: expected a number from 0 to 599");
  checkOptions(options, { records: "checked", now: "checked" });
  const { records, now = Date.now() } = options ?? {};
  if (!Number.isSafeInteger(records) || records < 0)
    throw new UsageError("W904", "records: expected how many records the batch has");
  const told = { records, now: timeMillis(now) };
  return reading(answer, told) ?? usual(answer, told);
}

/** What most receivers mean by a status (RFC 9110; RFC 6585 for 429). */
function usual(answer: Answer, options: Told): Outcome {
  const { status } = answer;
  if (status >= 200 && status < 300) return { outcome: "delivered", reason: "taken" };
  if (status === 413) return { outcome: "split", reason: "too large" };
  if (status === 0) return { outcome: "retry", reason: "no answer" };
  if (status === 408 || status === 429 || status >= 500) return retry(answer, options, "not now");
  if (status === 401 || status === 403) return { outcome: "stop", reason: "not allowed" };
  if (status === 404 || status === 405 || status === 410) return { outcome: "stop", reason: "not there" };
  if (status >= 300 && status < 400) return { outcome: "stop", reason: "a redirect, which is not followed" };
  return { outcome: "dead", reason: "refused" };
}

function retry(answer: Answer, options: Told, reason: string): Outcome {
  const after = retryAfter(header(answer, "retry-after"), options.now);
  return after === undefined ? { outcome: "retry", reason } : { outcome: "retry", after, reason };
}

function header({ headers }: Answer, name: string): string | undefined {
  if (headers === undefined) return undefined;
  if (typeof (headers as Headers).get === "function") return (headers as Headers).get(name) ?? undefined;
  const found = Object.entries(headers as Record<string, string>).find(([key]) => key.toLowerCase() === name);
  return found?.[1];
}

/** A body as JSON; undefined where it is none. */
function json({ body }: Answer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body ?? "");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Read as most receivers are meant. */
const plain: Reading = () => undefined;

const READINGS: Readonly<Record<DestinationName | "firehose", Reading>> = {
  datadog: plain,
  splunk,
  sumo: ({ status }: Answer, { records }: Told) =>
    status === 408 && records > 1 ? { outcome: "split", reason: "took too long" } : undefined,
  newrelic: (answer: Answer, options: Told) =>
    [400, 409, 411].includes(answer.status) || answer.status < 400
      ? undefined
      : [403, 404, 405, 410].includes(answer.status)
        ? { outcome: "stop", reason: "not allowed" }
        : answer.status === 413 || answer.status === 401
          ? undefined
          : retry(answer, options, "not now"),
  elastic,
  otlp,
  sentry,
  s3,
  redshift: s3,
  cloudevents: plain,
  ocsf: plain,
  http: plain,
  firehose,
};

/**
 * Splunk's own codes, which tell a 200 or 400 apart: 0 and the warnings 24 and 25 are taken. One bad event refuses a
 * whole request; of the others nobody says whether they were taken, so they go again without it.
 */
function splunk(answer: Answer, options: Told): Outcome | undefined {
  const told = answer.status === 200 || answer.status === 400 ? json(answer) : undefined;
  const code = told?.code;
  if (typeof code !== "number") return undefined;
  if (code === 0 || code === 24 || code === 25) return { outcome: "delivered", reason: "taken" };
  if ([8, 9, 18, 19, 20, 23, 26, 27].includes(code)) return retry(answer, options, "not now");
  if ([1, 2, 3, 4, 21, 22].includes(code)) return { outcome: "stop", reason: "not allowed" };
  const number = told?.["invalid-event-number"];
  // Of a wrong index, the number is that of the next one.
  const bad = typeof number === "number" ? number - (code === 7 ? 1 : 0) : -1;
  if (!(bad >= 0 && bad < options.records)) return { outcome: "dead", reason: "refused" };
  const records = Array.from({ length: options.records }, (_, index) => (index === bad ? "dead" : "retry"));
  return partial(records, answer, options);
}

/** A 200 says of each record what became of it; 409 answers `create` with our own id: it is there already. */
function elastic(answer: Answer, options: Told): Outcome | undefined {
  const { status } = answer;
  if (status !== 200) return undefined;
  const told = json(answer);
  const items = told?.items;
  if (told?.errors === false) return { outcome: "delivered", reason: "taken" };
  if (!Array.isArray(items) || items.length !== options.records) {
    return { outcome: "retry", reason: "an answer that does not say what became of the records" };
  }
  const records = items.map((item: Record<string, { status?: unknown }> | null) => {
    const [said] = Object.values(item ?? {});
    const status = said?.status;
    if (status === 200 || status === 201 || status === 409) return "delivered";
    return status === 429 || (typeof status === "number" && status >= 500) ? "retry" : "dead";
  });
  return partial(records, answer, options);
}

/** A partial success may not be sent again; an absent or empty one is a full one. */
function otlp(answer: Answer, options: Told): Outcome | undefined {
  const { status } = answer;
  if (status === 200) {
    const told = json(answer)?.partialSuccess as { rejectedLogRecords?: unknown } | null | undefined;
    const rejected = Number(told?.rejectedLogRecords ?? 0);
    if (!(rejected > 0)) return { outcome: "delivered", reason: "taken" };
    // Which ones is not said, and none may be sent again.
    return { outcome: "dead", reason: "some records were rejected" };
  }
  if (status === 429 || status === 502 || status === 503 || status === 504)
    return retry(answer, options, "not now");
  return status >= 500 || status === 408 ? { outcome: "dead", reason: "refused" } : undefined;
}

/** Any answer may say for how long no more logs are taken; a 429 that does not means a minute. */
function sentry(answer: Answer): Outcome | undefined {
  const { status } = answer;
  const after = sentryLimit(answer);
  if (status >= 200 && status < 300 && after) return { outcome: "delivered", after, reason: "taken" };
  if (status !== 429 || header(answer, "retry-after") !== undefined) return undefined;
  return { outcome: "retry", after: after ?? 60, reason: "not now" };
}

/** `X-Sentry-Rate-Limits: 60:log_item:…, 2700:…`: the longest of them, in seconds. */
function sentryLimit(answer: Answer): number | undefined {
  const limits = header(answer, "x-sentry-rate-limits")?.split(",") ?? [];
  const seconds = limits
    .map((limit) => limit.trim().split(":"))
    .filter(([, categories = ""]) => categories === "" || categories.split(";").includes("log_item"))
    .map(([seconds]) => retryAfter(seconds, 0) ?? 0);
  return seconds.length > 0 ? Math.max(...seconds) : undefined;
}

/** The object is there already where `If-None-Match: *` is not met; conflicts and slow-downs pass. */
function s3(answer: Answer, options: Told): Outcome | undefined {
  const { status, body = "" } = answer;
  if (status === 412) return { outcome: "delivered", reason: "there already" };
  if (status === 409 || (status === 400 && body.includes("<Code>RequestTimeout</Code>"))) {
    return retry(answer, options, "not now");
  }
  return undefined;
}

/** Amazon Data Firehose (PutRecordBatch), for those who send rows that way: a 200 says of each record whether it failed. */
function firehose(answer: Answer, options: Told): Outcome | undefined {
  if (answer.status !== 200) return undefined;
  const told = json(answer);
  if (told?.FailedPutCount === 0) return { outcome: "delivered", reason: "taken" };
  const responses = told?.RequestResponses;
  if (!Array.isArray(responses) || responses.length !== options.records) {
    return { outcome: "retry", reason: "an answer that does not say what became of the records" };
  }
  const failed = (said: unknown) => (said as { ErrorCode?: unknown } | null)?.ErrorCode !== undefined;
  return partial(
    responses.map((said: unknown) => (failed(said) ? "retry" : "delivered")),
    answer,
    options,
  );
}

function partial(
  records: readonly ("delivered" | "retry" | "dead")[],
  answer: Answer,
  options: Told,
): Outcome {
  const [first] = records;
  if (records.every((record) => record === first)) {
    if (first === "retry") return retry(answer, options, "not now");
    return {
      outcome: first === "dead" ? "dead" : "delivered",
      reason: first === "dead" ? "refused" : "taken",
    };
  }
  const after = retryAfter(header(answer, "retry-after"), options.now);
  return { outcome: "partial", records, ...(after !== undefined && { after }), reason: "some were refused" };
}

// The documented contracts of receivers, told strictly: what a request must be, and what its answer is. The addresses of
// the documents stand at the head of each file of src/encode.
import { gunzipSync } from "node:zlib";

/** Refuses a request. */
class Refusal extends Error {
  constructor(status, body = "") {
    super(`${status} ${typeof body === "string" ? body : JSON.stringify(body)}`);
    this.status = status;
    this.body = body;
  }
}

const must = (holds, status, body) => {
  if (!holds) throw new Refusal(status, body);
};

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isScalar = (value) => value === null || typeof value !== "object";
const isBlank = (value) =>
  value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
const bytes = (text) => Buffer.byteLength(text);
const isInstant = (text) =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text));

/** JSON values one behind the other, white space between them. */
function values(text) {
  const found = [];
  let [depth, start, inside] = [0, -1, false];
  for (let at = 0; at < text.length; at++) {
    const c = text[at];
    if (inside) {
      if (c === "\\") at++;
      else if (c === '"') inside = false;
    } else if (c === '"') inside = true;
    else if (c === "{" || c === "[") {
      if (depth++ === 0) start = at;
    } else if (c === "}" || c === "]") {
      if (--depth === 0) found.push(JSON.parse(text.slice(start, at + 1)));
    } else if (depth === 0 && !/\s/.test(c)) throw new Error("something between the objects");
  }
  if (depth !== 0 || inside) throw new Error("the end is missing");
  return found;
}

const lines = (text) => {
  must(text.endsWith("\n"), 400, "the last line has no end");
  return text.slice(0, -1).split("\n");
};

/**
 * Of each receiver: where and with which credential requests arrive, its limits, and `read`, which gives the number of
 * records and the answer, or throws.
 */
export const CONTRACTS = {
  datadog: {
    path: "/api/v2/logs",
    type: "application/json",
    auth: ["dd-api-key", "key"],
    refused: [403, { errors: [{ status: "403", title: "Forbidden" }] }],
    most: 5_000_000,
    read(text) {
      const items = JSON.parse(text);
      must(Array.isArray(items) && items.length > 0, 400, "an array");
      must(items.length <= 1000, 413, "items");
      for (const item of items) {
        must(isObject(item) && typeof item.message === "string" && item.message !== "", 400, "message");
        must(bytes(JSON.stringify(item)) <= 1_000_000, 400, "would be cut off, and answered by 202");
        for (const name of ["ddsource", "ddtags", "service", "hostname", "status"]) {
          must(["string", "undefined"].includes(typeof item[name]), 400, name);
        }
        const tags = item.ddtags?.split(",") ?? [];
        must(tags.length <= 100 && tags.every((tag) => tag.length <= 256), 400, "ddtags");
        must(item.timestamp === undefined || Number.isInteger(item.timestamp), 400, "timestamp");
        must(Object.keys(item).length < 256, 400, "attributes");
      }
      return [items.length, 202, {}];
    },
  },
  splunk: {
    path: "/services/collector/event",
    auth: ["authorization", "Splunk key"],
    refused: [403, { text: "Invalid token", code: 4 }],
    most: 1_000_000,
    read(text) {
      const known = ["time", "host", "source", "sourcetype", "index", "event", "fields"];
      const events = values(text);
      must(events.length > 0, 400, { text: "No data", code: 5 });
      events.forEach((event, number) => {
        const refuse = (holds, code) => must(holds, 400, { text: "", code, "invalid-event-number": number });
        refuse(isObject(event) && Object.keys(event).every((key) => known.includes(key)), 6);
        refuse("event" in event, 12);
        refuse(!isBlank(event.event), 13);
        refuse(event.time === undefined || (isScalar(event.time) && Number.isFinite(Number(event.time))), 15);
        refuse(
          event.fields === undefined ||
            (isObject(event.fields) && Object.values(event.fields).every(isScalar)),
          15,
        );
      });
      return [events.length, 200, { text: "Success", code: 0 }];
    },
  },
  sumo: {
    path: "/receiver/v1/http/key",
    type: "text/plain; charset=utf-8",
    refused: [401, ""],
    most: 1_000_000,
    read(text, headers) {
      const all = lines(text);
      for (const line of all) must(isObject(JSON.parse(line)) && bytes(line) <= 64 * 1024, 400, "a line");
      must(
        headers["x-sumo-category"] === "logs" && headers["x-sumo-fields"] === "team=ops,env=prod",
        400,
        "headers",
      );
      return [all.length, 200, ""];
    },
  },
  newrelic: {
    path: "/log/v1",
    type: "application/json",
    auth: ["api-key", "key"],
    refused: [403, ""],
    most: 1_000_000,
    read(text) {
      const [{ logs, common, ...more }, ...others] = JSON.parse(text);
      must(others.length === 0 && common === undefined && Object.keys(more).length === 0, 400, "one block");
      for (const log of logs) {
        must(typeof log.message === "string" && log.message !== "", 400, "message");
        must(log.timestamp === undefined || Number.isInteger(log.timestamp), 400, "timestamp");
        const attributes = Object.entries(log.attributes);
        must(attributes.length <= 255, 400, "attributes");
        for (const [name, value] of attributes) {
          must(isScalar(value) && name.length <= 255, 400, "arrays are not supported");
          must(bytes(String(value)) <= 128 * 1024, 400, "longer than what is kept of a value");
          must(
            !["accountId", "eventType", "entity.guid", "entity.name", "entity.type"].includes(name),
            400,
            "reserved",
          );
        }
      }
      return [logs.length, 202, { requestId: "1" }];
    },
  },
  elastic: {
    path: "/_bulk",
    type: "application/x-ndjson",
    auth: ["authorization", "ApiKey key"],
    refused: [401, { status: 401 }],
    most: 100_000_000,
    read(text, _headers, state) {
      const all = lines(text);
      must(all.length % 2 === 0, 400, "an action without its source");
      state.ids ??= new Set();
      const items = [];
      for (let at = 0; at < all.length; at += 2) {
        const { create, ...more } = JSON.parse(all[at]);
        must(isObject(create) && Object.keys(more).length === 0, 400, "a data stream takes create alone");
        const { _index: index, _id: id } = create;
        must(
          /^[^A-Z\\/*?"<>|,#: _+.-][^A-Z\\/*?"<>|,#: ]*$/.test(index) && bytes(index) <= 255,
          400,
          "index",
        );
        must(id === undefined || (bytes(id) <= 512 && id !== ""), 400, "id");
        const source = JSON.parse(all[at + 1]);
        must(isObject(source) && isInstant(source["@timestamp"]), 400, "@timestamp");
        items.push({ create: { status: state.ids.has(id) ? 409 : 201 } });
        if (id !== undefined) state.ids.add(id);
      }
      return [items.length, 200, { took: 1, errors: items.some(({ create }) => create.status > 201), items }];
    },
  },
  otlp: {
    path: "/v1/logs",
    type: "application/json",
    auth: ["api-key", "key"],
    refused: [401, ""],
    most: 64 << 20,
    read(text) {
      const { resourceLogs, ...more } = JSON.parse(text);
      must(Object.keys(more).length === 0, 400, "names");
      const records = resourceLogs.flatMap(({ scopeLogs }) =>
        scopeLogs.flatMap(({ logRecords }) => logRecords),
      );
      const isNanos = (value) => typeof value === "string" && /^\d{1,20}$/.test(value);
      for (const record of records) {
        must(record.timeUnixNano === undefined || isNanos(record.timeUnixNano), 400, "timeUnixNano");
        must(
          isNanos(record.observedTimeUnixNano) && record.severityNumber >= 0 && record.severityNumber <= 24,
          400,
          "severity",
        );
      }
      return [records.length, 200, { partialSuccess: null }];
    },
  },
  sentry: {
    path: "/api/42/envelope/",
    type: "application/x-sentry-envelope",
    auth: ["x-sentry-auth", /^Sentry sentry_version=7, sentry_client=\S+\/\S+, sentry_key=key$/],
    refused: [403, { detail: "" }],
    most: 200 << 20,
    read(text) {
      const [envelope, item, payload, ...more] = lines(text).map((line) => JSON.parse(line));
      must(isObject(envelope) && more.length === 0, 400, "three lines");
      must(item.type === "log" && item.content_type === "application/vnd.sentry.items.log+json", 400, "item");
      must(item.item_count === payload.items.length && payload.items.length <= 100, 400, "item_count");
      const is = { string: "string", double: "number", integer: "number", boolean: "boolean" };
      for (const log of payload.items) {
        must(typeof log.timestamp === "number" && log.timestamp < 1e11, 400, "seconds");
        must(/^[0-9a-f]{32}$/.test(log.trace_id), 400, "trace_id");
        must(["trace", "debug", "info", "warn", "error", "fatal"].includes(log.level), 400, "level");
        must(typeof log.body === "string", 400, "body");
        for (const { value, type } of Object.values(log.attributes))
          must(typeof value === is[type], 400, "attributes");
        must(bytes(JSON.stringify(log)) <= 1 << 20, 413, "a log");
      }
      return [payload.items.length, 200, { id: "1" }];
    },
  },
  cloudevents: {
    path: "/events",
    type: "application/cloudevents-batch+json",
    auth: ["authorization", "Bearer key"],
    refused: [401, ""],
    most: 1_000_000,
    read(text) {
      const events = JSON.parse(text);
      for (const { data, ...event } of events) {
        must(event.specversion === "1.0" && event.id && event.source && event.type, 400, "required");
        must(event.time === undefined || isInstant(event.time), 400, "time");
        must(
          Object.keys(event).every((key) => /^[a-z0-9]+$/.test(key)),
          400,
          "names",
        );
        must(
          Object.values(event).every((value) => typeof value === "string") && data !== undefined,
          400,
          "values",
        );
      }
      return [events.length, 204, ""];
    },
  },
  ocsf: {
    path: "/ocsf",
    type: "application/x-ndjson",
    auth: ["authorization", "Bearer key"],
    refused: [401, ""],
    most: 1_000_000,
    read: (text) => {
      const needs = { 3001: ["user"], 3002: ["user", "service"], 6003: ["actor", "api", "src_endpoint"] };
      const events = lines(text).map((line) => JSON.parse(line));
      for (const event of events) {
        const { class_uid, category_uid, activity_id, type_uid } = event;
        must(
          needs[class_uid]?.every((name) => event[name] !== undefined),
          400,
          "class",
        );
        must(category_uid === Math.floor(class_uid / 1000), 400, "category_uid");
        must(type_uid === class_uid * 100 + activity_id, 400, "type_uid");
      }
      return [events.length, 200, ""];
    },
  },
  http: {
    path: "/logs",
    method: "PUT",
    type: "application/json",
    auth: ["x-key", "key"],
    refused: [401, ""],
    most: 1_000_000,
    read: (text) => [JSON.parse(text).length, 201, ""],
  },
};

/** Rows as COPY takes them: objects, a line each, whose names are columns; at most 4 MB (no receiver: it reads S3). */
export function redshift(text) {
  const rows = lines(text);
  for (const row of rows) {
    const { details, ...columns } = JSON.parse(row);
    must(bytes(row) <= 4_000_000 && details !== undefined, 400, "row");
    must(
      Object.keys(columns).every((key) => /^[a-z][a-z0-9_]*$/.test(key)),
      400,
      "columns",
    );
    must(
      Object.values(columns).every((value) => typeof value === "string"),
      400,
      "flat",
    );
    must(columns.time === undefined || isInstant(columns.time), 400, "time");
  }
  return rows.length;
}

/** What a receiver answers to a request: status, body and headers, and how many records it took. */
export function answer(name, { method, path, headers, body }, state) {
  const contract = CONTRACTS[name];
  try {
    must(method === (contract.method ?? "POST"), 405);
    const [header, value] = contract.auth ?? [];
    const given = header && headers[header];
    const isKey = value instanceof RegExp ? value.test(given) : given === value;
    must(isKey && (contract.auth || path.split("?")[0] === contract.path), ...contract.refused);
    must(path.split("?")[0].replace(/\/1\.0$/, "") === contract.path, 404);
    must(contract.type === undefined || headers["content-type"] === contract.type, 415);
    if (state.after !== undefined) {
      return { status: 429, headers: { "retry-after": String(state.after) }, body: "", records: 0 };
    }
    const raw = headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
    must(raw.length <= (state.most ?? contract.most), 413);
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw);
    const [records, status, told] = contract.read(text, headers, state);
    return { status, headers: {}, body: told === "" ? "" : JSON.stringify(told), records };
  } catch (error) {
    const { status = 400, body: told = "" } = error;
    state.why = error.message;
    return { status, headers: {}, body: typeof told === "string" ? told : JSON.stringify(told), records: 0 };
  }
}

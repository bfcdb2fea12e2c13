// Requests of destinations, and what answers to them mean.
import { gunzipSync } from "node:zlib";
import {
  type Answer,
  type Batch,
  compile,
  type DestinationName,
  interpret,
  prepare,
  split,
  UsageError,
} from "logweir";
import { describe, expect, test } from "vitest";
import { thrownBy } from "./tools.js";

const event = `{"logType":"execution_event","eventType":"failed","created":"2026-05-04T06:00:00Z","n":1}`;

const route = (to: unknown) =>
  compile(JSON.stringify({ logweir: 1, accept: {}, routes: [{ name: "out", to }] }));

describe("a batch that is too large", () => {
  const all = {
    datadog: {},
    splunk: { url: "https://splunk.example" },
    sumo: {},
    newrelic: {},
    elastic: { url: "https://es.example" },
    otlp: { url: "https://otel.example", service: '"logRecords":[' },
    sentry: { dsn: "https://k@sentry.example/1" },
    cloudevents: { url: "https://ce.example" },
    ocsf: { url: "https://ocsf.example", batch: "json" },
    http: { url: "https://any.example" },
  };
  const hostile = [
    `{"a":"]}]\\n,\\"\\\\","b":[1,{"c":[]}]}`,
    "7",
    '",\\n"',
    "[[],[]]",
    "{}",
    `{\n "p": [\n1,\n2]\n}`,
  ];
  const now = "2026-05-04T06:00:00Z";
  /** Every record of a body, as it stands there: halved until each is alone. */
  const alone = (batch: Batch): Batch[] => split(batch)?.flatMap(alone) ?? [batch];

  test.each(Object.entries(all))("goes in halves: %s", (name, options) => {
    const input = [...hostile, event, ...hostile.slice(0, 3)].join("\n");
    const [batch, ...none] = route({ [name]: options }).process(input, { format: "concat", now }).batches;
    expect(none).toEqual([]);
    if (batch === undefined) throw new Error("no batch");
    const halves = split(batch);
    expect(halves?.map(({ records }) => records)).toEqual([5, 5]);
    const single = route({ [name]: options });
    for (const [number, piece] of alone(batch).entries()) {
      expect(piece).toMatchObject({ route: "out", to: name, records: 1, request: batch.request });
      const record = [...hostile, event, ...hostile.slice(0, 3)][number] as string;
      const [wanted] = single.process(record, { format: "json", now }).batches;
      expect(Buffer.from(piece.body).toString()).toBe(Buffer.from(wanted?.body ?? []).toString());
    }
  });

  test("is no object of S3", () => {
    const [batch] = route({ s3: { bucket: "b" } }).process("{}\n{}").batches;
    expect(() => split(batch as Batch)).toThrow(UsageError);
    const [other] = route({ http: { url: "https://x.example" } }).process("{}\n{}").batches;
    expect(() => split({ ...(other as Batch), records: 3 })).toThrow(UsageError);
  });
});

describe("a record that is too large for its receiver", () => {
  const lines = ["x", "y", "z"].map((letter) => ({ output: letter.repeat(30_000) }));
  const job = { id: "j-1", flow_id: 7, status: "failed", started_at: "2026-05-04T06:00:00Z", lines };
  const weir = (oversize: unknown) =>
    compile({
      logweir: 1,
      accept: {},
      redact: [{ path: "started_at" }],
      routes: [{ name: "out", to: { sumo: {} }, oversize }],
    } as never);

  test.each([
    ["quarantine", 1, 0, 1],
    ["split", 5, 1, 0],
    ["summary", 2, 1, 0],
    [{ truncate: { path: "lines", to: 10 } }, 2, 1, 0],
    [{ truncate: { path: "status" } }, 1, 0, 1],
  ])("%j", (oversize, records, oversized, quarantined) => {
    const input = `${JSON.stringify({ Log: JSON.stringify(job) })}\n{"a":1}\n`;
    const { batches, report, ...rest } = weir(oversize).process(input);
    expect(report.routes.out?.records).toBe(records);
    expect(report.routes.out?.oversize ?? 0).toBe(oversized);
    expect(report.kept + report.quarantined).toBe(2);
    expect(rest.quarantined.map(({ code }) => code)).toEqual(quarantined === 1 ? ["R202"] : []);
    expect(batches.reduce((sum, { records }) => sum + records, 0)).toBe(records);
    const sent = batches.flatMap(({ body }) => Buffer.from(body).toString().trim().split("\n"));
    if (oversize === "split") {
      const parts = sent.map((line) => JSON.parse(line).event);
      expect(parts.slice(1, 4)).toMatchObject(
        lines.map((line, number) => ({ id: "j-1", part: { step: number + 1, of: 3 }, lines: [line] })),
      );
    }
    if (typeof oversize !== "string" || quarantined === 1) return;
    const [trip] = weir(oversize).explain(input);
    const told = trip?.edits.map(({ rule, action }) => `${rule} ${action}`);
    expect(told).toEqual(["/redact/0 replace", `/routes ${oversize === "split" ? "remove" : "replace"}`]);
  });
});

describe("a route to a destination", () => {
  test("gives requests that lack nothing but their secrets", async () => {
    const [batch] = route({ datadog: { site: "datadoghq.eu", gzip: true } }).process(
      `${event}\n${event}`,
    ).batches;
    expect(batch).toMatchObject({
      route: "out",
      to: "datadog",
      records: 2,
      request: {
        method: "POST",
        url: "https://http-intake.logs.datadoghq.eu/api/v2/logs",
        headers: {
          "DD-API-KEY": "${DD_API_KEY}",
          "Content-Encoding": "gzip",
          "Content-Type": "application/json",
        },
      },
    });
    if (!batch) return;
    const { headers, body } = await prepare(batch, { secrets: { DD_API_KEY: "k" } });
    expect(headers["DD-API-KEY"]).toBe("k");
    expect(gunzipSync(body)).toEqual(Buffer.from(batch.body));
    await expect(prepare(batch)).rejects.toMatchObject({ name: "UsageError", code: "W908" });
    await expect(prepare(batch, { secrets: { DD_API_KEY: "a\r\nb" } })).rejects.toThrow(UsageError);
  });

  test("gives a body for each name of an object, and its address", () => {
    const weir = route({
      s3: { bucket: "logs", region: "eu-west-1", key: "{{@platform}}/{{n}}/${batch}.json" },
    });
    const { batches } = weir.process(`${event}\n${event}\n${event.replace('"n":1', '"n":"é/2"')}`);
    expect(batches.map(({ records }) => records)).toEqual([2, 1]);
    expect(batches[1]?.request).toMatchObject({
      method: "PUT",
      sign: { service: "s3", region: "eu-west-1" },
    });
    expect(batches[1]?.request?.url).toMatch(
      /^https:\/\/logs\.s3\.eu-west-1\.amazonaws\.com\/tray\/%25C3%25A9%252F2\/[0-9a-f]{16}\.json$/,
    );
  });

  test("keeps bodies apart where an input goes through in pieces", () => {
    const many = `${event}\n`.repeat(30_000);
    const { batches } = route({ datadog: {} }).process(many);
    expect(batches.length).toBeGreaterThanOrEqual(30);
    let records = 0;
    for (const batch of batches) {
      records += batch.records;
      expect(JSON.parse(Buffer.from(batch.body).toString())).toHaveLength(batch.records);
      expect(batch.body.length).toBeLessThanOrEqual(5_000_000);
    }
    expect(records).toBe(30_000);
  });

  test("fills bodies, however an input comes in one call", () => {
    const text = `{"a":"${"x".repeat(3000)}"}\n`.repeat(3000);
    for (const [to, bodies] of [[{ datadog: {} }, 3] as const, [{ s3: { bucket: "b" } }, 1] as const]) {
      for (const input of [text, new TextEncoder().encode(text)]) {
        expect(route(to).process(input).batches.length).toBe(bodies);
        const run = route(to).run();
        expect(run.push(input).batches.length + run.finish().batches.length).toBe(bodies);
      }
    }
  });

  test("tells the time of the call where the receiver wants one", () => {
    const weir = route({ elastic: { url: "https://es.example" } });
    const [batch] = weir.process("{}", { now: "2026-05-04T06:00:00Z" }).batches;
    const [, document] = Buffer.from(batch?.body ?? [])
      .toString()
      .split("\n");
    expect(JSON.parse(document ?? "")).toMatchObject({ "@timestamp": "2026-05-04T06:00:00Z" });
  });

  test("to the caller has no request", async () => {
    const [batch] = route("ndjson").process(event).batches;
    expect(batch).not.toHaveProperty("request");
    if (batch) await expect(prepare(batch)).rejects.toMatchObject({ code: "W908" });
  });
});

describe("an answer", () => {
  const read = (to: string, answer: Answer, records = 3) =>
    interpret(to as DestinationName, answer, { records, now: Date.UTC(2026, 4, 4, 6) });

  test.each<[string, Answer, object]>([
    ["datadog", { status: 202 }, { outcome: "delivered" }],
    ["datadog", { status: 413 }, { outcome: "split" }],
    ["datadog", { status: 403 }, { outcome: "stop" }],
    ["datadog", { status: 400 }, { outcome: "dead" }],
    ["datadog", { status: 0 }, { outcome: "retry" }],
    ["http", { status: 429, headers: { "Retry-After": "7" } }, { outcome: "retry", after: 7 }],
    [
      "http",
      { status: 503, headers: new Headers({ "retry-after": "Mon, 04 May 2026 06:01:00 GMT" }) },
      { outcome: "retry", after: 60 },
    ],
    ["http", { status: 503, headers: { "retry-after": "99999999" } }, { outcome: "retry", after: 86_400 }],
    ["http", { status: 301 }, { outcome: "stop" }],
    ["splunk", { status: 200, body: `{"text":"Success","code":0}` }, { outcome: "delivered" }],
    ["splunk", { status: 200, body: `{"code":24}` }, { outcome: "delivered" }],
    ["splunk", { status: 503, body: `{"text":"Server is busy","code":9}` }, { outcome: "retry" }],
    ["splunk", { status: 200, body: `{"code":9}` }, { outcome: "retry" }],
    ...[7, 10, 11, 14, 16].map((code): [string, Answer, object] => [
      "splunk",
      { status: 400, body: `{"code":${code}}` },
      { outcome: "dead" },
    ]),
    ["splunk", { status: 400, body: `{"code":21}` }, { outcome: "stop" }],
    ["splunk", { status: 403, body: `{"code":4}` }, { outcome: "stop" }],
    ["splunk", { status: 413, body: `{"code":27}` }, { outcome: "split" }],
    ["splunk", { status: 413, body: `{"code":6}` }, { outcome: "split" }],
    [
      "splunk",
      { status: 400, body: `{"code":12,"invalid-event-number":1}` },
      { outcome: "partial", records: ["retry", "dead", "retry"] },
    ],
    [
      "splunk",
      { status: 400, body: `{"code":7,"invalid-event-number":1}` },
      { outcome: "partial", records: ["dead", "retry", "retry"] },
    ],
    ["splunk", { status: 400, body: `{"code":6,"invalid-event-number":3}` }, { outcome: "dead" }],
    ["sumo", { status: 408 }, { outcome: "split" }],
    ["newrelic", { status: 418 }, { outcome: "retry" }],
    ["newrelic", { status: 400 }, { outcome: "dead" }],
    ["elastic", { status: 200, body: `{"errors":false,"items":[]}` }, { outcome: "delivered" }],
    [
      "elastic",
      {
        status: 200,
        body: `{"errors":true,"items":[{"create":{"status":201}},{"create":{"status":429}},{"create":{"status":400}}]}`,
      },
      { outcome: "partial", records: ["delivered", "retry", "dead"] },
    ],
    [
      "elastic",
      {
        status: 200,
        body: `{"errors":true,"items":[{"create":{"status":409}},{"create":{"status":201}},{"create":{"status":409}}]}`,
      },
      { outcome: "delivered" },
    ],
    ["elastic", { status: 200, body: `{"errors":true,"items":[]}` }, { outcome: "retry" }],
    ["elastic", { status: 200, body: "<html>" }, { outcome: "retry" }],
    ["otlp", { status: 200, body: "{}" }, { outcome: "delivered" }],
    ["otlp", { status: 200, body: `{"partialSuccess":null}` }, { outcome: "delivered" }],
    [
      "otlp",
      { status: 200, body: `{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"x"}}` },
      { outcome: "dead" },
    ],
    ["otlp", { status: 500 }, { outcome: "dead" }],
    ["otlp", { status: 408 }, { outcome: "dead" }],
    [
      "firehose",
      { status: 200, body: `{"FailedPutCount":0,"RequestResponses":[]}` },
      { outcome: "delivered" },
    ],
    [
      "firehose",
      {
        status: 200,
        body: `{"FailedPutCount":1,"RequestResponses":[{"RecordId":"1"},{"ErrorCode":"ServiceUnavailableException"},{"RecordId":"2"}]}`,
      },
      { outcome: "partial", records: ["delivered", "retry", "delivered"] },
    ],
    ["firehose", { status: 200, body: "{}" }, { outcome: "retry" }],
    ["firehose", { status: 503 }, { outcome: "retry" }],
    ["otlp", { status: 503 }, { outcome: "retry" }],
    [
      "sentry",
      { status: 429, headers: { "x-sentry-rate-limits": "60:error:org, 2700:log_item;span:key" } },
      { outcome: "retry", after: 2700 },
    ],
    ["sentry", { status: 429 }, { outcome: "retry", after: 60 }],
    ["sentry", { status: 429, headers: { "retry-after": "7" } }, { outcome: "retry", after: 7 }],
    [
      "sentry",
      { status: 200, headers: { "x-sentry-rate-limits": "60:log_item:org" } },
      { outcome: "delivered", after: 60 },
    ],
    ["s3", { status: 412 }, { outcome: "delivered" }],
    ["s3", { status: 409 }, { outcome: "retry" }],
    ["s3", { status: 400, body: "<Error><Code>RequestTimeout</Code></Error>" }, { outcome: "retry" }],
  ])("of %s: %j", (to, answer, wanted) => {
    expect(read(to, answer)).toMatchObject(wanted);
  });

  test.each([
    ["a receiver that there is not", "elastik", { status: 200 }, { records: 1 }],
    ["what every object has", "toString", { status: 200 }, { records: 1 }],
    ["no receiver", undefined, { status: 200 }, { records: 1 }],
    ["no answer", "http", undefined, { records: 1 }],
    ["no number of records", "http", { status: 200 }, undefined],
    ["a negative number of records", "http", { status: 200 }, { records: -1 }],
    ["a misspelt option", "http", { status: 200 }, { records: 1, recrods: 2 }],
    ["no time", "http", { status: 503 }, { records: 1, now: "yesterday" }],
  ])("is refused of %s", (_, to, answer, options) => {
    expect(thrownBy(() => interpret(to as never, answer as never, options as never))).toMatchObject({
      name: "UsageError",
      code: "W904",
    });
  });

  test.each(["-1", "x", "", "2026-05-04T07:00:00Z", "Mon, 99 May 2026"])("says no time by %j", (after) => {
    const answer = { status: 503, headers: { "retry-after": after } };
    expect(read("http", answer)).toEqual({ outcome: "retry", reason: "not now" });
  });

  test("means the time of the call where it says a date", () => {
    const date = new Date(Date.now() + 60_000).toUTCString();
    const outcome = interpret("http", { status: 503, headers: { "retry-after": date } }, { records: 1 });
    expect((outcome as { after?: number }).after).toBeGreaterThan(50);
    expect(outcome).toMatchObject({ outcome: "retry" });
  });

  test("of one record that took too long asks for it again", () => {
    expect(read("sumo", { status: 408 }, 1)).toMatchObject({ outcome: "retry" });
    expect(read("splunk", { status: 400, body: `{"code":12,"invalid-event-number":0}` }, 1)).toMatchObject({
      outcome: "dead",
    });
  });

  test("never travels on", () => {
    const secret = "s3cr3t-token";
    for (const to of ["datadog", "splunk", "elastic", "otlp", "s3"]) {
      for (const status of [200, 400, 403, 429, 500]) {
        const outcome = read(to, { status, body: `{"code":12,"text":"${secret}","error":"${secret}"}` });
        expect(JSON.stringify(outcome)).not.toContain(secret);
      }
    }
    expect(() => read("http", { status: 700 })).toThrow(UsageError);
  });
});

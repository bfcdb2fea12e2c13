// Whatever takes options refuses what is misspelt or of the wrong kind: it would be missing, and nobody would know.
import { Catalog, compile, interpret, prepare, Query, Schema, Template } from "logweir";
import { check } from "logweir/check";
import { Links } from "logweir/links";
import { transform } from "logweir/node";
import { sample } from "logweir/sample";
import { createToken, forwarder } from "logweir/worker";
import { expect, test } from "vitest";
import { thrownBy } from "./tools.js";

const policy = { logweir: 1 } as const;
const weir = compile(policy);
const catalog = new Catalog();
const schema = new Schema(true);
const template = new Template("{}");
const query = new Query("a");
const to = { datadog: { site: "datadoghq.eu" } } as const;
const [batch] = compile({ logweir: 1, routes: [{ name: "a", to }] }).process("{}").batches;

/** By entry: the call, and options of the wrong kind. */
const entries: Record<string, [call: (options: never) => unknown, wrong: object[]]> = {
  compile: [(o) => compile(policy, o), [{ keys: [] }, { keys: { k: 5 } }]],
  process: [(o) => weir.process("{}", o), [{ views: 1 }, { format: "csv" }, { now: "yesterday" }]],
  run: [(o) => weir.run(o), [{ views: "no" }, { now: Number.NaN }]],
  stream: [(o) => weir.stream(o), [{ signal: {} }, { onQuarantine: true }, { now: new Date("x") }]],
  transform: [(o) => transform(weir, o), [{ signal: {} }]],
  batches: [(o) => weir.batches("{}", o), [{ signal: {} }, { onProgress: 1 }, { now: {} }]],
  explain: [(o) => weir.explain("{}", o), [{ values: 1 }, { output: "yes" }, { now: "12:00" }]],
  Catalog: [(o) => new Catalog(o), [{ own: () => [] }]],
  "catalog.run": [(o) => catalog.run(o), [{ fields: 1 }, { validate: "yes" }, { findings: -1 }]],
  "catalog.validate": [(o) => catalog.validate("{}", o), [{ findings: "1" }]],
  Schema: [(o) => new Schema(true, o), [{ formats: 1 }]],
  "schema.run": [(o) => schema.run(o), [{ findings: true }]],
  Query: [(o) => new Query("a", o), [{ types: "tray.*" }, { now: "now" }]],
  "query.run": [(o) => query.run(o), [{ invert: 1 }]],
  Template: [(o) => new Template("{}", o), [{ mode: "xml" }, { partials: { a: 1 } }, { now: "soon" }]],
  "template.render": [(o) => template.render("{}", o), [{ now: true }]],
  "template.renderText": [(o) => template.renderText("{}", o), [{ now: null }]],
  "template.run": [(o) => template.run(o), [{ format: 1 }, { now: 9e15 }]],
  interpret: [(o) => interpret("http", { status: 200 }, o), [{ records: -1 }]],
  forwarder: [
    (o) => forwarder(policy, o),
    [{ timeout: "30" }, { sign: {} }, { limits: { body: 1 } }, { sources: { a: { auth: [], orgins: [] } } }],
  ],
  Links: [(o) => new Links(o), [{ most: 0 }]],
  sample: [(o) => sample(o), [{ count: -1 }]],
};

test.each(Object.entries(entries))("%s", (_, [call, wrong]) => {
  const refused = { name: "UsageError", code: "W904" };
  expect(thrownBy(() => call({ surces: {} } as never))).toMatchObject(refused);
  for (const options of [null, "text", 7, [], new Map(), ...wrong])
    expect(
      thrownBy(() => call(options as never)),
      JSON.stringify(options),
    ).toMatchObject(refused);
});

test.each<[string, (options: never) => Promise<unknown>, object[]]>([
  ["prepare", (o) => prepare(batch as never, o), [{ secret: {} }]],
  ["check", (o) => check(weir, o), [{ reads: true }]],
  ["createToken", (o) => createToken(o), [{ key: "k".repeat(32), source: "send" }]],
])("%s", async (_, call, wrong) => {
  for (const options of [null, 7, { surces: {} }, ...wrong])
    await expect(call(options as never)).rejects.toMatchObject({ name: "UsageError", code: "W904" });
});

test("a missing argument is refused by its name", async () => {
  const none = undefined as never;
  await expect(createToken(none)).rejects.toMatchObject({ code: "W904" });
  await expect(prepare(none)).rejects.toMatchObject({ code: "W904" });
  expect(thrownBy(() => compile(none))).toMatchObject({ code: "W904" });
});

test("an option that is undefined is as good as none", () => {
  expect(weir.process("{}", { views: undefined, now: undefined, format: undefined }).report.kept).toBe(1);
});

test("what is misspelt is answered with what was meant, and a key by its name", () => {
  const misspelt = thrownBy(() => forwarder(policy, { surces: {} } as never)) as Error;
  expect(misspelt.message).toMatch(/^surces: .*did you mean "sources"\?$/);
  const key = thrownBy(() => compile(policy, { keys: { "pii-key": 5 } } as never)) as Error;
  expect(key.message).toContain('"pii-key"');
});

test.each([
  ["a Date", new Date("2026-05-04T06:00:00Z")],
  ["milliseconds", Date.parse("2026-05-04T06:00:00Z")],
  ["RFC 3339", "2026-05-04T02:00:00.000-04:00"],
  ["RFC 3339 with many decimals", "2026-05-04T06:00:00.000000000Z"],
  ["a zone's name", "2026-05-03 22:00:00.000 -0800 AKDT"],
])("a point in time is %s, wherever one is asked for", (_, now) => {
  const time = "at:[now TO now]";
  const record = '{"at":"2026-05-04T06:00:00Z"}';
  const kept = compile({ logweir: 1, keep: time });
  expect(kept.process(record, { now }).report.kept).toBe(1);
  expect(new Query(time, { now }).matches(record)).toBe(true);
  expect(new Template('{"at":{{now_utc}}}', { now }).renderText("{}")).toBe(
    new Template('{"at":{{now_utc}}}').renderText("{}", { now }),
  );
  const answer = { status: 503, headers: { "retry-after": "Mon, 04 May 2026 06:01:00 GMT" } };
  expect(interpret("http", answer, { records: 1, now })).toMatchObject({ after: 60 });
});

test.each(["", "yesterday", "2026-05-04", "2026-05-04T06:00:00", "2026-13-04T06:00:00Z", "06:00Z"])(
  "%j is no point in time, asked for or not",
  (now) => {
    for (const call of [
      () => weir.process("{}", { now }),
      () => weir.run({ now }),
      () => weir.explain("{}", { now }),
      () => compile({ logweir: 1, keep: "at:>now" }).process("{}", { now }),
      () => new Query("a", { now }),
      () => new Template("{}", { now }),
      () => template.render("{}", { now }),
    ])
      expect(thrownBy(call)).toMatchObject({ code: "W904" });
  },
);

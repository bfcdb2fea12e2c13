// The commands that work by the catalogue: detect, validate without a schema, catalog, infer.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { Catalog, detect, Schema } from "logweir";
import { sample } from "logweir/sample";
import { describe, expect, test } from "vitest";
import { catalogue } from "./catalogue.js";
import { broken, files, here } from "./platform-samples.js";
import { at, logweir, temporaryFolder } from "./tools.js";

/** Writes files by name; gives where one lies. A value becomes its JSON text. */
function workplace(contents: Record<string, string | Uint8Array | object>) {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(contents)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    const raw = typeof content === "string" || content instanceof Uint8Array;
    writeFileSync(join(folder, name), raw ? content : JSON.stringify(content));
  }
  return (name = "") => join(folder, name);
}

const lines = (stdout: string) =>
  stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

const execution = `{"logType":"execution_event","eventType":"failed"}`;
const order = {
  type: "acme.order",
  title: "Order",
  recognise: { require: { order: { type: "integer" } } },
  fields: { "@platform": { const: "acme" } },
  schema: { properties: { order: { minimum: 1 } } },
};

const step = (logType: string, second: string) =>
  JSON.stringify({ logType, executionStepUuid: "s", created: `2026-05-04T06:00:${second}Z` });

describe("logweir detect", () => {
  test("gives a line of JSON for each record", async () => {
    const result = await logweir(["detect"], `{"log":${execution}}\n${execution}\n{"a":1}\n`);
    expect(result).toEqual({
      status: 0,
      signal: null,
      stdout:
        `{"record":0,"type":"tray.execution","at":"/log"}\n` +
        `{"record":1,"type":"tray.execution","at":""}\n` +
        `{"record":2,"type":null}\n`,
      stderr: "",
    });
  });

  test("says which records cannot be read, or could be several events", async () => {
    const twice = `{"logType":"execution_event","eventType":"x","logType":"y"}`;
    const result = await logweir(["detect", "-f", "ndjson"], `{"s3cret":\n${twice}\n${execution}`);
    expect(result.status).toBe(1);
    expect(lines(result.stdout)).toEqual([
      { record: 0, type: null, code: "S101" },
      { record: 1, type: null, code: "D102" },
      { record: 2, type: "tray.execution", at: "" },
    ]);
    expect(result.stdout + result.stderr).not.toContain("s3cret");
    expect(result.stderr).toBe("        2  not to be told\n        1  tray.execution\n");
  });

  test("looks into a JSON string in a JSON string", async () => {
    const twice = JSON.stringify({ log: JSON.stringify(execution) });
    const { stdout } = await logweir(["detect"], `${JSON.stringify(twice)}\n`);
    expect(lines(stdout)).toEqual([{ record: 0, type: "tray.execution", at: "/log" }]);
    expect(detect(twice).event).toEqual(JSON.parse(execution));
  });

  test("tells the common fields if asked to", async () => {
    const { stdout } = await logweir(["detect", "--fields"], `${execution}\n{}`);
    expect(lines(stdout)).toEqual([
      {
        record: 0,
        type: "tray.execution",
        at: "",
        fields: {
          "@platform": "tray",
          "@type": "tray.execution",
          "@level": "error",
          "@status": "failed",
          "@message": "failed",
        },
      },
      { record: 1, type: null },
    ]);
  });

  test("reads files, folders, gzip and arrays, and says which file it was", async () => {
    const path = workplace({
      "in/a.json": `[${execution},{"log":${execution}}]`,
      "in/b.gz": gzipSync(execution),
      "c.ndjson": "{}",
    });
    const { stdout, status } = await logweir(["detect", path("in"), path("c.ndjson")]);
    expect(status).toBe(0);
    expect(lines(stdout).map(({ file, record, type }) => [file, record, type])).toEqual([
      [path("in/a.json"), 0, "tray.execution"],
      [path("in/a.json"), 1, "tray.execution"],
      [path("in/b.gz"), 2, "tray.execution"],
      [path("c.ndjson"), 3, null],
    ]);
    expect((await logweir(["detect", path("none")])).status).toBe(2);
  });

  test("knows types of one's own", async () => {
    const path = workplace({ "own.json": order, "wrong.json": `[{"type":"acme.order"},\n{"typ":"x"}]` });
    const { stdout } = await logweir(["detect", "-c", path("own.json")], `{"log":{"order":1}}`);
    expect(lines(stdout)).toEqual([{ record: 0, type: "acme.order", at: "/log" }]);
    const refused = await logweir(["detect", "--catalog", path("wrong.json")], "{}");
    expect(refused).toMatchObject({ status: 2, stdout: "" });
    expect(refused.stderr).toContain(`${path("wrong.json")}:2:2 error P101 at /1/typ: expected`);
    expect(refused.stderr).toContain("4 mistakes in the catalogue; nothing was read");
  });

  test("tells with --links which earlier events belong to each", async () => {
    const link = { title: "the order", to: "acme.order", on: { ref: "order" } };
    const paid = {
      type: "acme.paid",
      title: "Paid",
      recognise: { require: { paid: {} } },
      fields: order.fields,
    };
    const path = workplace({
      "own.json": [order, { ...paid, links: [link], schema: {} }],
      "in.ndjson": `${step("step_input", "00")}\n{\n{"log":${JSON.stringify(step("step_output", "02"))}}\n`,
      "more.ndjson": `{"order":1}\n{"paid":1,"ref":1}\n`,
    });
    const inputs = [path("in.ndjson"), path("more.ndjson")];
    const args = ["detect", "--links", "--format", "ndjson", "--catalog", path("own.json"), ...inputs];
    const { stdout, status } = await logweir(args);
    expect(status).toBe(1);
    expect(lines(stdout)).toMatchObject([
      { record: 0, type: "tray.step_input", at: "" },
      { record: 1, type: null, code: "S101" },
      {
        record: 2,
        at: "/log",
        links: [{ title: "What went into the step", type: "tray.step_input", record: 0, duration: "2" }],
      },
      { file: path("more.ndjson"), record: 3, type: "acme.order" },
      { record: 4, links: [{ title: "the order", type: "acme.order", record: 3 }] },
    ]);
  });

  test.runIf(here)("recognises what the platforms show, and what they show broken not", async () => {
    const { stdout, status } = await logweir(["detect", ...files]);
    expect(status).toBe(0);
    expect(lines(stdout)).toHaveLength(82);
    expect(lines(stdout).filter(({ type }) => type === null)).toEqual([]);
    for (const { path } of Object.values(broken)) expect((await logweir(["detect", path])).status).toBe(1);
  });
});

describe("logweir validate, without a schema", () => {
  test("goes by the catalogue", async () => {
    const good = JSON.stringify(catalogue.find(({ type }) => type === "tray.execution")?.samples.failed);
    const wrong = `{"log":{"logType":"execution_event","eventType":"s3cret","header":7}}`;
    const result = await logweir(["validate"], `${good}\n${wrong}\n{"a":1}\n{\n`);
    expect(result.status).toBe(1);
    const [first, second, third, fourth] = result.stdout.split("\n");
    expect(first).toBe(`{"record":0,"type":"tray.execution","at":"","valid":true,"findings":[]}`);
    expect(JSON.parse(second ?? "")).toMatchObject({
      record: 1,
      type: "tray.execution",
      at: "/*",
      valid: false,
    });
    expect(JSON.parse(second ?? "").findings).toContainEqual({
      code: "V101",
      instance: "/header",
      span: { start: 59, end: 60 },
      keyword: "/properties/header/type",
      absolute: "https://logweir.dev/schema/tray/execution.json#/properties/header/type",
      expected: "an object",
    });
    expect(third).toBe(`{"record":2,"type":null,"valid":null,"findings":[]}`);
    expect(JSON.parse(fourth ?? "")).toMatchObject({ record: 3, type: null, valid: false });
    expect(result.stderr).toContain("4 records: 1 valid, 2 not, 1 of no known type\n");
    expect(result.stderr).toContain("-:2 record 1 (tray.execution at /*): V101 at /header, bytes 59 to 60");
    expect(result.stdout + result.stderr).not.toContain("s3cret");
    const ofFindings = new Schema(readFileSync(at("pkg", "generated", "finding.schema.json"), "utf8"));
    for (const { findings } of lines(result.stdout))
      for (const finding of findings)
        expect(ofFindings.validate(JSON.stringify(finding)).findings).toEqual([]);
    expect(await logweir(["validate"], good)).toMatchObject({ status: 0, stderr: "" });
    const shown = await logweir(["validate", "--show-keys"], `${wrong}\n`);
    expect(JSON.parse(shown.stdout).at).toBe("/log");
  });

  test("takes an array for records, and types of one's own", async () => {
    const path = workplace({ "own.json": [order] });
    const { stdout } = await logweir(["validate", "-c", path("own.json")], `[{"order":1},{"order":0}]`);
    expect(lines(stdout).map(({ type, valid }) => [type, valid])).toEqual([
      ["acme.order", true],
      ["acme.order", false],
    ]);
  });

  test("refuses options that go with a schema", async () => {
    const path = workplace({ "s.json": {}, "own.json": order });
    for (const [args, text] of [
      [["--formats"], "--formats goes with --schema"],
      [["--remotes", path()], "--remotes goes with --schema"],
      [["--schema", path("s.json"), "--catalog", path("own.json")], "the one or the other"],
    ] as const) {
      const refused = await logweir(["validate", ...args], "{}");
      expect(refused).toMatchObject({ status: 2, stdout: "" });
      expect(refused.stderr).toContain(text);
    }
  });

  test.runIf(here)("finds what the platforms show valid", async () => {
    const { status, stdout } = await logweir(["validate", ...files]);
    expect([status, lines(stdout).length]).toEqual([0, 82]);
  });
});

describe("logweir catalog", () => {
  test("lists the types, and tells of one what is known", async () => {
    const list = await logweir(["catalog"]);
    expect(list.status).toBe(0);
    expect(list.stdout.split("\n").map((line) => line.split(" ")[0])).toEqual([
      ...catalogue.map(({ type }) => type),
      "",
    ]);
    for (const { type, event } of catalogue) {
      const { stdout, status } = await logweir(["catalog", type]);
      expect(status).toBe(0);
      for (const name of [...Object.keys(event.recognise.require), ...Object.keys(event.fields)])
        expect(stdout, type).toMatch(new RegExp(`^  ${name.replace(/[.$]/g, "\\$&")} `, "m"));
      expect(stdout).not.toMatch(/undefined|\[object/);
    }
  }, 60_000);

  test("tells of all types of a platform", async () => {
    const { stdout } = await logweir(["catalog", "tray.*", "workato.job"]);
    expect(stdout.match(/^\w+\.\w+(?=:)/gm)).toEqual([
      ...catalogue.map(({ type }) => type).filter((type) => type.startsWith("tray.")),
      "workato.job",
    ]);
    const json = JSON.parse((await logweir(["catalog", "--json", "tray.*"])).stdout);
    expect(json).toHaveLength(4);
  });

  test("gives entries that serve as types of one's own", async () => {
    const all = JSON.parse((await logweir(["catalog", "--json"])).stdout);
    expect(all).toHaveLength(catalogue.length);
    const one = JSON.parse((await logweir(["catalog", "--json", "workato.job"])).stdout);
    expect(one).toEqual(all.find(({ type }: { type: string }) => type === "workato.job"));
    const own = { ...one, type: "acme.job", recognise: { require: { acme: {} } } };
    expect(new Catalog({ own }).detect(`{"acme":1}`).type).toBe("acme.job");
  });

  test("refuses what it does not know", async () => {
    const refused = await logweir(["catalog", "workato.jop"]);
    expect(refused).toMatchObject({ status: 2, stdout: "" });
    expect(refused.stderr).toContain(`did you mean "workato.job"?`);
  });
});

describe("logweir infer", () => {
  const orders = Array.from({ length: 40 }, (_, n) => ({
    orderId: `${n}`.padStart(8, "0").concat("-0000-4000-8000-000000000000"),
    number: 1694081235979123 + n,
    kind: "order",
    state: ["paid", "sent", "lost"][n % 3],
    at: 1777874400 + n,
    customer: { name: `S3cret Person ${n}`, mail: `s3cret${n}@example.org`, [`id-${n}@x`]: 1 },
    client_ip: `192.0.2.${n}`,
    total: n / 2,
    body: JSON.stringify({ httpCode: 200 + n, apiToken: `s3cret-${n}` }),
    ...(n % 2 && { note: `s3cret words ${n}`.repeat(20) }),
    tags: ["a", `s3cret ${n}`],
    agent: `S3cretBrowser/1.${n} (Linux)`,
    proof: `123-45-${6000 + n}`,
    passport_no: `S3CRET${n}`,
    duration_ms: n * 1.5,
  }));
  const input = orders.map((each) => `${JSON.stringify({ log: each })}\n`).join("");

  test("drafts an entry that recognises and describes the samples", async () => {
    const result = await logweir(["infer", "--type", "acme.order", "--at", "/log"], input);
    expect(result.status).toBe(0);
    const draft = JSON.parse(result.stdout);
    expect(draft).toMatchObject({
      type: "acme.order",
      recognise: { require: { kind: { const: "order" }, orderId: { type: "string" } } },
      fields: {
        "@platform": { const: "acme" },
        "@time": { path: "at", time: "s" },
        "@status": { path: "state" },
        "@duration": { path: "duration_ms", unit: "ms" },
      },
      json: ["body"],
    });
    expect(draft.personal).toEqual([
      { path: "customer.name", class: "person" },
      { path: "customer.mail", class: "email" },
      { path: "client_ip", class: "ip" },
      { path: "body.apiToken", class: "secret" },
      { path: "agent", class: "device" },
      { path: "proof", class: "user_id" },
      { path: "passport_no", class: "user_id" },
    ]);
    expect(draft.payload).toEqual(["customer", "note"]);
    const { properties, required } = draft.schema;
    expect(required).not.toContain("note");
    expect(required).toContain("number");
    expect(properties).toMatchObject({
      orderId: { type: "string", format: "uuid" },
      number: { type: "integer" },
      state: { type: "string", "x-known": ["lost", "paid", "sent"] },
      client_ip: { format: "ipv4" },
      total: { type: "number" },
      body: {
        contentMediaType: "application/json",
        contentSchema: { properties: { httpCode: { type: "integer" } } },
      },
      tags: { type: "array", items: { type: "string" } },
      customer: { additionalProperties: { type: "integer" } },
    });
    // No values, nor names that are data.
    expect((result.stdout + result.stderr).toLowerCase()).not.toMatch(/s3cret|id-1|192\.0\.2/);
    const catalog = new Catalog({ own: result.stdout });
    for (const each of orders) {
      expect(catalog.validate(JSON.stringify({ log: each }))).toMatchObject({
        type: "acme.order",
        valid: true,
      });
    }
    for (const { type, samples } of catalogue)
      for (const event of Object.values(samples))
        expect(catalog.detect(JSON.stringify(event)).type).toBe(type);
    expect(result.stderr).toContain("a draft from 40 events; to be confirmed:");
    expect(result.stderr).toContain("customer.mail: personal (email)?");
  });

  test("drafts a schema that fits, whatever the samples are", async () => {
    for (const { type } of catalogue) {
      const events = [...sample({ type, count: 60, seed: 3, asText: true })];
      const { stdout, stderr } = await logweir(["infer"], events.join(""));
      const schema = new Schema(JSON.parse(stdout).schema);
      for (const event of events) expect(schema.validate(event).findings, type).toEqual([]);
      expect(stderr).toContain(`the catalogue knows some of these already: ${type}`);
      expect(stderr).toContain(`recognise: could be mistaken for ${type}`);
    }
  }, 60_000);

  test("writes the two files of a folder of the catalogue", async () => {
    const path = workplace({ "in.ndjson": input });
    const args = ["infer", "-t", "acme.order", "--at", "/log", "-o", path("order"), path("in.ndjson")];
    expect(await logweir(args)).toMatchObject({ status: 0, stdout: "" });
    const event = JSON.parse(readFileSync(path("order/event.json"), "utf8"));
    const schema = JSON.parse(readFileSync(path("order/schema.json"), "utf8"));
    expect(event.type).toBe("acme.order");
    expect(schema.title).toBe("AcmeOrder");
    const again = await logweir(args);
    expect(again.status).toBe(2);
    expect(again.stderr).toContain("is there already");
  });

  test("says what it could not use", async () => {
    expect(await logweir(["infer"], "")).toMatchObject({ status: 2, stdout: "" });
    expect((await logweir(["infer"], "1\n2\n")).stderr).toContain("no record was an object");
    expect((await logweir(["infer", "--at", "/x"], input)).stderr).toContain("no record had an object at /x");
    expect((await logweir(["infer", "--type", "Order"], input)).status).toBe(2);
    const some = await logweir(["infer", "--at", "/log"], `${input}{"log":7}\n{"log":\n`);
    expect(some.status).toBe(1);
    expect(some.stderr).toContain("1 without an event were left out");
    expect(some.stderr).toContain("1 could not be read and were left out");
  });
});

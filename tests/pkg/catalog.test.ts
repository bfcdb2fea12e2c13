import { readFileSync } from "node:fs";
import {
  Catalog,
  CatalogError,
  type CatalogRecord,
  compile,
  detect,
  type EventType,
  type Fields,
  type KnownEvent,
  type OwnEvent,
  type TrayExecution,
  type UnknownEvent,
  UsageError,
  type WorkatoJob,
} from "logweir";
import { sample } from "logweir/sample";
import { describe, expect, expectTypeOf, test } from "vitest";
import { catalogue } from "./catalogue.js";
import { broken, here, records } from "./platform-samples.js";
import { at, thrownBy, utf8 } from "./tools.js";

const execution = { logType: "execution_event", eventType: "failed" };
const order = {
  type: "acme.order",
  title: "Order",
  recognise: { require: { order: { type: "integer" } } },
  fields: { "@platform": { const: "acme" }, "@id": { path: "order" } },
  schema: { properties: { order: { minimum: 1 } } },
} as const;

describe("detect", () => {
  test("tells type, place and event, and TypeScript which event it is", () => {
    const found = detect(JSON.stringify({ log: { ...execution, executionId: "e-1" } }));
    expectTypeOf(found).toEqualTypeOf<Readonly<KnownEvent> | UnknownEvent>();
    expect(found.type).toBe("tray.execution");
    expect(found.at).toBe("/log");
    if (found.type === "tray.execution") {
      expectTypeOf(found.event).toEqualTypeOf<TrayExecution>();
      expect(found.event.executionId).toBe("e-1");
    }
    if (found.type === "workato.job") expectTypeOf(found.event).toEqualTypeOf<WorkatoJob>();
    if (found.type === null) expectTypeOf(found.event).toBeUnknown();
    expect(JSON.parse(JSON.stringify(found))).toEqual({
      type: "tray.execution",
      at: "/log",
      event: { ...execution, executionId: "e-1" },
    });
  });

  test("finds the event wherever it is wrapped", () => {
    const inner = JSON.stringify(execution);
    for (const [record, place] of [
      [inner, ""],
      [` \n${inner} `, ""],
      [JSON.stringify(inner), ""],
      [JSON.stringify({ a: 1, "a/b~c": execution }), "/a~1b~0c"],
      [JSON.stringify({ log: inner }), "/log"],
      [JSON.stringify({ log: JSON.stringify({ x: [1], in: execution }) }), "/log/in"],
      [JSON.stringify({ log: ` \ufeff${inner}` }), "/log"],
      [`{"__proto__":${inner}}`, "/__proto__"],
      [`{"log":5,"log":${inner}}`, "/log"],
      [JSON.stringify({ "": { "": inner } }), "//"],
    ] as const) {
      for (const input of [record, utf8(record), utf8(record).buffer]) {
        const found = detect(input);
        expect([found.type, found.at], record).toEqual(["tray.execution", place]);
        expect(found.event, record).toEqual(execution);
      }
    }
  });

  test("knows nothing of what is no event, and says why where it is no JSON", () => {
    const unknown = detect(`{"a":[1]}`);
    expect([unknown.type, unknown.at, unknown.event]).toEqual([null, null, { a: [1] }]);
    expect("code" in unknown).toBe(false);
    expect(detect(`"text"`).event).toBe("text");
    for (const [record, code] of [
      ["", "S101"],
      ['{"a":', "S101"],
      ["{a:1}", "S103"],
      ['{"logType":"execution_event","eventType":"x","logType":"y"}', "D102"],
    ] as const) {
      expect(detect(record), record).toMatchObject({ type: null, at: null, code });
    }
    expect(detect("{").event).toBeUndefined();
    expect(thrownBy(() => detect(7 as never))).toMatchObject({ code: "W904" });
  });

  test("keeps the event, whatever becomes of the buffer that it came in", () => {
    const bytes = utf8(JSON.stringify(execution));
    const found = detect(bytes);
    bytes.fill(0);
    expect(found.event).toEqual(execution);
    expect(found.event).toBe(found.event);
  });
});

describe("Catalog", () => {
  test("lists the event types", () => {
    const { types } = new Catalog();
    expect(types.map(({ type }) => type)).toEqual(catalogue.map(({ type }) => type));
    expect(types[0]).toEqual({ type: "paragon.event_log", title: "Paragon event log" });
    const own = new Catalog({ own: order });
    expect(own.types.at(-1)).toEqual({ type: "acme.order", title: "Order" });
    const packed = JSON.parse(readFileSync(at("pkg", "generated", "catalog.json"), "utf8"));
    expect(packed.map(({ type }: { type: string }) => type)).toEqual(types.map(({ type }) => type));
  });

  test("gives the common fields that are expected of every sample", () => {
    const catalog = new Catalog();
    let count = 0;
    for (const { type, samples, fields } of catalogue) {
      for (const [name, event] of Object.entries(samples)) {
        expect(catalog.fields(JSON.stringify(event)), `${type} ${name}`).toEqual(fields[name]);
        expect(catalog.validate(JSON.stringify({ log: event })), `${type} ${name}`).toEqual({
          type,
          at: "/log",
          valid: true,
          findings: [],
        });
        count += 1;
      }
    }
    expect(count).toBeGreaterThan(50);
    expect(catalog.fields("{}")).toBeUndefined();
    expect(catalog.fields("{")).toBeUndefined();
    const fields = catalog.fields(JSON.stringify(execution));
    expectTypeOf(fields).toEqualTypeOf<Fields | undefined>();
    expect(fields?.["@level"]).toBe("error");
    // @ts-expect-error: no common field
    expect(fields?.["@nonsense"]).toBeUndefined();
  });

  test("keeps numbers that JavaScript would round", () => {
    const catalog = new Catalog({
      own: { ...order, fields: { ...order.fields, "@run.id": { path: "id" } } },
    });
    const fields = catalog.fields(`{"order":42,"id":1694081235979123457}`);
    expect(fields).toMatchObject({ "@id": 42, "@run.id": "1694081235979123457" });
  });

  test("validates by the schema of the type", () => {
    const catalog = new Catalog({ own: order });
    const validate = (record: unknown) => catalog.validate(JSON.stringify(record));
    expect(validate({ order: 1 })).toEqual({ type: "acme.order", at: "", valid: true, findings: [] });
    expect(validate({ log: { order: 0 } })).toMatchObject({
      type: "acme.order",
      at: "/log",
      valid: false,
      findings: [{ code: "V112", instance: "/order", span: { start: 9, end: 10 } }],
    });
    expect(validate({ a: 1 })).toEqual({ type: null, at: null, valid: null, findings: [] });
    expect(catalog.validate("{")).toMatchObject({ type: null, valid: false, findings: [{ code: "V001" }] });
    const twice = `{"logType":"execution_event","eventType":"x","logType":"y"}`;
    expect(catalog.validate(twice)).toMatchObject({ valid: false, findings: [{ code: "D102" }] });
    expect(catalog.validate(JSON.stringify(execution)).findings.length).toBeGreaterThan(1);
    expect(catalog.validate(JSON.stringify(execution), { findings: 1 }).findings).toHaveLength(1);
    expect(catalog.validate(JSON.stringify(execution), { findings: 0 })).toMatchObject({ valid: false });
    // After all that, single answers are what they were.
    expect(catalog.detect(`{"order":3}`)).toMatchObject({ type: "acme.order", at: "" });
  });

  test("types of one's own are types", () => {
    const catalog = new Catalog({ own: [order] });
    expectTypeOf(catalog).toEqualTypeOf<Catalog<"acme.order">>();
    const found = catalog.detect(`{"order":1}`);
    expectTypeOf(found).toEqualTypeOf<Readonly<KnownEvent> | OwnEvent<"acme.order"> | UnknownEvent>();
    if (found.type === "acme.order") expectTypeOf(found.event).toBeUnknown();
    if (found.type === "tray.execution") expectTypeOf(found.event).toEqualTypeOf<TrayExecution>();
    expect(found.event).toEqual({ order: 1 });
    const fromText = new Catalog<"acme.order">({ own: `[ /* mine */ ${JSON.stringify(order)}, ]` });
    expect(fromText.detect(`{"order":1}`).type).toBe("acme.order");
    // The same entries serve a policy.
    const weir = compile({ logweir: 1, accept: { events: ["acme.*"], catalog: [order] } });
    expect(weir.process(`{"order":1}\n`).report.events).toEqual({ "acme.order": { records: 1, invalid: 0 } });
  });

  test("refuses types that have mistakes, with all of them", () => {
    const thrown = thrownBy(
      () => new Catalog({ own: `[{"type":"tray.audit"},\n{"type":"x","recognise":{}}]` }),
    );
    expect(thrown).toBeInstanceOf(CatalogError);
    const { problems, code, message } = thrown as CatalogError;
    expect(code).toBe("P104");
    expect(message).toContain("the catalogue has");
    expect(problems.map((problem) => [problem.code, problem.pointer, problem.line])).toEqual([
      ["P104", "/0", 1],
      ["P108", "/0/type", 1],
      ["P102", "/1/type", 2],
      ["P104", "/1/recognise", 2],
    ]);
    const cycle: { self?: object } = {};
    cycle.self = cycle;
    expect(thrownBy(() => new Catalog({ own: cycle as never }))).toMatchObject({ code: "W904" });
  });

  test("refuses after it was freed; runs that have begun go on", () => {
    const catalog = new Catalog();
    const run = catalog.run();
    catalog.detect("{}");
    catalog.free();
    catalog.free();
    for (const call of [
      () => catalog.detect("{}"),
      () => catalog.fields("{}"),
      () => catalog.validate("{}"),
      () => catalog.run(),
    ]) {
      const thrown = thrownBy(call);
      expect(thrown).toBeInstanceOf(UsageError);
      expect(thrown).toMatchObject({ code: "W902" });
    }
    run.push(JSON.stringify(execution));
    expect(run.finish()).toMatchObject([{ type: "tray.execution" }]);
  });
});

describe("Catalog.run", () => {
  const lines = [
    JSON.stringify({ log: { ...execution, created: "2026-05-04T06:00:00Z" } }),
    "{",
    `{"a":1}`,
    JSON.stringify(execution),
  ];

  test("tells of each record, over inputs that are cut anywhere", () => {
    const input = lines.join("\n");
    const read = (size: number) => {
      const run = new Catalog().run({ format: "ndjson", fields: true, validate: true, findings: 1 });
      const found: CatalogRecord[] = [];
      for (let from = 0; from < input.length; from += size)
        found.push(...run.push(input.slice(from, from + size)));
      return [...found, ...run.next(), ...run.push(lines[3] as string), ...run.finish()];
    };
    const whole = read(input.length);
    expect(whole).toMatchObject([
      { record: 0, offset: 0, line: 1, type: "tray.execution", at: "/log", valid: false, findings: [{}] },
      { record: 1, line: 2, type: null, at: null, code: "S101", valid: false, findings: [{ code: "V001" }] },
      { record: 2, line: 3, type: null, at: null, valid: null, findings: [] },
      { record: 3, line: 4, type: "tray.execution", at: "" },
      { record: 4, offset: 0, line: 1, type: "tray.execution", at: "" },
    ]);
    expect(whole[0]?.fields).toMatchObject({ "@time": "2026-05-04T06:00:00Z", "@status": "failed" });
    expect(whole.map((each) => "fields" in each)).toEqual([true, false, false, true, true]);
    expect(whole.map((each) => "code" in each)).toEqual([false, true, false, false, false]);
    for (const size of [1, 5, 64]) expect(read(size)).toEqual(whole);
  });

  test("tells no more than was asked for", () => {
    const run = new Catalog().run();
    expect([...run.push(JSON.stringify(execution)), ...run.finish()]).toEqual([
      { record: 0, offset: 0, line: 1, type: "tray.execution", at: "" },
    ]);
    expect(thrownBy(() => run.push(""))).toMatchObject({ code: "W906" });
    const freed = new Catalog().run();
    freed.free();
    expect(thrownBy(() => freed.next())).toMatchObject({ code: "W902" });
    expect(thrownBy(() => new Catalog().run({ findings: -1 }))).toMatchObject({ code: "W904" });
  });
});

describe("drift", () => {
  test("is told once, however the inputs were taken", () => {
    const weir = compile({ logweir: 1, accept: {} });
    const event = (more: object) => `${JSON.stringify({ logType: "step_input", ...more })}\n`;
    const filler = event({ data: { text: "x".repeat(1000) } });
    weir.process(event({ novelty: 1 }));
    weir.process(`${filler.repeat(1500)}${event({ novelty: 2 })}`); // more than a piece
    weir.process(event({ novelty: 3 }) + filler);
    const unknown = weir.drift.filter(({ change }) => change === "unknown");
    expect(unknown).toEqual([
      { event: "tray.step_input", change: "unknown", pointer: "/*", count: 3, first: 0, last: 1502 },
    ]);
    const missing = weir.drift.find(({ change, pointer }) => change === "missing" && pointer === "/stepName");
    expect(missing).toMatchObject({ count: 1504, first: 0, last: 1503 });
  });
});

test("drift is told of a stream, while it runs and after", async () => {
  const stream = compile({ logweir: 1, accept: {} }).stream({ format: "ndjson" });
  expect(stream.drift).toEqual([]);
  const body = new Blob([`{"logType":"step_input","novelty":1}\n`]).stream();
  await new Response(body.pipeThrough(stream)).text();
  expect(stream.drift).toContainEqual(
    expect.objectContaining({ event: "tray.step_input", change: "unknown", pointer: "/*", count: 1 }),
  );
});

test("event types of one's own come from an imported file too", () => {
  // As TypeScript takes JSON: words are strings, lists of any length.
  const imported = {
    ...order,
    type: String("acme.order"),
    recognise: { require: { order: { type: ["integer"] } }, anyOf: [["order", "number"]] },
    fields: { "@platform": { const: "acme" }, "@time": { path: "at", time: String("ms") } },
    personal: [{ path: "who", class: String("email") }],
  };
  const catalog = new Catalog({ own: imported });
  expect(catalog.detect(`{"order":1}`).type).toBe("acme.order");
  expect(new Catalog({ own: [imported] }).types).toHaveLength(catalogue.length + 1);
  compile({ logweir: 1, accept: { catalog: [imported] } });
});

describe("every event", () => {
  test.each([false, true])("that is made is recognised, valid and no news (wrapped: %s)", (wrapped) => {
    const catalog = new Catalog();
    const weir = compile({ logweir: 1, accept: { unknown: "quarantine", invalid: "quarantine" } });
    const seen = new Map<EventType, number>();
    for (const { type, at: place, event, record } of sample({ count: 4000, seed: 20, wrapped })) {
      const text = JSON.stringify(record);
      const found = catalog.detect(text);
      if (found.type !== type || found.at !== place)
        expect([found.type, found.at, text]).toEqual([type, place]);
      const { valid, findings } = catalog.validate(text);
      if (!valid) expect([findings, text]).toEqual([[], ""]);
      if (seen.get(type) === undefined) expect(found.event).toEqual(event);
      seen.set(type, (seen.get(type) ?? 0) + 1);
    }
    expect([...seen.keys()].sort()).toEqual(catalogue.map(({ type }) => type).sort());
    const { report } = weir.process([...sample({ count: 4000, seed: 21, wrapped, asText: true })].join(""));
    expect(report).toMatchObject({ kept: 4000, quarantined: 0 });
    expect(weir.drift).toEqual([]);
  });

  test.runIf(here)("that the platforms show is recognised and valid", () => {
    const catalog = new Catalog();
    expect(records).toHaveLength(82);
    const types = new Map<string | null, number>();
    for (const record of records) {
      const { type, valid, findings } = catalog.validate(record);
      expect([valid, findings], record.slice(0, 200)).toEqual([true, []]);
      types.set(type, (types.get(type) ?? 0) + 1);
    }
    expect(Object.fromEntries(types)).toEqual({
      "workato.activity": 52,
      "workato.deployment": 2,
      "workato.genie": 15,
      "workato.job": 7,
      "workato.service_log": 6,
    });
    const weir = compile({ logweir: 1, accept: { unknown: "quarantine", invalid: "quarantine" } });
    expect(weir.process(records.join("\n")).report).toMatchObject({ kept: 82, quarantined: 0 });
  });

  test.runIf(here)("that the platforms show broken is quarantined, with place and reason", () => {
    const weir = compile({ logweir: 1, accept: {} });
    const told = Object.entries(broken).map(([name, { text }]) => {
      const { quarantined, report } = weir.process(text);
      expect(report).toMatchObject({ records: 1, quarantined: 1, kept: 0 });
      const [{ code, at: place = -1, expected = "" } = {}] = quarantined;
      return { name, code, place, found: text.slice(place, place + 12), expected };
    });
    const number = "a JSON number: no leading zero, a digit after each of - . e";
    const member = "a member's name in double quotes, or the closing brace where none has begun";
    expect(told).toEqual([
      {
        name: "workato-en-line-301.json.txt",
        code: "S106",
        place: 626,
        found: '000000,\n"acc',
        expected: number,
      },
      {
        name: "workato-ja-line-297.json.txt",
        code: "S106",
        place: 693,
        found: '000000,\n"acc',
        expected: number,
      },
      {
        name: "workato-ja-line-353.json.txt",
        code: "S103",
        place: 2876,
        found: '},\n"paramete',
        expected: member,
      },
    ]);
  });
});

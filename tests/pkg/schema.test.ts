import { readFileSync } from "node:fs";
import {
  type Finding,
  formatFinding,
  LogweirError,
  type OutputForm,
  Schema,
  SchemaError,
  type SchemaRun,
  type UsageError,
  type Verdict,
} from "logweir";
import { describe, expect, test } from "vitest";
import { at, thrownBy, utf8 } from "./tools.js";

const event = {
  type: "object",
  required: ["id"],
  properties: { id: { type: "integer" }, status: { enum: ["ok", "failed"] }, day: { format: "date" } },
};
const wrong = `{"id":"s3cret","status":"s3cret"}`;

/** What describes a finding is itself checked by what makes them. */
const ofFindings = new Schema({
  type: "array",
  items: JSON.parse(readFileSync(at("pkg", "generated", "finding.schema.json"), "utf8")),
});

describe("Schema", () => {
  test("says whether a document fits, whatever it comes as", () => {
    const schema = new Schema(event);
    for (const [text, valid] of [
      [`{"id":1}`, true],
      [`{"id":1.0,"status":"ok"}`, true],
      [`{"id":9007199254740993.5}`, false],
      [wrong, false],
      [`[]`, false],
      [`{"id":1`, false],
      [``, false],
    ] as const) {
      const bytes = utf8(text);
      const inputs = [text, bytes, bytes.buffer, Buffer.from(text), new DataView(bytes.buffer)];
      for (const input of inputs) expect(schema.isValid(input as string), text).toBe(valid);
    }
    expect(new Schema(true).isValid("7")).toBe(true);
    expect(new Schema(false).isValid("7")).toBe(false);
    expect(new Schema(`{"const":9007199254740993}`).isValid("9007199254740992")).toBe(false);
    expect(thrownBy(() => schema.isValid({} as string))).toMatchObject({ code: "W904" });
  });

  test("tells what is wrong, where, and never what stands there", () => {
    const schema = new Schema(event);
    const { valid, findings } = schema.validate(wrong);
    expect(valid).toBe(false);
    expect(findings).toEqual([
      {
        code: "V101",
        instance: "/id",
        span: { start: 6, end: 14 },
        keyword: "/properties/id/type",
        absolute: "#/properties/id/type",
        expected: "an integer",
      },
      {
        code: "V103",
        instance: "/status",
        span: { start: 24, end: 32 },
        keyword: "/properties/status/enum",
        absolute: "#/properties/status/enum",
        expected: `one of "ok", "failed"`,
      },
    ]);
    expect(formatFinding(findings[0] as Finding)).toBe(
      "V101 at /id, bytes 6 to 14: expected an integer (/properties/id/type)",
    );
    expect(JSON.stringify(findings)).not.toContain("s3cret");
    expect(ofFindings.validate(JSON.stringify(findings)).findings).toEqual([]);
    expect(schema.validate(`{"id":1}`)).toEqual({ valid: true, findings: [] });
  });

  test("tells as much as is asked for", () => {
    const schema = new Schema(event);
    expect(schema.validate(wrong, { findings: 0 })).toEqual({ valid: false, findings: [] });
    expect(schema.validate(wrong, { findings: 1 }).findings).toHaveLength(1);
    expect(schema.validate(wrong).findings).toHaveLength(2);
    expect(schema.validate(wrong, { findings: 0xffff_ffff }).findings).toHaveLength(2);
    for (const findings of [-1, 1.5, Number.NaN, "1"])
      expect(thrownBy(() => schema.validate("{}", { findings } as object))).toMatchObject({ code: "W904" });
    const many = new Schema({ items: { type: "string" } }).validate(JSON.stringify(Array(1500).fill(7)));
    expect(many.findings).toHaveLength(1001);
    expect(many.findings.at(-1)?.code).toBe("V002");
  });

  test("takes what is no JSON, too deep or too long for a finding, not for an error", () => {
    const schema = new Schema(true);
    const codeOf = (input: string | Uint8Array) => {
      const { valid, findings } = schema.validate(input);
      expect(valid).toBe(false);
      expect(schema.isValid(input)).toBe(false);
      expect(schema.output(input, "basic")).toMatchObject({ valid: false });
      expect(ofFindings.isValid(JSON.stringify(findings))).toBe(true);
      return findings.map(({ code }) => code);
    };
    for (const broken of ["", "nul", `{"a":1}{`, "1 2", Uint8Array.of(0x22, 0xff, 0x22)])
      expect(codeOf(broken)).toEqual(["V001"]);
    expect(codeOf("[".repeat(200) + "]".repeat(200))).toEqual(["V002"]);
    const long = Buffer.alloc(60_000_000, " ");
    long[0] = long[long.length - 1] = 0x22;
    expect(codeOf(long)).toEqual(["V002"]);
    expect(codeOf(long.toString("latin1"))).toEqual(["V002"]);
    expect(schema.isValid("1")).toBe(true);
  });

  test("hides names that the schema does not tell, unless keys may be shown", () => {
    const map = {
      properties: { known: {} },
      additionalProperties: { additionalProperties: { type: "string" } },
    };
    const at = (options: object, key = "s3cret") =>
      new Schema(map, options).validate(`{"${key}":{"other":1}}`).findings[0]?.instance;
    expect(at({})).toBe("/*/*");
    expect(at({ showKeys: true })).toBe("/s3cret/other");
    expect(new Schema({ additionalProperties: false }).validate(`{"s3cret":1}`).findings[0]?.instance).toBe(
      "/*",
    );
  });

  test("asserts formats if told so", () => {
    const day = `{"id":1,"day":"someday"}`;
    expect(new Schema(event).isValid(day)).toBe(true);
    expect(new Schema(event, { formats: true }).isValid(day)).toBe(false);
  });

  test("reads by the dialect that it is told, where the schema does not say", () => {
    const schema = { items: [{ type: "string" }], $ref: "#/definitions/any", definitions: { any: true } };
    expect(thrownBy(() => new Schema(schema))).toBeInstanceOf(SchemaError);
    expect(new Schema(schema, { dialect: "draft-07" }).isValid("[1]")).toBe(true);
    const said = { ...schema, $schema: "http://json-schema.org/draft-07/schema#" };
    expect(new Schema(said).isValid("[1]")).toBe(true);
    const wrongly = { dialect: "draft7" } as object;
    expect(thrownBy(() => new Schema(true, wrongly))).toMatchObject({ code: "W904" });
  });

  test("takes no option that there is not, and none that is something else", () => {
    const compile = (options: unknown) => () => new Schema(true, options as object);
    const schema = new Schema(true);
    for (const use of [
      compile({ assertFormats: true }),
      compile({ formats: 1 }),
      compile({ showKeys: "yes" }),
      compile({ remotes: new Map() }),
      compile({ remotes: ["{}"] }),
      compile({ dialect: null }),
      compile(null),
      compile("draft-07"),
      () => schema.validate("{}", { finding: 1 } as object),
      () => schema.run({ formats: "ndjson" } as object),
      () => schema.run({ findings: true } as object),
    ])
      expect(thrownBy(use)).toMatchObject({ code: "W904", name: "UsageError" });
    expect(thrownBy(compile({ format: true }))).toMatchObject({
      message:
        'format: expected one of the options dialect, formats, remotes, showKeys; did you mean "formats"?',
    });
    expect(new Schema(true, { formats: undefined, remotes: {} }).validate("1", {}).valid).toBe(true);
  });

  test("refers to remotes that it is given, as text or as values, and to nothing else", () => {
    const schema = { items: { $ref: "https://example.org/a" } };
    const remotes = {
      "https://example.org/a": { $ref: "b#/$defs/n" },
      "https://example.org/b": `{"$defs":{"n":{"type":"integer"}}}`,
    };
    const compiled = new Schema(schema, { remotes });
    expect(compiled.isValid("[1,2]")).toBe(true);
    expect(compiled.validate("[1,true]").findings).toMatchObject([
      {
        instance: "/1",
        keyword: "/items/$ref/$ref/type",
        absolute: "https://example.org/b#/$defs/n/type",
      },
    ]);
    const error = thrownBy(() => new Schema(schema)) as SchemaError;
    expect(error.problems).toMatchObject([{ code: "S204", pointer: "/items/$ref", line: 3, column: 13 }]);
    const broken = thrownBy(() => new Schema(schema, { remotes: { "https://example.org/a": { type: 7 } } }));
    expect((broken as SchemaError).problems).toMatchObject([
      { pointer: "https://example.org/a#/type", line: 2 },
    ]);
  });

  test("reports every mistake of a schema at once, each with its place in the text", () => {
    const text = `{\n  "type": "objct",\n  "minLength": -1,\n  "properties": { "a": { "pattern": "(?=x)" } }\n}`;
    const error = thrownBy(() => new Schema(text)) as SchemaError;
    expect(error).toBeInstanceOf(SchemaError);
    expect(error).toBeInstanceOf(LogweirError);
    expect(error).toMatchObject({ name: "SchemaError", code: "S202", pointer: "/type", line: 2, column: 11 });
    expect(error.problems.map(({ line }) => line)).toEqual([2, 3, 4]);
    expect(error.problems[0]?.help).toContain("object");
    expect(error.message).toContain("the schema has 3 mistakes");
    for (const problem of error.problems) expect(error.message).toContain(problem.expected);
    // Places of a value count in its text of two spaces.
    expect(thrownBy(() => new Schema({ minLength: "x" }))).toMatchObject({ line: 2, column: 16 });
    for (const no of ["", "{", "7", null])
      expect(thrownBy(() => new Schema(no as string))).toBeInstanceOf(SchemaError);
    const cycle: Record<string, unknown> = {};
    cycle.not = cycle;
    const hidden = [new Map(), Promise.resolve({}), /x/, new Date(), new String("{}")];
    for (const no of [undefined, cycle, () => {}, { const: Infinity }, { enum: [[NaN]] }, ...hidden])
      expect(thrownBy(() => new Schema(no as object))).toMatchObject({ code: "W904" });
    expect(
      thrownBy(() => new Schema(true, { remotes: { a: undefined as unknown as string } })),
    ).toMatchObject({
      code: "W904",
    });
    expect(new Schema(true).isValid("1")).toBe(true);
    expect(new Schema(utf8('{"type":"string"}')).isValid("1")).toBe(false);
    expect(new Schema({ type: "string", description: undefined }).isValid("1")).toBe(false);
    expect(new Schema({ const: 12345678901234567891n }).isValid("12345678901234567891")).toBe(true);
    expect(new Schema({ const: 12345678901234567891n }).isValid("12345678901234567890")).toBe(false);
  });

  test("warns of what is odd", () => {
    const { warnings } = new Schema({ propertes: {}, properties: { a: true } });
    expect(warnings).toMatchObject([{ severity: "warning", pointer: "/propertes", line: 2 }]);
    expect(new Schema(event).warnings).toEqual([]);
  });

  test("gives the specification's output", () => {
    const schema = new Schema({ title: "T", properties: { id: { type: "integer", title: "the id" } } });
    expect(schema.output("{}", "flag")).toEqual({ valid: true });
    expect(schema.output(`{"id":1}`, "basic").annotations).toContainEqual({
      valid: true,
      keywordLocation: "/properties/id/title",
      absoluteKeywordLocation: "#/properties/id/title",
      instanceLocation: "/id",
      annotation: "the id",
    });
    expect(schema.output(`{"id":"s3cret"}`, "detailed")).toMatchObject({
      valid: false,
      errors: [{ instanceLocation: "/id", error: "expected an integer" }],
    });
    expect(thrownBy(() => schema.output("{}", "verbose" as OutputForm))).toMatchObject({ code: "W904" });
  });

  test("matches in linear time", () => {
    const schema = new Schema({ pattern: "^(a+)+$" });
    const start = performance.now();
    expect(schema.isValid(`"${"a".repeat(100_000)}!"`)).toBe(false);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test("refuses once it is freed, and frees twice without harm", () => {
    const schema = new Schema(event);
    schema.isValid("{}");
    const run = schema.run();
    schema.free();
    schema.free();
    const uses = [
      () => schema.isValid("{}"),
      () => schema.validate("{}"),
      () => schema.output("{}", "flag"),
      () => schema.run(),
    ];
    for (const use of uses) expect(thrownBy(use)).toMatchObject({ code: "W902", name: "UsageError" });
    expect(run.push(`{"id":1}\n`).concat(run.finish())).toHaveLength(1);
    if (typeof Symbol.dispose === "symbol") {
      const other = new Schema(true);
      other[Symbol.dispose]();
      expect((thrownBy(() => other.isValid("1")) as UsageError).code).toBe("W902");
    }
  });

  test("takes views of its own memory", () => {
    const schema = new Schema({ const: "x".repeat(100) });
    for (const length of [100, 10_000_000]) {
      const text = JSON.stringify("x".repeat(length));
      expect(schema.isValid(text)).toBe(length === 100);
    }
  });
});

/** All verdicts on an input in pieces. */
function verdictsOf(run: SchemaRun, pieces: Iterable<Uint8Array | string>): Verdict[] {
  const verdicts: Verdict[] = [];
  for (const piece of pieces) verdicts.push(...run.push(piece));
  return verdicts.concat(run.finish());
}

describe("a run of a schema", () => {
  const lines = `{"id":1}\n{"id":"ä"}\n\n{bad\n{"id":2,"status":"no"}`;

  test("gives a verdict on each record, in order, with its place", () => {
    const verdicts = verdictsOf(new Schema(event).run(), [lines]);
    expect(verdicts).toMatchObject([
      { record: 0, valid: true, findings: [], offset: 0, line: 1 },
      {
        record: 1,
        valid: false,
        findings: [{ code: "V101", span: { start: 6, end: 10 } }],
        offset: 9,
        line: 2,
      },
      { record: 2, valid: false, findings: [{ code: "V001", instance: "" }], offset: 22, line: 4 },
      { record: 3, valid: false, findings: [{ code: "V103", instance: "/status" }], offset: 27, line: 5 },
    ]);
    for (const { findings } of verdicts) expect(ofFindings.isValid(JSON.stringify(findings))).toBe(true);
  });

  test.each(["auto", "ndjson", "array", "json", "concat", "values"] as const)(
    "is the same however a %s input is cut",
    (format) => {
      const inputs = [lines, `[{"id":1},\n {"id":true}, 7]`, `{"id":1} {"id":\n2} {"id":null}{`, `  `, `"x`];
      const schema = new Schema(event);
      for (const input of inputs) {
        const bytes = utf8(input);
        const whole = verdictsOf(schema.run({ format }), [bytes]);
        for (let cut = 0; cut <= bytes.length; cut += 1) {
          const again = verdictsOf(schema.run({ format }), [bytes.subarray(0, cut), bytes.subarray(cut)]);
          if (JSON.stringify(again) !== JSON.stringify(whole)) expect(again, `cut at ${cut}`).toEqual(whole);
        }
        expect(verdictsOf(schema.run({ format }), [...input])).toEqual(whole);
        // One document by itself is judged as it is among others.
        for (const verdict of format === "ndjson" ? whole : []) {
          const line = input.split("\n")[(verdict.line as number) - 1] as string;
          const { valid, findings } = schema.validate(line.trim());
          expect({ valid, findings }).toEqual({ valid: verdict.valid, findings: verdict.findings });
        }
      }
    },
  );

  test("takes an array for one document or for many", () => {
    const schema = new Schema({ type: "integer" });
    const count = (format: "auto" | "values", input: string) =>
      verdictsOf(schema.run({ format }), [input]).map(({ valid }) => valid);
    expect(count("auto", "[1,2]")).toEqual([true, true]);
    expect(count("values", "[1,2]")).toEqual([false]);
    expect(count("values", "[1,\n2]\n3")).toEqual([false, true]);
    expect(count("values", "[1]\n2\n!\n3")).toEqual([false, true, false, true]);
    expect(count("values", "1 2")).toEqual([false]); // a line that is none
    expect(count("values", `{"a":\n1} 2`)).toEqual([false, true]);
  });

  test("keeps inputs apart, and counts their records together", () => {
    const run = new Schema(event).run();
    const verdicts = [
      ...run.push(lines),
      ...run.next(),
      ...run.next(),
      ...run.push(`[{"id":1},`),
      ...run.push(`7]`),
    ];
    verdicts.push(...run.next(), ...run.push(`{"id":`), ...run.finish());
    expect(verdicts.map(({ record }) => record)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(verdicts.slice(4)).toMatchObject([
      { valid: true, offset: 1 },
      { valid: false, offset: 10 },
      { valid: false, offset: 0, line: 1 },
    ]);
  });

  test("tells as much as is asked for", () => {
    const tell = (findings: number) =>
      verdictsOf(new Schema(event).run({ findings }), [`${wrong}\n${wrong}\n!\n`]).map(
        (verdict) => verdict.findings.length,
      );
    expect(tell(0)).toEqual([0, 0, 0]);
    expect(tell(1)).toEqual([1, 1, 1]);
    expect(tell(5)).toEqual([2, 2, 1]);
  });

  test("takes a chunk of any size", () => {
    const many = `{"id":1,"note":"${"x".repeat(900)}"}\n`.repeat(4000);
    const verdicts = verdictsOf(new Schema(event).run(), [many, utf8(many)]);
    expect(verdicts).toHaveLength(8000);
    expect(verdicts.every(({ valid }) => valid)).toBe(true);
    expect(verdicts.at(-1)).toMatchObject({ record: 7999, line: 8000 });
  });

  test("is over after finish, and after free", () => {
    const schema = new Schema(event);
    const [finished, freed] = [schema.run(), schema.run()];
    finished.finish();
    freed.push("{");
    freed.free();
    freed.free();
    for (const use of ["push", "next", "finish"] as const) {
      expect(thrownBy(() => finished[use]("{}"))).toMatchObject({ code: "W906" });
      expect(thrownBy(() => freed[use]("{}"))).toMatchObject({ code: "W902" });
    }
    finished.free();
    expect(thrownBy(() => schema.run({ format: "csv" as "json" }))).toMatchObject({ code: "W904" });
    const open = schema.run();
    expect(thrownBy(() => open.push(7 as unknown as string))).toMatchObject({ code: "W904" });
    expect(open.push("{}\n")).toHaveLength(0);
    expect(open.finish()).toHaveLength(1);
  });
});

// The cases under tests/corpus/template through the built package. tests/template.rs runs the same files natively;
// tests/corpus/README.md tells their form.
import { readdirSync, readFileSync } from "node:fs";
import { compile, RecordError, Template, TemplateError, UsageError } from "logweir";
import { describe, expect, test } from "vitest";
import { at } from "./pkg/tools.js";

const folder = at("tests", "corpus", "template");

for (const file of readdirSync(folder)) {
  describe(file.replace(/\.json$/, ""), () => {
    const { cases } = JSON.parse(readFileSync(`${folder}/${file}`, "utf8"));
    for (const one of cases) test(one.about, () => hold(one));
  });
}

interface Case {
  about?: string;
  template?: string | object;
  json?: string;
  mode?: "json" | "text";
  partials?: Record<string, string>;
  keys?: Record<string, string>;
  now?: string;
  records?: { record: string | object; output?: string; code?: string }[];
  problems?: object[];
}

function hold(one: Case): void {
  const { about, template: written, json = "", records = [], problems = [], ...options } = one;
  const source = written ?? attempt(() => JSON.parse(json));
  if (source === undefined) return; // a value that is none cannot be handed over
  let template: Template;
  try {
    template = new Template(source, { now: 0, ...options });
  } catch (error) {
    expect(error).toBeInstanceOf(TemplateError);
    compare((error as TemplateError).problems, problems, typeof source === "string");
    return;
  }
  compare(template.warnings, problems, true);
  for (const { record, output, code } of records) {
    const text = typeof record === "string" ? record : JSON.stringify(record);
    if (output === undefined) {
      const thrown = attempt(() => template.renderText(text));
      expect(thrown).toMatchObject({ name: "RecordError", code });
      continue;
    }
    expect(template.renderText(text)).toBe(output);
    const run = template.run({ format: "json" });
    const parts = [...text].map((character) => run.push(character));
    const body = Buffer.concat([...parts, run.finish()].map((part) => part.body)).toString();
    if (!/\n/.test(output)) expect(body).toBe(options.mode === "text" ? output : `${output}\n`);
  }
  template.free();
}

// biome-ignore lint/suspicious/noExplicitAny: whatever comes of it
function attempt(work: () => unknown): any {
  try {
    return work();
  } catch (error) {
    return error instanceof SyntaxError ? undefined : error;
  }
}

/** As many, and each with all that is expected of it; places where the text is the author's own. */
function compare(found: readonly object[], wanted: readonly object[], places: boolean): void {
  expect(found).toHaveLength(wanted.length);
  const hidden = places ? [] : ["line", "column"];
  const plain = (each: object) =>
    Object.fromEntries(Object.entries(each).filter(([name]) => !hidden.includes(name)));
  expect(found).toMatchObject(wanted.map(plain));
}

describe("the handle", () => {
  const template = new Template('{"id":{{id}},"at":"{{now}}","us":{{now_utc_micro}}}');

  test("takes the time from the call, the options or the clock", () => {
    const at = (now?: Date | number | string) => JSON.parse(template.renderText("{}", { now })).at;
    expect(at(0)).toBe("1970-01-01T00:00:00.000+00:00");
    expect(at(new Date("2026-05-04T06:00:00.123Z"))).toBe("2026-05-04T06:00:00.123+00:00");
    expect(at("2026-05-04T06:00:00.123-04:00")).toBe("2026-05-04T06:00:00.123-04:00");
    expect(Math.abs(Date.parse(at()) - Date.now())).toBeLessThan(60_000);
    expect(new Template("{{now_utc}}", { now: 5 }).renderText("{}")).toBe("5");
    for (const wrong of ["noon", Number.NaN, "2026-05-04T06:00:00"])
      expect(() => template.render("{}", { now: wrong })).toThrow(UsageError);
    expect(template.renderText('{"id":1}', { now: 0 })).toContain('"id":1,');
  });

  test("takes bytes and text, and says what it cannot read", () => {
    const plain = new Template("{{log_message}}");
    expect(plain.render(new TextEncoder().encode('{"é":1}'))).toEqual(new TextEncoder().encode('{"é":1}'));
    const thrown = attempt(() => plain.render('{"a":nothing}'));
    expect(thrown).toBeInstanceOf(RecordError);
    expect(thrown).toMatchObject({ code: "S102", at: 6 });
    expect(thrown.message).not.toContain("nothing");
    expect(plain.renderText("[1]")).toBe("[1]");
  });

  test("goes over inputs in flat memory, and tells what was refused", () => {
    const run = new Template('{"n":{{n}}}').run({ format: "ndjson" });
    const first = run.push('{"n":1}\n{"n":\n{"n":2}\n{"n"');
    expect(Buffer.from(first.body).toString()).toBe('{"n":1}\n{"n":2}\n');
    expect(first.refused).toMatchObject([{ code: "S101", record: 1, line: 2 }]);
    expect(Buffer.from(run.push(":3}").body).toString()).toBe("");
    expect(Buffer.from(run.next().body).toString()).toBe('{"n":3}\n');
    expect(Buffer.from(run.finish().body).toString()).toBe("");
    expect(() => run.push("{}")).toThrow(expect.objectContaining({ code: "W906" }));
  });

  test("refuses what it is not to be called with, and after it was freed", () => {
    expect(() => new Template({}, { mode: "text" })).toThrow(UsageError);
    expect(() => new Template("{}", { mode: "html" as "text" })).toThrow(UsageError);
    const freed = new Template("{}");
    freed.free();
    freed.free();
    expect(() => freed.render("{}")).toThrow(expect.objectContaining({ code: "W902" }));
  });

  test("shows its mistakes where they are", () => {
    const thrown = attempt(() => new Template('{\n  "a": {{#b}}1{{/b}}\n}'));
    expect(thrown).toMatchObject({ name: "TemplateError", code: "T310", line: 2, column: 8 });
  });
});

describe("a route's template", () => {
  const weir = compile({
    logweir: 1,
    routes: [{ name: "out", template: { at: "{{now}}", us: "{{now_utc_micro}}" } }],
  });
  const bodies = (parts: readonly { readonly body: Uint8Array }[]) =>
    parts.map(({ body }) => JSON.parse(Buffer.from(body).toString()));

  test("writes the time that a call is given, or the clock's", async () => {
    const now = "2026-05-04T06:00:00.123-04:00";
    const wanted = { at: now, us: 1777888800123000 };
    expect(bodies(weir.process("{}", { now }).batches)).toEqual([wanted]);
    const run = weir.run({ now });
    expect(bodies([...run.push("{}\n").batches, ...run.finish().batches])).toEqual([wanted]);
    const stream = weir.stream({ now, format: "ndjson" });
    const piped = new Blob(["{}\n"]).stream().pipeThrough(stream);
    expect(JSON.parse(await new Response(piped).text())).toEqual(wanted);
    const [clock] = bodies(weir.process("{}").batches);
    expect(Math.abs(clock.us / 1000 - Date.now())).toBeLessThan(60_000);
    expect(() => weir.process("{}", { now: "noon" })).toThrow(UsageError);
    expect(bodies(weir.process("{}", { now }).batches)).toEqual([wanted]);
  });
});

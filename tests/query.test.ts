// The cases under tests/corpus/query through the built package. tests/query.rs runs the same files natively;
// tests/corpus/README.md tells their form.
import { readdirSync, readFileSync } from "node:fs";
import { type Problem, Query, QueryError } from "logweir";
import { describe, expect, test } from "vitest";
import { elements, type Texts, texts } from "./pkg/json.js";
import { at } from "./pkg/tools.js";

const folder = at("tests", "corpus", "query");

for (const file of readdirSync(folder)) {
  describe(file.replace(/\.json$/, ""), () => {
    const { cases, now } = texts(readFileSync(`${folder}/${file}`, "utf8"));
    for (const one of elements(cases).map(texts))
      test(JSON.parse(one.about as string), () => hold({ ...(now !== undefined && { now }), ...one }));
  });
}

/** A record's text: a string stands for the text itself. */
const toRecords = (json: string | undefined) =>
  elements(json).map((record) => (record.startsWith('"') ? (JSON.parse(record) as string) : record));

function hold({ query: written = "", now, types, problems, warnings, print, matches, misses }: Texts): void {
  const text = JSON.parse(written);
  // The package always knows what time it is.
  const wanted = JSON.parse(problems ?? "[]").filter(({ expected = "" }) => !expected.includes("now is not"));
  let query: Query;
  try {
    query = new Query(text, {
      ...(now !== undefined && { now: Number(now) }),
      ...(types !== undefined && { types: JSON.parse(types) }),
    });
  } catch (error) {
    expect(error).toBeInstanceOf(QueryError);
    compare((error as QueryError).problems, wanted);
    const { line, column, message } = error as QueryError;
    expect([line, column]).toEqual([
      (error as QueryError).problems[0]?.line,
      (error as QueryError).problems[0]?.column,
    ]);
    expect(message).toMatch(/\n {4} *\^/);
    return;
  }
  expect(wanted).toEqual([]);
  if (warnings !== undefined) compare(query.warnings, JSON.parse(warnings));
  if (print !== undefined) expect(query.print()).toBe(JSON.parse(print));
  expect(new Query(query.print(), now === undefined ? {} : { now: Number(now) }).print()).toBe(query.print());
  expect(query.ast.span[1]).toBeLessThanOrEqual(text.length);

  const [hits, others] = [toRecords(matches), toRecords(misses)];
  for (const record of hits) expect(query.matches(record), record).toBe(true);
  for (const record of others) expect(query.matches(record), record).toBe(false);
  const input = [...others, ...hits, ...others].join("\n");
  for (const options of [{}, { passOver: true }, { invert: true }]) {
    const run = query.run({ format: "ndjson", ...options });
    const found = [...run.push(input), ...run.finish()];
    const wanted = "invert" in options ? [...others, ...others] : hits;
    expect(found.map(({ bytes }) => new TextDecoder().decode(bytes))).toEqual(wanted);
  }
  query.free();
}

/** As many, and each with all that is expected of it. */
function compare(found: readonly Problem[], wanted: readonly object[]): void {
  expect(found).toHaveLength(wanted.length);
  expect(found).toMatchObject(wanted);
}

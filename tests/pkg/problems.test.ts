// PROBLEMS.md tells every code that the sources know, and provokes each.
import { readdirSync, readFileSync } from "node:fs";
import { compile, Query, Schema, Template } from "logweir";
import { describe, expect, test } from "vitest";
import { paragraphs, provoke } from "./manual.js";
import { at, logweir, thrownBy } from "./tools.js";

const manual = paragraphs();

/** Codes that no input of the package provokes, and the tests that do it otherwise. */
const elsewhere: Record<string, string> = {
  P116: "tests/parts.rs",
  S901: "src/scan/tests.rs",
  T300: "tests/corpus/template/values.json",
  W901: "tests/pkg/faults.test.ts",
  W909: "tests/pkg/entries.test.ts",
  W912: "tests/pkg/entries.test.ts",
  W913: "tests/pkg/entries.test.ts",
  W921: "tests/forwarder/refusing.mjs",
  W922: "tests/forwarder/refusing.mjs",
  W923: "tests/forwarder/refusing.mjs",
  W924: "tests/forwarder/refusing.mjs",
  W925: "tests/forwarder/refusing.mjs",
  W926: "tests/forwarder/refusing.mjs",
  W927: "tests/forwarder/books.mjs",
  W928: "tests/forwarder/faults.mjs",
  W929: "tests/forwarder/customers.mjs",
  W930: "tests/forwarder/customers.mjs",
  W931: "tests/forwarder/withholding.mjs",
};

function sources(...folder: string[]): string {
  const names = readdirSync(at(...folder), { recursive: true }) as string[];
  const files = names.filter((name) => /\.(rs|ts)$/.test(name) && !name.endsWith("tests.rs"));
  return files.map((name) => readFileSync(at(...folder, name), "utf8")).join("\n");
}

test("every code has its paragraph in PROBLEMS.md, and no other has", () => {
  const known = `${sources("src")}\n${sources("pkg", "src")}`.matchAll(/"([SDRPQTVWF]\d{3})"/g);
  const told = manual.map(({ code }) => code);
  expect(told.length).toBeGreaterThan(140);
  expect([...told].sort()).toEqual([...new Set([...known].map(([, name]) => name))].sort());
});

describe("the example of", () => {
  const provoked = manual.filter(({ code }) => !(code in elsewhere));
  test.each(provoked.map((paragraph) => [paragraph.code, paragraph] as const))("%s", (code, paragraph) => {
    const told = provoke(paragraph);
    expect(told).toContainEqual([code, paragraph.examples.at(-1)?.place]);
    // What hides behind another code is no example of this one; only those of "more than 200" need the 200.
    if (!/99$|V002/.test(code)) expect(new Set(told.map(([other]) => other))).toEqual(new Set([code]));
  });
});

test.each(Object.entries(elsewhere))("%s is provoked by a test of its own", (code, path) => {
  expect(manual.find((paragraph) => paragraph.code === code)?.examples).toEqual([]);
  expect(readFileSync(at(path), "utf8")).toContain(code);
});

test("every paragraph says what it means, and all but those of findings the mend", () => {
  for (const { code, text } of manual) {
    expect(text.trim().split("\n\n")[0]?.length, code).toBeGreaterThan(10);
    if (!code.startsWith("V")) expect(text, code).toMatch(/^\*\*Mend:\*\* \S/m);
  }
});

describe("a problem leads to its paragraph", () => {
  const anchors = new Set(manual.map(({ code }) => `PROBLEMS.md#${code.toLowerCase()}`));

  test("in errors and warnings of all documents", () => {
    const refused = [
      () => compile("{}"),
      () => new Schema("[]"),
      () => new Query("("),
      () => new Template("{{"),
    ].map((call) => thrownBy(call) as { url: string; problems: { url: string }[] });
    const policy = `{"logweir":1,"keep":"stepstate:failure","routes":[{"name":"out"}]}`;
    const weir = compile(policy);
    const warnings = [
      ...weir.warnings,
      ...weir.leaks(),
      ...new Schema({ propertys: {} }).warnings,
      ...new Query("stepstate:1").warnings,
      ...new Template("{{> a}}", { mode: "text" }).warnings,
    ];
    expect(warnings.length).toBeGreaterThan(4);
    for (const { url } of [...refused, ...refused.flatMap(({ problems }) => problems), ...warnings])
      expect(anchors).toContain(url);
    expect(thrownBy(() => compile(undefined as never))).toMatchObject({ url: "PROBLEMS.md#w904" });
  });

  test("on the command line, once for each code", async () => {
    const { status, stderr } = await logweir(["check", "-"], `{ "redcat": [], "roots": [] }`);
    expect(status).toBe(2);
    expect(stderr.match(/see PROBLEMS\.md#p101$/gm)).toHaveLength(1);
    expect(stderr.match(/see PROBLEMS\.md#p104$/gm)).toHaveLength(1);
  });

  test("which the package has under that name", () => {
    const { files } = JSON.parse(readFileSync(at("pkg", "package.json"), "utf8"));
    expect(files).toContain("PROBLEMS.md");
  });
});

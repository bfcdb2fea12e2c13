// The cases under tests/corpus/schema through the built package. tests/schema.rs runs the same files natively;
// tests/corpus/README.md tells their form.
import { readdirSync, readFileSync } from "node:fs";
import { Schema, SchemaError, type SchemaOptions } from "logweir";
import { describe, expect, test } from "vitest";
import { elements, type Texts, texts } from "./pkg/json.js";
import { at } from "./pkg/tools.js";

const folder = at("tests", "corpus", "schema");

for (const file of readdirSync(folder)) {
  describe(file.replace(/\.json$/, ""), () => {
    const { cases } = texts(readFileSync(`${folder}/${file}`, "utf8"));
    for (const one of elements(cases).map(texts)) test(JSON.parse(one.about as string), () => hold(one));
  });
}

function hold({ schema: written = "", options, instances, problems = "[]" }: Texts): void {
  const text = written.startsWith('"') ? JSON.parse(written) : written;
  let schema: Schema;
  try {
    schema = new Schema(text, toOptions(options));
  } catch (error) {
    expect(error).toBeInstanceOf(SchemaError);
    compare((error as SchemaError).problems, JSON.parse(problems));
    return;
  }
  compare(schema.warnings, JSON.parse(problems));
  for (const instance of elements(instances).map((one) => JSON.parse(one))) {
    const { valid, findings } = schema.validate(instance.text);
    const told = findings.map(({ span, ...rest }) => ({ ...rest, span: [span.start, span.end] }));
    compare(told, instance.findings, instance.text);
    expect(schema.isValid(instance.text)).toBe(valid);
    expect(valid).toBe(findings.length === 0);
    const run = schema.run({ format: "json" });
    const verdicts = [...run.push(instance.text), ...run.finish()];
    if (verdicts.length > 0) expect(verdicts).toMatchObject([{ record: 0, valid, findings }]);
    for (const form of ["flag", "basic", "detailed"] as const)
      expect(schema.output(instance.text, form).valid).toBe(valid);
  }
  schema.free();
}

function toOptions(json = "{}"): SchemaOptions {
  const { dialect, assertFormats, showKeys } = JSON.parse(json);
  return { dialect, formats: assertFormats, showKeys, remotes: texts(texts(json).remotes ?? "{}") };
}

/** As many, and each with all that is expected of it. */
function compare(found: readonly object[], wanted: readonly object[] = [], about = ""): void {
  expect(found, about).toHaveLength(wanted.length);
  // `null` says that a member is to be missing.
  const plain = (each: object) =>
    Object.fromEntries(Object.entries(each).map(([name, value]) => [name, value ?? undefined]));
  expect(found, about).toMatchObject(wanted.map(plain));
}

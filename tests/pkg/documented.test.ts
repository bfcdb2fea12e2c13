// Everything that the package exports says what it is, down to each member of each option.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { places, written } from "../../pkg/tools/manual.mjs";
import { entries, undocumented } from "../../www/docs/reference.mjs";
import { at } from "./tools.js";

test("every entry has its reference", () => {
  const { exports } = JSON.parse(readFileSync(at("pkg", "package.json"), "utf8"));
  const modules = Object.keys(exports).filter((name) => !/\.(json|wasm)$/.test(name));
  expect(Object.keys(entries).sort()).toEqual(modules.map((name) => name.replace(".", "logweir")).sort());
});

test("nothing exported is without a comment", { timeout: 120_000 }, async () => {
  const missing = (await undocumented()).filter(
    // What the fields of events mean stands in the schemas of the catalogue, and the common fields in `FieldName`.
    (message: string) =>
      /does not have any documentation/.test(message) && !/events\.d\.ts|\.@/.test(message),
  );
  expect(missing).toEqual([]);
});

test("the manual of policies has each member, as the schema has it", () => {
  const manual = readFileSync(at("src", "policy", "POLICY.md"), "utf8");
  expect(places().length).toBeGreaterThan(20);
  for (const place of places()) expect(manual).toContain(`<!-- members: ${place} -->`);
  expect(manual, "node pkg/tools/manual.mjs").toBe(written(manual));
});

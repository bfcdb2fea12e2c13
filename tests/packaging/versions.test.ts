// One version everywhere, and one version of the two halves of wasm-bindgen.
import { readFileSync } from "node:fs";
import { version } from "logweir";
import { expect, test } from "vitest";
import { agreed, change, declared } from "../../pkg/tools/api.mjs";
import { root } from "./packed.js";

const cargo = readFileSync(`${root}/Cargo.toml`, "utf8");
const manifest = JSON.parse(readFileSync(`${root}/pkg/package.json`, "utf8"));

test("the crate, the package and the code agree about the version", () => {
  const crate = /\[workspace\.package\]\s+version = "(.*)"/.exec(cargo)?.[1];
  expect(crate).toBe(manifest.version);
  expect(version).toBe(manifest.version);
});

test("the glue generator is of the version of the crate whose glue it writes", () => {
  const pin = (name: string) => new RegExp(`^${name} = "(=.*)"$`, "m").exec(cargo)?.[1];
  expect(pin("wasm-bindgen")).toMatch(/^=\d+\.\d+\.\d+$/);
  expect(pin("wasm-bindgen-cli-support")).toBe(pin("wasm-bindgen"));
});

test("what is declared to TypeScript is what was agreed on (node pkg/tools/api.mjs --write)", async () => {
  expect(change(agreed(), await declared()).changes).toEqual([]);
});

test("a change of what is declared asks for a version", () => {
  const before = { ".": { compile: "a", Weir: "b" } };
  expect(change(before, before)).toEqual({ level: "none", changes: [] });
  expect(change(before, { ".": { ...before["."], more: "c" } })).toEqual({
    level: "minor",
    changes: ["added . more"],
  });
  expect(change(before, { ".": { compile: "a", Weir: "c" } })).toEqual({
    level: "major",
    changes: ["changed . Weir"],
  });
  expect(change(before, { "./slim": before["."] }).changes).toContain("removed . compile");
});

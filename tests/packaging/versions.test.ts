// One version everywhere, and one version of the two halves of wasm-bindgen.
import { readFileSync } from "node:fs";
import { version } from "logweir";
import { expect, test } from "vitest";
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

// Builds everything that the package ships, as far as something changed.
import { buildTs } from "./build-ts.mjs";
import { buildWasm } from "./build-wasm.mjs";
import { isMain, mainly } from "./shell.mjs";

export async function build({ force = false } = {}) {
  await buildWasm({ force });
  await buildTs({ force });
}

if (isMain(import.meta.url)) await mainly(() => build({ force: process.argv.includes("--force") }));

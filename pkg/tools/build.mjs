// Builds everything that the package ships, as far as something changed.
import { buildTs } from "./build-ts.mjs";
import { buildWasm } from "./build-wasm.mjs";
import { writeNotices } from "./notices.mjs";
import { isMain, mainly } from "./shell.mjs";

/** @param options.quiet says nothing where nothing is done */
export async function build({ force = false, quiet = false } = {}) {
  await buildWasm({ force, quiet });
  await buildTs({ force, quiet });
  writeNotices({ force });
}

if (isMain(import.meta.url)) await mainly(() => build({ force: process.argv.includes("--force") }));

// Single rooms of the core, for the rows that measure them alone.
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * The module with the store, which has the probe, by a glue of its own: the package's holds the other module.
 * @returns its exports and its memory; the reason as `skip` where there is none
 */
export async function probeModule(folder) {
  const [glue, wasm] = ["core.js", "store_bg.wasm"].map((file) => join(folder, "wasm", file));
  if (!existsSync(glue) || !existsSync(wasm)) return { skip: "the wasm is not built" };
  const module = await import(`${pathToFileURL(resolve(glue)).href}?probe`);
  if (!module.Probe) return { skip: "the wasm exports no Probe" };
  const { memory } = module.initSync({ module: readFileSync(wasm) });
  return { ...module, memory };
}

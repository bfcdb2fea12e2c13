// The rows of the package under test, from its public API; and of its rooms, from the probe that the wasm exports for this.
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { sink } from "./peers.mjs";
import { probeModule } from "./probe.mjs";

/** The file that `import "logweir"` would give under Node. */
function entry(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  let target = manifest.exports?.["."] ?? manifest.exports ?? manifest.main;
  while (target && typeof target === "object") {
    const condition = ["node", "import", "default"].find((name) => name in target);
    target = condition && target[condition];
  }
  return target && join(folder, target);
}

/** @returns {Promise<{ compile?: Function, skip?: string }>} */
export async function loadPackage(folder) {
  const manifest = join(folder, "package.json");
  if (!existsSync(manifest)) return { skip: `no package in ${folder}` };
  const file = entry(resolve(folder));
  if (!file || !existsSync(file)) return { skip: "the package is not built (npm run build)" };
  return import(pathToFileURL(file).href);
}

/**
 * @param {ReturnType<import("./input.mjs").forms>} input
 * @param {{ compile: Function }} module
 * @param {{ name: string, policy: object }} policy
 * @param {{ every: boolean, label: string }} options `every`: also copies and single events, not the batches alone
 */
export function packageRows({ chunks, events, bytes }, { compile }, { name, policy }, { every, label }) {
  const weir = compile(policy);
  const count = ({ batches }) => {
    for (const { body } of batches) sink.value += body.length;
  };
  const batches = (views) => {
    const run = weir.run({ format: "ndjson", views });
    return () => {
      for (const chunk of chunks) count(run.push(chunk));
    };
  };
  const single = (views) => {
    const options = { format: "json", views };
    return () => {
      for (let i = 0; i < events.length; i++) count(weir.process(events[i], options));
    };
  };
  const row = (text, pass) => ({ name: `${label} ${text} [${name}]`, bytes, pass });
  const rows = [row("batches, views", batches(true))];
  if (every)
    rows.push(
      row("batches, copies out", batches(false)),
      row("one event per call, views", single(true)),
      row("one event per call, copies out", single(false)),
    );
  return rows;
}

/** Copies in, as every wasm row pays: nothing else is done with the bytes. */
export function copyRow({ chunks, bytes }) {
  const memory = new WebAssembly.Memory({ initial: 16 });
  return {
    name: "copy in only",
    bytes,
    pass: () => {
      for (const chunk of chunks) new Uint8Array(memory.buffer, 1024, chunk.length).set(chunk);
      sink.value += new Uint8Array(memory.buffer)[2048];
    },
  };
}

/** Scan alone, and scan and tape, copy in included. */
export async function probeRows({ chunks, bytes }, folder, label) {
  const names = [
    ["scan", `${label} scan only`],
    ["check", `${label} scan + grammar only`],
    ["tape", `${label} scan + tape only`],
    ["detect", `${label} scan + tape + event type only`],
  ];
  const skip = (reason) => names.map(([, name]) => ({ name, skip: reason }));
  const { Probe, memory, skip: reason } = await probeModule(folder);
  if (reason !== undefined) return skip(reason);
  const probe = new Probe();
  return names.map(([method, name]) => {
    if (!(method in probe)) return { name, skip: `the probe has no ${method}` };
    const one = (chunk) => {
      const at = probe.probe_input(chunk.length) >>> 0;
      new Uint8Array(memory.buffer, at, chunk.length).set(chunk);
      return probe[method](chunk.length);
    };
    // Each room counts what it found; 0 says that the chunk is broken.
    if (!chunks.every((chunk) => one(chunk) > 0)) return { name, skip: "the probe refuses a chunk" };
    return {
      name,
      bytes,
      pass: () => {
        for (const chunk of chunks) sink.value += one(chunk);
      },
    };
  });
}

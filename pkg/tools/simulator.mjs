// Cloudflare's simulator (miniflare: the real workerd with queues, a bucket and Durable Objects) and Workers for it.
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { at, hashOf, must } from "./shell.mjs";

const folder = at("target", "forwarder");

/** Installs the simulator in a folder of its own, unless it is there. */
export async function furnish() {
  const names = ["package.json", "package-lock.json"];
  const stamp = join(folder, "installed");
  const wanted = hashOf(names.map((name) => `tests/forwarder/${name}`));
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  mkdirSync(folder, { recursive: true });
  for (const name of names) copyFileSync(at("tests", "forwarder", name), join(folder, name));
  // Not `npm ci`: it demands every platform's optional packages, and not every mirror has them all.
  const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
  await must("npm", args, { cwd: folder });
  writeFileSync(stamp, wanted);
}

/** Leaves `import module from "./x.wasm"` in the bundle and notes the file. */
const wasmModules = (found) => ({
  name: "wasm-modules",
  setup(build) {
    build.onResolve({ filter: /\.wasm$/ }, async ({ path, pluginData, ...rest }) => {
      if (pluginData === "resolved") return undefined;
      const file = await build.resolve(path, { ...rest, pluginData: "resolved" });
      const name = basename(file.path);
      found.set(name, file.path);
      return { path: `./${name}`, external: true };
    });
  },
});

/** Bundles a Worker as Cloudflare's tools do: condition `workerd`, .wasm files as compiled modules. */
export async function bundle(entry, define = {}) {
  const wasm = new Map();
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    platform: "neutral",
    conditions: ["workerd", "worker", "browser"],
    mainFields: ["browser", "module", "main"],
    define,
    loader: { ".jsonc": "text" },
    plugins: [wasmModules(wasm)],
    logLevel: "warning",
  });
  return [
    { type: "ESModule", path: "worker.mjs", contents: outputFiles[0].text },
    ...[...wasm].map(([path, file]) => ({ type: "CompiledWasm", path, contents: readFileSync(file) })),
  ];
}

/** Where bucket and ledgers stay on disk; without a folder, they stay in memory. The queues always do. */
const onDisk = (disk) =>
  disk ? { r2Persist: join(disk, "bucket"), durableObjectsPersist: join(disk, "ledgers") } : {};

/** A Worker in the simulator, ready to be asked. */
export async function simulate({ disk, ...options }) {
  const { Miniflare } = createRequire(join(folder, "package.json"))("miniflare");
  const flare = new Miniflare({ cf: false, ...onDisk(disk), ...options });
  return { flare, url: await flare.ready };
}

/**
 * A forwarder's project, as `logweir worker init` writes it, with the bindings of its wrangler.jsonc.
 *
 * @param secrets what `wrangler secret put` would have taken
 * @param options more for the simulator, such as `port`
 */
export async function simulateProject(project, { disk, secrets, ...options }) {
  const config = JSON.parse(readFileSync(join(project, "wrangler.jsonc"), "utf8"));
  const { producers = [], consumers = [] } = config.queues ?? {};
  return simulate({
    disk,
    modules: await bundle(join(project, config.main)),
    compatibilityDate: config.compatibility_date,
    compatibilityFlags: config.compatibility_flags ?? [],
    bindings: secrets,
    r2Buckets: config.r2_buckets.map(({ binding }) => binding),
    durableObjects: Object.fromEntries(
      config.durable_objects.bindings.map(({ name, class_name: className }) => [
        name,
        { className, useSQLite: true },
      ]),
    ),
    queueProducers: Object.fromEntries(producers.map(({ binding, queue }) => [binding, queue])),
    queueConsumers: Object.fromEntries(
      consumers.map((each) => [
        each.queue,
        {
          maxBatchSize: each.max_batch_size,
          maxBatchTimeout: 0,
          maxRetries: each.max_retries,
          deadLetterQueue: each.dead_letter_queue,
        },
      ]),
    ),
    ...options,
  });
}

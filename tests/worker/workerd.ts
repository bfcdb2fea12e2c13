// Bundles a Worker the way Cloudflare's tools do (condition `workerd`, .wasm files as compiled modules) and runs it in
// the real workerd on a free port of this machine.
import { spawn } from "node:child_process";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Readable } from "node:stream";
import { build, type Plugin } from "esbuild";

/** The path of the program; the package is CommonJS and has no types. */
const { default: workerd } = createRequire(import.meta.url)("workerd") as { default: string };

export interface Running {
  readonly url: string;
  stop(): Promise<void>;
}

/** Leaves `import module from "./x.wasm"` in the bundle and notes the file. */
function wasmModules(found: Map<string, string>): Plugin {
  return {
    name: "wasm-modules",
    setup(build) {
      build.onResolve({ filter: /\.wasm$/ }, async ({ path, ...rest }) => {
        if (rest.pluginData === "resolved") return undefined;
        const file = await build.resolve(path, { ...rest, pluginData: "resolved" });
        if (file.errors.length > 0) return { errors: file.errors };
        const name = `${found.size}-${basename(file.path)}`;
        found.set(name, file.path);
        return { path: `./${name}`, external: true };
      });
    },
  };
}

async function bundle(entry: string, folder: string): Promise<Map<string, string>> {
  const wasm = new Map<string, string>();
  await build({
    entryPoints: [entry],
    outfile: join(folder, "worker.js"),
    bundle: true,
    format: "esm",
    target: "es2024",
    platform: "neutral",
    conditions: ["workerd", "worker", "browser"],
    mainFields: ["browser", "module", "main"],
    plugins: [wasmModules(wasm)],
    logLevel: "warning",
  });
  return wasm;
}

/** Starts the Worker in `entry`; rejects with what workerd printed if it does not come up. */
export async function serve(entry: string, compatibilityDate: string): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), "logweir-worker-"));
  const wasm = await bundle(entry, folder);
  const text = (value: string) => JSON.stringify(value); // a capnp text literal takes the same escapes
  const modules = [
    `(name = "worker.js", esModule = embed "worker.js")`,
    ...[...wasm.keys()].map((name) => `(name = ${text(name)}, wasm = embed ${text(name)})`),
  ];
  const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  compatibilityDate = ${text(compatibilityDate)},
  modules = [${modules.join(", ")}],
);
`;
  await writeFile(join(folder, "config.capnp"), config);
  for (const [name, file] of wasm) await copyFile(file, join(folder, name));

  const child = spawn(workerd, ["serve", "--control-fd=3", join(folder, "config.capnp")], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (part: Buffer) => (printed += part));
  const exited = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stop = async () => {
    child.kill("SIGKILL");
    await exited;
    await rm(folder, { recursive: true, force: true });
  };

  const port = await new Promise<number | undefined>((resolve) => {
    let control = "";
    (child.stdio[3] as Readable).on("data", (part: Buffer) => {
      control += part;
      const listening = /"event":"listen".*?"port":(\d+)/.exec(control);
      if (listening) resolve(Number(listening[1]));
    });
    child.once("error", () => resolve(undefined));
    exited.then(() => resolve(undefined));
  });
  if (port === undefined) {
    await stop();
    throw new Error(`workerd did not start.\n${printed}`);
  }
  return { url: `http://127.0.0.1:${port}/`, stop };
}

// Bundles for Node, run in Node; those for browsers wait for browsers.mjs. Next does both, on a server of its own.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { folder, print, printing, project, same, tool } from "./project.mjs";

const entry = `import * as logweir from "logweir";\n${printing}`;
/** A page's entry: its own answer and a Web Worker's go into the document. */
export const pageEntry = (address) => `import * as logweir from "logweir";
import { trip } from "./trip.mjs";
const worker = new Worker(${address}, { type: "module" });
worker.onmessage = ({ data }) => { document.body.dataset.worker = data; };
worker.onerror = (event) => { document.body.dataset.worker = "failed: " + event.message; };
try {
  document.body.dataset.page = trip(logweir);
} catch (error) {
  document.body.dataset.page = "failed: " + error;
}
`;
export const workerEntry = `import * as logweir from "logweir";
import { trip } from "./trip.mjs";
postMessage(trip(logweir));
`;
const html = (src) =>
  `<!doctype html><meta charset="utf-8"><title>Logweir</title><body><script type="module" src="${src}"></script>\n`;
const url = `new URL("./worker.js", import.meta.url)`;

const esbuild = (cwd, ...flags) =>
  print(process.execPath, [tool("esbuild", "bin", "esbuild"), "--bundle", "--log-level=warning", ...flags], {
    cwd,
  });

const forNode = [
  ...["esm", "cjs"].map((format) => ({
    name: `esbuild for Node, ${format}`,
    async run() {
      const cwd = project(`esbuild-${format}`, { "entry.mjs": entry });
      const out = format === "esm" ? "out.mjs" : "out.cjs";
      await esbuild(cwd, "entry.mjs", "--platform=node", `--format=${format}`, `--outfile=${out}`);
      await same(await print(process.execPath, [out], { cwd }));
    },
  })),
  {
    name: "rollup for Node",
    async run() {
      const cwd = project("rollup-node", { "entry.mjs": entry });
      const flags = [
        "entry.mjs",
        "--plugin",
        "node-resolve",
        "--file",
        "out.mjs",
        "--format",
        "es",
        "--silent",
      ];
      await print(process.execPath, [tool("rollup", "dist", "bin", "rollup"), ...flags], { cwd });
      await same(await print(process.execPath, ["out.mjs"], { cwd }));
    },
  },
  {
    name: "webpack for Node",
    async run() {
      const cwd = project("webpack-node", { "entry.mjs": entry });
      await webpack(cwd, { target: "node", output: { filename: "out.cjs" } });
      await same(await print(process.execPath, ["dist/out.cjs"], { cwd }));
    },
  },
];

/** Webpack by its own API, in a process of its own. */
async function webpack(cwd, config) {
  const script = `import webpack from "webpack";
const config = ${JSON.stringify({ mode: "production", entry: "./entry.mjs", context: cwd, performance: false, ...config })};
config.output.path = ${JSON.stringify(join(cwd, "dist"))};
webpack(config, (error, stats) => {
  if (error || stats.hasErrors() || stats.hasWarnings()) {
    console.error(String(error ?? stats.toString()));
    process.exitCode = 1;
  }
});
`;
  await print(process.execPath, ["--input-type=module", "--eval", script], { cwd });
}

/** Pages by bundler: each makes a folder to serve and gives its name. */
export const pages = {
  async vite() {
    const cwd = project("vite", {
      "index.html": html("/main.js"),
      "main.js": pageEntry(url),
      "worker.js": workerEntry,
      "vite.config.mjs": `export default { base: "./", worker: { format: "es" }, build: { assetsInlineLimit: 0, modulePreload: { polyfill: false } } };\n`,
    });
    await print(process.execPath, [tool("vite", "bin", "vite.js"), "build", "--logLevel=error"], { cwd });
    return "vite/dist";
  },
  async webpack() {
    const cwd = project("webpack", {
      "entry.mjs": pageEntry(`new URL("./worker.mjs", import.meta.url)`),
      "worker.mjs": workerEntry,
    });
    await webpack(cwd, {
      target: "web",
      output: { filename: "out.js", publicPath: "auto" },
    });
    return page("webpack", "dist/out.js");
  },
  async esbuild() {
    const cwd = project("esbuild", { "main.js": pageEntry(`"out/worker.js"`), "worker.js": workerEntry });
    await esbuild(cwd, "main.js", "worker.js", "--format=esm", "--splitting", "--outdir=out");
    return page("esbuild", "out/main.js");
  },
  async rollup() {
    const cwd = project("rollup", { "main.js": pageEntry(`"out/worker.js"`), "worker.js": workerEntry });
    const flags = [
      "main.js",
      "worker.js",
      "--plugin",
      "node-resolve",
      "--dir",
      "out",
      "--format",
      "es",
      "--silent",
    ];
    await print(process.execPath, [tool("rollup", "dist", "bin", "rollup"), ...flags], { cwd });
    return page("rollup", "out/main.js");
  },
};

function page(name, script) {
  writeFileSync(join(folder, name, "index.html"), html(script));
  return name;
}

const next = {
  name: "Next (server, route handler, static page)",
  long: true,
  async run() {
    const cwd = project("next");
    const program = [tool("next", "dist", "bin", "next")];
    const env = { NEXT_TELEMETRY_DISABLED: "1", CI: "1" };
    await print(tool("node24", "bin", "node"), [...program, "build"], { cwd, env, timeout: 300_000 });
    const child = spawn(tool("node24", "bin", "node"), [...program, "start", "--port", "0"], {
      cwd,
      env: { ...process.env, ...env, NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const origin = await new Promise((resolve, reject) => {
        let told = "";
        child.stdout.on("data", (part) => {
          told += part;
          const found = /http:\/\/localhost:\d+/.exec(told);
          if (found) resolve(found[0]);
        });
        child.once("close", () => reject(new Error(`next start ended:\n${told}`)));
      });
      await same(await (await fetch(`${origin}/api`)).text());
      const text = await (await fetch(`${origin}/`)).text();
      const of = (id) => /<pre id="ID">([^<]*)</.exec(text.replaceAll(`id="${id}"`, 'id="ID"'))?.[1] ?? "";
      for (const id of ["server", "client"]) await same(of(id).replaceAll("&quot;", '"'));
    } finally {
      child.kill("SIGKILL");
    }
  },
};

export const bundlers = [...forNode, next];

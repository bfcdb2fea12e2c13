// Runtimes that run the installed package as it is.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { at } from "../../pkg/tools/shell.mjs";
import { Skip } from "../common/lanes.mjs";
import { print, printing, project, same, tool } from "./project.mjs";

const esm = `import * as logweir from "logweir";\n${printing}`;
const slim = `import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as logweir from "logweir/slim";
logweir.initSync(readFileSync(fileURLToPath(import.meta.resolve("logweir/core.wasm"))));
${printing}`;
// Node 20 warns that require() of a module is new.
const cjs = `process.removeAllListeners("warning");
const logweir = require("logweir");
const { trip } = require("./trip.mjs");
console.log(trip(logweir));\n`;

/** @param flags what goes before a file, by its name */
function engine(name, program, flags) {
  return Object.entries({ "import.mjs": esm, "require.cjs": cjs, "slim.mjs": slim }).map(([file, text]) => ({
    name: `${name} ${file.split(".")[0]}`,
    async run() {
      if (!existsSync(program)) throw new Skip(`npm has no ${name} for ${process.platform}-${process.arch}`);
      const cwd = project(`${name}-${file.split(".")[0]}`, { [file]: text });
      await same(await print(program, [...flags(file), file], { cwd }));
    },
  }));
}

const none = () => [];
// No permission but that of reading, for what reads a file of its own: the module, or what it requires.
const deno = (file) => ["run", "--quiet", "--no-prompt", ...(file === "import.mjs" ? [] : ["--allow-read"])];

const worker = `import * as logweir from "logweir";
import { trip } from "./trip.mjs";
const policy = { logweir: 1, accept: {}, redact: [{ class: "email" }, { detect: ["email"] }] };
const record = '{"eventType":"x","timestamp":"2026-05-04T06:00:00Z","calledBy":{"email":"ana@example.org"}}';
export default {
  fetch({ url }) {
    if (url.endsWith("/first")) return new Response(logweir.compile(policy).process(record).batches[0].body);
    return new Response(trip(logweir));
  },
};
`;

const workerd = {
  name: "workerd",
  async run() {
    const entry = join(project("workerd", { "worker.mjs": worker }), "worker.mjs");
    const script = at("tests", "runtimes", "workerd.mjs"); // whose types a newer Node takes away
    const [answer, first] = (await print(tool("node24", "bin", "node"), [script, entry])).trim().split("\n");
    await same(answer);
    return `first event after ${first} ms`;
  },
};

export const engines = [
  ...["20", "22", "24"].flatMap((major) => engine(`node${major}`, tool(`node${major}`, "bin", "node"), none)),
  ...engine("deno", tool("@deno", "linux-x64-glibc", "deno"), deno),
  ...engine("bun", tool("@oven", "bun-linux-x64", "bin", "bun"), none),
  workerd,
];

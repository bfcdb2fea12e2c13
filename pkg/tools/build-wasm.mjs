// The one way from Rust to pkg/wasm: cargo → bindgen → wasm-opt → a trial run of the result. Twice: once for what the
// edge needs (core_bg.wasm), once with the log store (store_bg.wasm). Both have one glue, so that all that is written
// in TypeScript serves either.
//   node pkg/tools/build-wasm.mjs [--panic=unwind] [--force]
//   node pkg/tools/build-wasm.mjs --features=PART,… (none: --features=)
// What ships traps on a panic, with every toolchain alike: 4 % faster and 8 KB smaller than unwinding, and a new
// instance takes a tenth of a millisecond. --panic=unwind makes the other kind, into pkg/wasm-unwind, to test both.
// --features makes a smaller module of these parts alone (Cargo.toml lists them), for whoever loads it by `logweir/slim`.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import {
  at,
  dim,
  filesUnder,
  hashOf,
  isMain,
  kilobytes,
  mainly,
  must,
  readJson,
  root,
  Stop,
  say,
  step,
} from "./shell.mjs";
import { checkTools, chooseToolchain } from "./toolchain.mjs";

const target = "wasm32-unknown-unknown";
const binaryen = at("node_modules", "binaryen");
// Nothing lives in the lowest 1,024 bytes: there the stack ends, with which linked Rust begins. So offsets fold into loads.
const optimise = [
  "-O4",
  "--low-memory-unused",
  "--one-caller-inline-max-function-size",
  "1",
  "--strip-producers",
];
const inputs = [
  "Cargo.toml",
  "Cargo.lock",
  "src",
  "pkg/tools/bindgen",
  "pkg/tools/build-wasm.mjs",
  "pkg/tools/smoke.mjs",
];

/** Builds the wasm and its glue, unless nothing has changed since the last build. */
export async function buildWasm({ unwind = false, force = false, quiet = false } = {}) {
  checkTools();
  if (!existsSync(binaryen)) throw new Stop("The JavaScript tools are not installed yet: npm ci");
  const toolchain = await chooseToolchain();
  if (unwind && toolchain.source === undefined) {
    say(dim(`  skipped: ${toolchain.name}'s standard library cannot unwind in wasm`));
    return undefined;
  }
  const plan = planOf(toolchain, unwind);
  const fingerprint = hashOf(
    filesUnder(inputs, { skip: (name) => name.endsWith(".md") || name.endsWith("/target") }),
    [JSON.stringify(plan), toolchain.version, readJson(join(binaryen, "package.json")).version],
  );
  const name = unwind ? "wasm-unwind" : "wasm";
  const folder = at("pkg", name);
  if (!force && isBuilt(folder, fingerprint)) {
    if (!quiet) say(dim(`  wasm is up to date (pkg/${name})`));
    return readJson(join(folder, "build-info.json"));
  }

  const stage = at("target", "wasm", unwind ? "stage-unwind" : "stage");
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  const first = plan.std ? "the core and Rust's standard library" : "the core";
  const compiled = await step(
    `Compiling ${first} to wasm with ${toolchain.name}'s compiler (about ${plan.std ? 2 : 1} minutes the first time, seconds later)`,
    () => compile(toolchain, plan),
  );
  await step("Writing the JavaScript glue (half a minute the first time)", () => bindgen(compiled, stage));
  // Tests of faults are content without it.
  const modules = unwind ? ["core_bg.wasm"] : ["core_bg.wasm", "store_bg.wasm"];
  if (!unwind) {
    const store = join(stage, "store");
    const withStore = await step("Compiling the core with the log store", () =>
      compile(toolchain, plan, ["store"]),
    );
    await step("Writing its glue, which serves both", () => bindgen(withStore, store));
    takeGlue(store, stage);
  }
  await step("Optimising with wasm-opt (about 10 seconds each)", async () => {
    for (const module of modules) await wasmOpt(join(stage, module));
  });
  await step("Trying the optimised module", () =>
    must(process.execPath, [at("pkg", "tools", "smoke.mjs"), stage], {
      what: "The trial run of the built module",
      timeout: 60_000,
    }),
  );

  declareDisposable(join(stage, "core.d.ts"));
  writeInline(stage);
  const info = {
    toolchain: toolchain.name,
    ...plan,
    rustc: toolchain.version,
    ...measure(join(stage, "core_bg.wasm")),
    ...(unwind ? {} : { store: measure(join(stage, "store_bg.wasm")) }),
    inputs: fingerprint,
  };
  writeFileSync(join(stage, "build-info.json"), `${JSON.stringify(info, null, 2)}\n`);
  rmSync(folder, { recursive: true, force: true });
  cpSync(stage, folder, { recursive: true });
  report(info);
  return info;
}

/** Builds a module of some parts alone into `target/wasm/parts`; the package's own glue serves it. */
export async function buildParts(features) {
  checkTools();
  await buildWasm({ quiet: true });
  const toolchain = await chooseToolchain();
  const folder = at("target", "wasm", "parts");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const chosen = features.length > 0 ? features.join(", ") : "no optional part";
  const compiled = await step(`Compiling the core with ${chosen} (some minutes)`, () =>
    compile(toolchain, planOf(toolchain, false), features, false),
  );
  await step("Looking whether the package's glue serves it", () => bindgen(compiled, folder));
  // What `droppable` takes out of the package's glue is missed by nobody.
  const own = readFileSync(join(folder, "core.js"), "utf8").replace(/^if \(Symbol\.dispose\) .*$/gm, "");
  serves(readFileSync(at("pkg", "wasm", "core.js"), "utf8"), own);
  const wasm = join(folder, "core_bg.wasm");
  await step("Optimising with wasm-opt (about 10 seconds)", () => wasmOpt(wasm));
  const { sizes } = measure(wasm);
  for (const name of readdirSync(folder)) if (name !== "core_bg.wasm") rmSync(join(folder, name));
  say(`  ${wasm}: ${kilobytes(sizes.raw)} raw, ${kilobytes(sizes.gzip)} gzip, for logweir/slim`);
  return wasm;
}

/** Stops where glue lacks a line that a module's own has. */
function serves(glue, own) {
  const known = new Set(glue.split("\n"));
  const other = own.split("\n").filter((line) => !known.has(line));
  if (other.length > 0)
    throw new Error(`The glue of the two modules differs; the larger one's lacks:\n${other.join("\n")}`);
}

/** What is decided by the toolchain: how panics end, and whether std is compiled along. */
function planOf(toolchain, unwind) {
  const std = toolchain.source !== undefined;
  return { panic: unwind ? "unwind" : "abort", std, simd: true, wasmOpt: optimise.join(" ") };
}

function isBuilt(folder, fingerprint) {
  const info = readJson(join(folder, "build-info.json"));
  const wasm = join(folder, "core_bg.wasm");
  return info?.inputs === fingerprint && existsSync(wasm) && sha256(readFileSync(wasm)) === info.sha256;
}

async function compile(toolchain, plan, features = [], whole = true) {
  // A folder for each way: a compiler throws away what another one, or one with other flags, left in its folder.
  const folder = at("target", "wasm", `${toolchain.name}-${plan.panic}`);
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  const flags = [
    "-Ctarget-feature=+simd128",
    // Where std is compiled along, a panic traps at once: nobody would ever see the message that it leaves out.
    ...(plan.std && plan.panic === "abort"
      ? ["-Zunstable-options", "-Cpanic=immediate-abort"]
      : [`-Cpanic=${plan.panic}`]),
    // Hot loops say themselves what is to be inlined; of all else, a tenth of the module and more goes at equal speed.
    // The second number is for what std marks as `#[inline]`, which would else be copied wherever it is called.
    "-Cllvm-args=-inline-threshold=5",
    "-Cllvm-args=-inlinehint-threshold=100",
    "-Cllvm-args=-unroll-threshold=30",
    // The compiler's own inlining, before LLVM's, is of what is smaller still than by default (50): at equal speed, 3 KB.
    ...(plan.std ? ["-Zinline-mir-threshold=25"] : []),
    // No path of the building machine in the shipped file.
    `--remap-path-prefix=${cargoHome}=/cargo`,
    `--remap-path-prefix=${root}=/logweir`,
    ...(plan.std ? [`--remap-path-prefix=${toolchain.source}=/rust`] : []),
  ];
  const args = ["build", "--release", "--package", "logweir-wasm", "--target", target];
  if (!whole) args.push("--no-default-features");
  if (features.length > 0) args.push("--features", features.join(","));
  if (plan.std) {
    const ofStd = plan.panic === "unwind" ? ["panic-unwind"] : [];
    ofStd.push("optimize_for_size"); // a tenth off the whole module: smaller sorting and formatting in std
    args.push(
      "-Z",
      `build-std=std${plan.panic === "unwind" ? ",panic_unwind" : ""}`,
      "-Z",
      `build-std-features=${ofStd.join(",")}`,
    );
  }
  await must(toolchain.cargo, args, {
    what: "Compiling to wasm",
    env: {
      ...toolchain.env,
      ...(plan.std ? { RUSTC_BOOTSTRAP: "1" } : {}), // -Z build-std on a stable compiler
      CARGO_TARGET_DIR: folder,
      CARGO_ENCODED_RUSTFLAGS: undefined, // would win over the line below
      CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: flags.join(" "),
    },
  });
  return join(folder, target, "release", "logweir_wasm.wasm");
}

async function bindgen(wasm, out) {
  const folder = at("target", "tools");
  // Compiled for a quick build, not for speed: it runs for a tenth of a second.
  const quick = ["--config", 'profile.dev.package."*".opt-level=0', "--config", "profile.dev.debug=0"];
  await must("cargo", ["run", "--quiet", "--package", "bindgen", ...quick, "--", wasm, out], {
    what: "bindgen",
    env: { CARGO_TARGET_DIR: folder },
  });
}

/**
 * Puts the module with the store beside the other one, and its glue in the place of that one's. It has all that the other
 * has, and serves both as long as that is the same, line by line: imports are known by names that are made of what they
 * are, but for some that are numbered.
 */
function takeGlue(store, stage) {
  const read = (folder) => readFileSync(join(folder, "core.js"), "utf8");
  serves(read(store), read(stage));
  const glue = droppable(read(store), read(stage));
  for (const name of ["core.d.ts", "core_bg.wasm.d.ts"]) cpSync(join(store, name), join(stage, name));
  writeFileSync(join(stage, "core.js"), glue);
  cpSync(join(store, "core_bg.wasm"), join(stage, "store_bg.wasm"));
  rmSync(store, { recursive: true });
}

/**
 * The glue, made so that bundlers leave out the classes that only the store has where nobody uses them: nothing happens
 * while they are declared. The package frees them itself.
 */
export function droppable(glue, other) {
  const own = [...glue.matchAll(/^export class (\w+)/gm)].map(([, name]) => name);
  return own
    .filter((name) => !other.includes(`export class ${name} `))
    .reduce(
      (text, name) =>
        text
          .replace(new RegExp(`^if \\(Symbol\\.dispose\\) ${name}\\.prototype.*\\n`, "m"), "")
          .replace(
            new RegExp(`(^const ${name}Finalization = [^;]*?: )new FinalizationRegistry`, "m"),
            "$1/* @__PURE__ */ new FinalizationRegistry",
          ),
      glue,
    );
}

/** npm's binaryen by its own path, never one from PATH: old distributions carry a wasm-opt that breaks the module. */
async function wasmOpt(wasm) {
  const optimised = `${wasm}.opt`;
  await must(process.execPath, [join(binaryen, "bin", "wasm-opt"), ...optimise, wasm, "-o", optimised], {
    what: "wasm-opt",
  });
  cpSync(optimised, wasm);
  rmSync(optimised);
}

/** The glue's types name Symbol.dispose; whoever compiles against them need not have heard of it. */
function declareDisposable(types) {
  writeFileSync(types, `/// <reference lib="esnext.disposable" />\n${readFileSync(types, "utf8")}`);
}

/** The module as text inside a JavaScript module, for runtimes where a file beside the code cannot be counted on. */
function writeInline(stage) {
  const head = "// Generated from core_bg.wasm by: npm run build:wasm. Changes made here are lost.\n";
  const base64 = readFileSync(join(stage, "core_bg.wasm")).toString("base64");
  writeFileSync(
    join(stage, "inline.js"),
    `${head}const base64 = "${base64}";

/** The bytes of core_bg.wasm. */
export function bytes() {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  if (typeof Buffer === "function") return Buffer.from(base64, "base64");
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
`,
  );
  writeFileSync(
    join(stage, "inline.d.ts"),
    `${head}/** The bytes of core_bg.wasm. */\nexport function bytes(): Uint8Array<ArrayBuffer>;\n`,
  );
}

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

function measure(wasm) {
  const bytes = readFileSync(wasm);
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  return {
    sizes: { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotli.length },
    sha256: sha256(bytes),
  };
}

function report({ sizes, store, panic, std, toolchain }) {
  const ceilings = readJson(at("tests", "packaging", "sizes.json"));
  for (const [name, { raw, gzip, brotli }] of Object.entries({
    core: sizes,
    ...(store && { store: store.sizes }),
  })) {
    say(
      `  ${name}.wasm: ${kilobytes(raw)} raw, ${kilobytes(gzip)} gzip, ${kilobytes(brotli)} brotli (${toolchain}, panic=${panic})`,
    );
    // The ceiling is for what ships.
    const ceiling = panic === "abort" && ceilings?.[`${name}.wasm gzip${std ? "" : ", prebuilt std"}`];
    if (ceiling && gzip > ceiling.max) {
      say(
        `  TOO BIG: at most ${kilobytes(ceiling.max)} gzip are allowed (tests/packaging/sizes.json); the packaging tests will fail.`,
      );
    }
  }
}

if (isMain(import.meta.url)) {
  const args = process.argv.slice(2);
  const parts = args.find((word) => word.startsWith("--features="));
  await mainly(() =>
    parts === undefined
      ? buildWasm({ unwind: args.includes("--panic=unwind"), force: args.includes("--force") })
      : buildParts(parts.slice("--features=".length).split(",").filter(Boolean)),
  );
}

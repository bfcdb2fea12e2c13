// The tarball: what is in it, and whether a stranger's project can use it.
import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { node24 } from "../../pkg/tools/node24.mjs";
import { linked } from "../../pkg/tools/notices.mjs";
import { type Packed, packAndInstall, root } from "./packed.js";

let packed: Packed;
beforeAll(() => {
  packed = packAndInstall();
});
afterAll(() => packed?.remove());

const manifest = JSON.parse(readFileSync(join(root, "pkg", "package.json"), "utf8"));

/** Runs a module of the project's and gives what it printed. */
function runModule(name: string, source: string, node = process.execPath): string {
  writeFileSync(join(packed.project, name), source);
  return execFileSync(node, [name], { cwd: packed.project, encoding: "utf8" });
}

const trip = `
const weir = compile({ logweir: 1, redact: [{ path: "email", with: "remove" }] });
const { batches, report } = weir.process('{"id":1,"email":"ada@example.com"}\\n');
console.log(new TextDecoder().decode(batches[0].body).trim(), report.records, report.kept);
`;
const expected = `{"id":1} 1 1\n`;

describe("the tarball", () => {
  test("holds what the package needs and nothing else", () => {
    const kinds = [
      /^package\.json$/,
      /^(README|PROBLEMS|POLICY|QUERY|TEMPLATE|DETECTORS|CHANGELOG|THIRD-PARTY)\.md$/,
      /^LICENSE-(MIT|APACHE|UNICODE)$/,
      /^docs\/[\w-]+\.md$/,
      /^bin\/logweir\.js$/,
    ];
    const built = [
      /^dist\/.*\.(js|d\.ts)$/,
      /^wasm\/[\w-]+\.(js|d\.ts|wasm|wasm\.d\.ts|json)$/,
      /^generated\/.*\.(js|d\.ts|schema\.json)$/,
      /^generated\/(catalog|presets\/[\w-]+)\.json$/,
    ];
    expect(packed.files.filter((file) => ![...kinds, ...built].some((kind) => kind.test(file)))).toEqual([]);
    for (const paper of [
      "README.md",
      "PROBLEMS.md",
      "POLICY.md",
      "docs/start.md",
      "QUERY.md",
      "TEMPLATE.md",
      "DETECTORS.md",
      "CHANGELOG.md",
      "THIRD-PARTY.md",
      "LICENSE-MIT",
      "LICENSE-APACHE",
      "LICENSE-UNICODE",
    ])
      expect(packed.files).toContain(paper);
  });

  test("tells whose work is in it, of each crate that is linked the licence and its text", () => {
    const folder = join(packed.project, "node_modules", "logweir");
    const notices = readFileSync(join(folder, "THIRD-PARTY.md"), "utf8");
    const crates = linked();
    expect(crates.map(({ name }) => name)).toEqual(expect.arrayContaining(["serde", "wasm-bindgen"]));
    for (const { name, version, license } of crates) {
      expect(notices).toContain(`- ${name} ${version}: ${license}\n`);
      expect(notices).toMatch(new RegExp(`^## .*\\b${name}\\b`, "m"));
    }
    expect(notices).toContain("Unicode Character Database");
    expect(readFileSync(join(folder, "LICENSE-UNICODE"), "utf8")).toContain("UNICODE LICENSE V3");
  });

  test("holds every file that the manifest names", () => {
    const named = JSON.stringify([manifest.exports, manifest.types, manifest.bin, manifest.sideEffects]);
    const paths = [...named.matchAll(/"(?:\.\/)?((?:dist|wasm|generated|bin)\/[^"*]+)"/g)].map(
      (match) => match[1],
    );
    expect(paths.length).toBeGreaterThan(5);
    for (const path of paths) expect(packed.files).toContain(path);
  });

  test("has nothing that publint objects to", async () => {
    const { messages } = await publint({
      pkgDir: join(packed.project, "node_modules", "logweir"),
      pack: false,
      strict: true,
    });
    expect(messages.map((message) => formatMessage(message, manifest, { color: false }))).toEqual([]);
  });
});

test("types resolve by every entry, in every way of resolving that knows modules", () => {
  const attw = join(root, "node_modules", "@arethetypeswrong", "cli", "dist", "index.js");
  const flags = [
    "--profile",
    "esm-only",
    "--exclude-entrypoints",
    "./core.wasm",
    "./store.wasm",
    "--format",
    "json",
  ];
  // Into a file: it ends before a pipe has taken all that it prints.
  const printed = join(packed.project, "attw.json");
  const file = openSync(printed, "w");
  const { status } = spawnSync(process.execPath, [attw, packed.tarball, ...flags], {
    stdio: ["ignore", file, "inherit"],
  });
  closeSync(file);
  const stdout = readFileSync(printed, "utf8");
  const { analysis } = JSON.parse(stdout);
  expect(Object.keys(analysis.entrypoints)).toEqual(
    expect.arrayContaining([".", "./slim", "./send", "./check"]),
  );
  expect({ status, stdout }).toMatchObject({ status: 0 });
});

describe("a project that has the package installed", () => {
  test("imports it", () => {
    expect(runModule("import.mjs", `import { compile } from "logweir";${trip}`)).toBe(expected);
  });

  test("requires it", () => {
    const warnings = `process.removeAllListeners("warning");`; // Node 20 calls require(esm) experimental
    expect(runModule("require.cjs", `${warnings}const { compile } = require("logweir");${trip}`)).toBe(
      expected,
    );
  });

  test("loads the module itself with logweir/slim", () => {
    const source = `
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compile, initSync } from "logweir/slim";
initSync(readFileSync(fileURLToPath(import.meta.resolve("logweir/core.wasm"))));${trip}`;
    expect(runModule("slim.mjs", source)).toBe(expected);
  });

  test("imports it in Node 24", async () => {
    expect(runModule("import24.mjs", `import { compile } from "logweir";${trip}`, await node24())).toBe(
      expected,
    );
  });

  test("has the command", () => {
    const command = join(packed.project, "node_modules", ".bin", "logweir");
    expect(execFileSync(command, ["--version"], { encoding: "utf8" }).trim()).toBe(manifest.version);
  });

  const withDom = { lib: ["es2023", "dom"], types: [] };
  const withNode = { lib: ["es2023"], types: ["node"], typeRoots: [join(root, "node_modules", "@types")] };
  test.each([
    ["nodenext", "the DOM's types", withDom],
    ["bundler", "the DOM's types", withDom],
    ["nodenext", "Node's types alone", withNode],
  ])("type-checks against it (%s, %s)", (resolution, _, known) => {
    writeFileSync(
      join(packed.project, "typed.ts"),
      `import { compile, type Policy, type Report } from "logweir";
const policy: Policy = { logweir: 1, redact: [{ path: ["user.email"], with: { replace: null } }] };
const report: Report = compile(policy).process(new Uint8Array()).report;
export const total: number = report.kept + report.filtered + report.quarantined;
export * from "logweir/slim";
export { createSender } from "logweir/send";
export { forwarder } from "logweir/worker";
// @ts-expect-error: no such member
export const wrong: Policy = { logweir: 1, redcat: [] };
`,
    );
    const module = resolution === "bundler" ? "esnext" : "nodenext";
    const compilerOptions = {
      strict: true,
      noEmit: true,
      target: "es2022",
      skipLibCheck: false,
      ...known,
    };
    writeFileSync(
      join(packed.project, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: { ...compilerOptions, module, moduleResolution: resolution },
        files: ["typed.ts"],
      }),
    );
    const args = [join(root, "node_modules", "typescript", "bin", "tsc")];
    const { stdout, status } = spawnSync(process.execPath, args, { cwd: packed.project, encoding: "utf8" });
    expect({ stdout, status }).toEqual({ stdout: "", status: 0 });
  });
});

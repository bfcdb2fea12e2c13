// pkg/THIRD-PARTY.md: whose work is in the wasm, and under which licence: node pkg/tools/notices.mjs
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ask, at, hashOf, isMain, mainly, readJson, Stop, say } from "./shell.mjs";

const path = at("pkg", "THIRD-PARTY.md");
const stamp = at("target", "notices-inputs.json");

/**
 * The crates that the wasm is linked from, besides our own: what is reached from the border without build scripts and
 * macros, which only the compiler runs.
 * @returns {{ name: string, version: string, license: string, folder: string }[]}
 */
export function linked() {
  const target = ["--filter-platform", "wasm32-unknown-unknown"];
  const told = ask("cargo", ["metadata", "--format-version", "1", "--locked", ...target]);
  if (!told) throw new Stop("cargo metadata failed: it tells which crates the wasm is made of.");
  const { packages, resolve } = JSON.parse(told);
  const byId = new Map(packages.map((each) => [each.id, each]));
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const isMacro = ({ targets }) => targets.some(({ kind }) => kind.includes("proc-macro"));
  const open = packages.filter(({ name }) => name === "logweir-wasm").map(({ id }) => id);
  const found = new Set(open);
  for (const id of open) {
    for (const { pkg, dep_kinds } of nodes.get(id).deps) {
      if (found.has(pkg) || isMacro(byId.get(pkg)) || dep_kinds.every(({ kind }) => kind !== null)) continue;
      found.add(pkg);
      open.push(pkg);
    }
  }
  return [...found]
    .map((id) => byId.get(id))
    .filter(({ source }) => source !== null) // ours have none
    .map(({ name, version, license, manifest_path }) => ({
      name,
      version,
      license,
      folder: dirname(manifest_path),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The licence that we take a crate under, MIT where it is offered, and what else it asks to be told. */
function textsOf({ name, folder }) {
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  const wanted = files.filter((file) => /mit|unicode|notice/i.test(file));
  const texts = (wanted.length > 0 ? wanted : files).map((file) => readFileSync(join(folder, file), "utf8"));
  if (texts.length === 0) throw new Stop(`${name} comes without the text of its licence.`);
  return texts.map((text) => text.replaceAll("\r", "").trim());
}

const STD = `The standard library of Rust (\`core\`, \`alloc\`, \`std\`, with \`compiler_builtins\`, \`dlmalloc\` and \`hashbrown\`):
Copyright (c) The Rust Project Contributors, MIT OR Apache-2.0, here under the MIT licence as it stands below.`;

const UNICODE = `Tables of character properties are derived from the Unicode Character Database, under the Unicode License v3, which is
\`LICENSE-UNICODE\` of this package.`;

function written(crates) {
  const byText = new Map();
  for (const crate of crates)
    for (const text of textsOf(crate)) byText.set(text, [...(byText.get(text) ?? []), crate]);
  const list = crates.map(({ name, version, license }) => `- ${name} ${version}: ${license}`).join("\n");
  const texts = [...byText].map(
    ([text, of]) => `## ${of.map(({ name }) => name).join(", ")}\n\n\`\`\`text\n${text}\n\`\`\`\n`,
  );
  return `# Work of others in this package

The JavaScript depends on no package. The wasm, and what \`wasm-bindgen\` writes to call it, are made from these crates:

${list}

${STD}

${UNICODE}

${texts.join("\n")}`;
}

/** Writes it, unless nothing that it tells of has changed. */
export function writeNotices({ force = false } = {}) {
  const inputs = hashOf(["Cargo.lock", "Cargo.toml", "src/wasm/Cargo.toml", "pkg/tools/notices.mjs"]);
  if (!force && existsSync(path) && readJson(stamp)?.inputs === inputs) return;
  const crates = linked();
  writeFileSync(path, written(crates));
  mkdirSync(at("target"), { recursive: true });
  writeFileSync(stamp, JSON.stringify({ inputs }));
  say(`  licences of ${crates.length} crates (pkg/THIRD-PARTY.md)`);
}

if (isMain(import.meta.url)) await mainly(() => writeNotices({ force: true }));

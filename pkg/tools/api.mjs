// What the package declares to TypeScript, by entry and name, without comments: node pkg/tools/api.mjs [--write]
// The state that was agreed on lies in tests/packaging/api.json; who changes it on purpose writes it anew.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { at, isMain, mainly, readJson, say } from "./shell.mjs";

const path = at("tests", "packaging", "api.json");

/** @returns {Promise<Record<string, Record<string, string>>>} declarations by entry and name; long ones by their checksum */
export async function declared() {
  const { default: ts } = await import("typescript");
  const { exports } = readJson(at("pkg", "package.json"));
  const entries = Object.entries(exports)
    .map(([name, target]) => [name, target.types])
    .filter(([, types]) => types);
  const files = entries.map(([, types]) => at("pkg", types));
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
  });
  const checker = program.getTypeChecker();
  const printer = ts.createPrinter({ removeComments: true });
  const api = {};
  for (const [index, [entry]] of entries.entries()) {
    const source = program.getSourceFile(files[index]);
    api[entry] = {};
    for (const symbol of checker.getExportsOfModule(checker.getSymbolAtLocation(source))) {
      const real = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      const texts = (real.declarations ?? []).map((declaration) => {
        const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
        return printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile()).replace(/\s+/g, " ");
      });
      const text = texts.join(" ");
      api[entry][symbol.name] =
        text.length > 1500 ? `sha256 ${createHash("sha256").update(text).digest("hex").slice(0, 16)}` : text;
    }
    api[entry] = Object.fromEntries(Object.entries(api[entry]).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
  return api;
}

/** The state that was agreed on. */
export const agreed = () => readJson(path) ?? {};

/**
 * What a change from one state to another asks of the version, by semantic versioning.
 * @returns {{ level: "major" | "minor" | "none", changes: string[] }}
 */
export function change(before, after) {
  const names = (api) =>
    Object.entries(api).flatMap(([entry, all]) => Object.keys(all).map((name) => [entry, name]));
  const changes = [];
  let level = "none";
  for (const [entry, name] of names(before)) {
    if (after[entry]?.[name] === before[entry][name]) continue;
    level = "major";
    changes.push(`${after[entry]?.[name] === undefined ? "removed" : "changed"} ${entry} ${name}`);
  }
  for (const [entry, name] of names(after)) {
    if (before[entry]?.[name] !== undefined) continue;
    if (level === "none") level = "minor";
    changes.push(`added ${entry} ${name}`);
  }
  return { level, changes };
}

if (isMain(import.meta.url)) {
  await mainly(async () => {
    const api = await declared();
    const { changes } = change(agreed(), api);
    for (const line of changes) say(line);
    if (process.argv.includes("--write")) writeFileSync(path, `${JSON.stringify(api, null, 2)}\n`);
    else if (changes.length > 0) process.exitCode = 1;
  });
}

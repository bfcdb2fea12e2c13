// TypeScript of documents: types, and what comments promise.
//   expression; //=> value          the expression has that value; behind console.log(a, b) one value for each
//   expression; //=> throws ERROR   it throws: the class, and the code if it has one
// A promise may go on over lines that begin with //=>.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { buildSync } from "esbuild";
import ts from "typescript";
import { at } from "../tools.js";

const PROMISE = /^(\s*)(.*?);?\s*\/\/=> (.*(?:\n\s*\/\/=> .*)*)$/gm;
const helper = at("tests", "pkg", "documents", "expected.mjs");

/** The module with its promises as calls. */
export function promising(module: string): string {
  const calls = module.replace(PROMISE, (_, indent: string, code: string, promised: string) => {
    const expected = promised.replace(/\n\s*\/\/=> ?/g, " ").trim();
    const printed = /^console\.log\((.*)\)$/.exec(code)?.[1] ?? code;
    const thrown = /^throws (.*)$/.exec(expected)?.[1];
    if (thrown) return `${indent}__.throws(() => (${printed}), ${JSON.stringify(thrown)});`;
    const values = expected.replace(/…/g, "[__.more]: true");
    const bound = /^(?:const|let) (\w+)\b.*? = /.exec(printed)?.[1];
    return bound
      ? `${indent}${printed}; __.same([${bound}], [${values}]);`
      : `${indent}__.same([${printed}], [${values}]);`;
  });
  const from = JSON.stringify(helper);
  return `import ${from};\nimport * as __ from ${from};\n${calls}`;
}

/** Runs a module in a folder; what it says where it fails. */
export function runModule(folder: string, name: string, module: string): string {
  const entry = join(folder, `${name}.run.ts`);
  const out = join(folder, `${name}.run.mjs`);
  writeFileSync(entry, promising(module));
  buildSync({
    entryPoints: [entry],
    outfile: out,
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node20",
    logLevel: "silent",
  });
  const { status, stderr, error } = spawnSync(process.execPath, [basename(out)], {
    cwd: folder,
    encoding: "utf8",
    timeout: 25_000,
  });
  return status === 0 ? "" : `${error?.message ?? ""}${stderr}`;
}

/** What the compiler says of modules, a line each: file, line, message. */
export function typeFaults(files: readonly string[]): string[] {
  const { config } = ts.readConfigFile(at("tests", "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, at("tests"));
  // What an example names and does not use, a reader will.
  const own = { noUnusedLocals: false, noUnusedParameters: false, noEmit: true };
  const program = ts.createProgram(files, { ...options, ...own });
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file ? ts.getLineAndCharacterOfPosition(file, start).line + 1 : 0;
    return `${file?.fileName ?? ""}:${line} ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
}

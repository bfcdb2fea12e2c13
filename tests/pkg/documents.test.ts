// Every example of every document does what it says.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { compile, Query } from "logweir";
import { check } from "logweir/check";
import { describe, expect, test } from "vitest";
import { pages } from "../../www/docs/contents.mjs";
import { type Block, blocksOf, examplesOf } from "./documents/blocks.js";
import { given } from "./documents/given.js";
import { commands, runShell } from "./documents/shell.js";
import { runModule, typeFaults } from "./documents/typescript.js";
import { at } from "./tools.js";

const keys = { "*": new Uint8Array(32) };
/** The examples in the comments of the package's sources, and what they take as given. */
const comments = { path: "pkg/src", blocks: examplesOf(at("pkg", "src"), given) };
// The examples of PROBLEMS.md are mistakes, and have tests of their own.
const papers = ["README.md", "pkg/README.md", ...pages.map(({ source }) => source)].filter(
  (path) => path !== "PROBLEMS.md",
);
const documents = [
  ...papers.map((path) => ({ path, blocks: blocksOf(readFileSync(at(path), "utf8")) })),
  comments,
];
const root = at("target", "documents");
const folderOf = (path: string) => join(root, path.replaceAll("/", "-").replace(/\.md$/, ""));
const fileOf = (block: Block) => block.file ?? (block.language === "ts" ? `${nameOf(block)}.ts` : undefined);
const nameOf = ({ line, name }: Block) => (name ?? `line-${line}`).replace(/\W+/g, "-");

rmSync(root, { recursive: true, force: true });

describe.each(documents.filter(({ blocks }) => blocks.some(({ language }) => language !== "text")))(
  "$path",
  ({ path, blocks }) => {
    const folder = folderOf(path);
    const bin = commands(folder);
    for (const block of blocks.filter(({ language }) => language !== "text")) {
      test(block.name ?? `line ${block.line}: ${block.language}`, async ({ skip }) => {
        write(block, folder);
        if (block.notRun) skip(block.notRun);
        expect(Object.keys(runs)).toContain(block.language);
        await runs[block.language]?.(block, folder, bin);
      });
    }
  },
);

/** Puts what is a file where the blocks behind it find it. */
function write(block: Block, folder: string): void {
  const file = fileOf(block);
  if (!file) return;
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), block.language === "ts" ? block.whole : block.text);
}

/** By language, what is asked of a block. */
const runs: Record<string, (block: Block, folder: string, bin: string) => void | Promise<void>> = {
  ts(block, folder) {
    expect(runModule(folder, nameOf(block), block.whole)).toBe("");
  },
  sh(block, folder, bin) {
    const { shown, found } = runShell(folder, bin, block.whole);
    expect(found).toBe(shown);
  },
  json: policyOrJson,
  jsonc: policyOrJson,
  /** A query a line. */
  query({ text }) {
    for (const line of text.split("\n")) new Query(line);
  },
};

/** A policy holds: it compiles, and so do its tests. Members without braces are some of a policy. */
async function policyOrJson({ text, file }: Block): Promise<void> {
  if (file?.endsWith(".ndjson"))
    return text
      .trimEnd()
      .split("\n")
      .forEach((line) => void JSON.parse(line));
  const isPart = /^\s*(\/\/.*\n)*"/.test(text);
  if (!isPart && !/"logweir": ?\d/.test(text)) {
    JSON.parse(text);
    return;
  }
  const weir = compile(isPart ? `{ "logweir": 1, ${text} }` : text, { keys });
  if (weir.tests.length === 0) return;
  const { tests } = await check(weir, { read: () => "{\n" });
  expect(tests.filter(({ faults }) => faults.length > 0)).toEqual([]);
}

test("the compiler has nothing against them", { timeout: 120_000 }, () => {
  const modules: string[] = [];
  for (const { path, blocks } of documents) {
    for (const block of blocks) write(block, folderOf(path));
    const some = blocks.filter(({ language }) => language === "ts");
    modules.push(...some.map((block) => join(folderOf(path), fileOf(block) ?? "")));
  }
  expect(modules.length).toBeGreaterThan(20);
  expect(typeFaults(modules)).toEqual([]);
});

test("few examples are not run", () => {
  const all = documents.flatMap(({ blocks }) => blocks.filter(({ language }) => language !== "text"));
  expect(all.filter(({ notRun }) => notRun).length).toBeLessThan(all.length / 10);
});

// As they lie in the repository, and in the package.
const linking = ["README.md", "CONTRIBUTING.md", ...inPackage()];

function inPackage(): string[] {
  const guides = readdirSync(at("pkg", "docs")).map((name) => `pkg/docs/${name}`);
  return [
    ...readdirSync(at("pkg"))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `pkg/${name}`),
    ...guides,
  ];
}

test.each(linking)("the links of %s lead somewhere", (path) => {
  const text = readFileSync(at(path), "utf8")
    .replace(/^```[\s\S]*?^```$/gm, "")
    .replace(/`[^`\n]*`/g, "");
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link.replace(/#.*$/, ""));
  const broken = links.filter(
    (link) => link && !/^https:/.test(link) && !existsSync(join(dirname(at(path)), link)),
  );
  expect(broken).toEqual([]);
});

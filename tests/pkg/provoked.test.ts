// tests/corpus/problems: policies full of mistakes, each marked where it stands; all are told, and no other.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compile, PolicyError, type Problem } from "logweir";
import { expect, test } from "vitest";
import { at } from "./tools.js";

const folder = at("tests", "corpus", "problems");
const cases = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")] as const);

/** What a case says: `LINE:COLUMN CODE POINTER` for each mark, in the order of the text. */
export function marked(text: string): string[] {
  const marks: [line: number, column: number, what: string][] = [];
  let above = 0; // the last line that is no mark
  for (const [number, line] of text.replace("\uFEFF", "").split("\n").entries()) {
    const [, caret, column] = /^\/\/( *\^|:(\d+)) [A-Z]\d{3}/.exec(line) ?? [];
    const place = /^\/\/ (\d+):(\d+) ([A-Z]\d{3}.*)$/.exec(line);
    if (place) marks.push([Number(place[1]), Number(place[2]), place[3] ?? ""]);
    else if (caret) {
      const what = line.slice(2 + caret.length).trim();
      marks.push([above, column ? Number(column) : 2 + caret.length, what]);
    } else above = number + 1;
  }
  const inOrder = marks.sort(([a, b], [c, d]) => a - c || b - d);
  return inOrder.map(([line, column, what]) => `${line}:${column} ${what}`);
}

/** What is told of a policy: its mistakes, or where it has none, what is odd about it; with a line `// leaks` what could pass it. */
export function told(text: string): readonly Problem[] {
  const given = /^\/\/ keys: (.*)$/m.exec(text)?.[1]?.split(" ") ?? [];
  const keys = Object.fromEntries(given.map((key) => key.split("=") as [string, string]));
  try {
    const weir = compile(text, { keys });
    return text.includes("// leaks") ? weir.leaks() : weir.warnings;
  } catch (error) {
    if (error instanceof PolicyError) return error.problems;
    throw error;
  }
}

const shown = ({ line, column, code, pointer }: Problem) =>
  `${line}:${column} ${code} ${pointer.replace(/\p{Cc}/gu, "")}`.trim();

test.each(cases)("%s", (_, text) => {
  const found = told(text).map(shown);
  // A route's leaks are of many fields at one place.
  expect(found.filter((each, number) => found.indexOf(each) === number).sort()).toEqual(marked(text).sort());
});

test("there are 200, and hardly two are the same mistake at the same kind of place", () => {
  const all = cases.flatMap(([, text]) => told(text));
  const kind = ({ code, pointer, expected }: Problem) =>
    `${code} ${pointer.replace(/\/\d+/g, "/*")} ${expected}`;
  expect(cases.flatMap(([, text]) => marked(text)).length).toBeGreaterThanOrEqual(200);
  expect(new Set(all.map(kind)).size).toBeGreaterThanOrEqual(200);
});

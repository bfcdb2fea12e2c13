// Documents that somebody wrote, and how what is wrong with them is shown: at its place in their own text.
import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import type { Problem } from "../types.js";
import { plain, Refusal, reason } from "./problem.js";

/** The text of a file (`-`: of stdin). @param what it should hold, for the message: `policy` */
export async function readText(path: string, what: string): Promise<string> {
  const name = path === "-" ? "stdin" : path;
  let bytes: Uint8Array;
  try {
    bytes = path === "-" ? await buffer(process.stdin) : await readFile(path);
  } catch (error) {
    throw new Refusal(`${name}: the ${what} cannot be read: ${reason(error)}`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal(`${name}: the ${what} is not UTF-8 text`);
  }
}

/** How many mistakes there are, for the last line. */
export function count(what: string, problems: readonly Problem[]): string {
  const errors = problems.filter((problem) => problem.severity === "error").length;
  return `${errors} mistake${errors === 1 ? "" : "s"} in the ${what}; nothing was read`;
}

/** A file that problems lie in. */
export interface Written {
  readonly path: string;
  readonly text: string;
}

/** All problems, each with its line of the text and a caret under the place; the first of a code leads to the manual. */
export function show(problems: readonly Problem[], where: (problem: Problem) => Written): string {
  const split = new Map<string, readonly string[]>();
  const urls = new Set<string>();
  const showIn = (problem: Problem) => {
    const { path, text } = where(problem);
    const lines = split.get(path) ?? text.split("\n");
    split.set(path, lines);
    const shown = showOne(path, lines, problem);
    if (urls.has(problem.url)) return shown;
    urls.add(problem.url);
    return `${shown}\n      = see ${problem.url}`;
  };
  return problems.map(showIn).join("\n");
}

const WIDTH = 100;

function showOne(path: string, lines: readonly string[], problem: Problem): string {
  const { line, column, severity, code, pointer, expected, help } = problem;
  const place = pointer === "" ? "" : ` at ${brief(plain(pointer))}`;
  const out = [`${path}:${line}:${column} ${severity} ${code}${place}: expected ${expected}`];
  const source = lines[line - 1]?.replace(/\r$/, "");
  if (source !== undefined) {
    const margin = String(line).padStart(5);
    // A minified policy has one long line: show what is around the place.
    const characters = [...source]; // columns count characters, not UTF-16 units
    const from = column - 1 > WIDTH * 0.7 ? column - 1 - WIDTH / 2 : 0;
    const before = characters.slice(from, column - 1).join("");
    const after = characters.slice(column - 1, from + WIDTH).join("");
    const token = inString(characters, column)
      ? " "
      : (/^("(?:[^"\\]|\\.)*"?|[\w.+-]+)/.exec(after)?.[0] ?? " ");
    out.push(`${margin} | ${plain(before + after)}`);
    out.push(`${" ".repeat(margin.length)} | ${" ".repeat(cells(before))}${"^".repeat(cells(token))}`);
  }
  if (help) out.push(`      = ${help}`);
  return out.join("\n");
}

/** How many cells of a terminal a text takes: East Asian wide characters (UAX #11) and pictures two. */
function cells(text: string): number {
  const wide =
    /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/gu;
  return [...text].length + (text.match(wide)?.length ?? 0);
}

/** Whether a column lies inside a string: behind its opening quote. The place is one character then. */
function inString(line: readonly string[], column: number): boolean {
  const before = line.slice(0, column - 1).join("");
  return before.replace(/\\./gu, "").split('"').length % 2 === 0;
}

/** A pointer holds names of the document, which may be of any length. */
const brief = (text: string) => (text.length > 2 * WIDTH ? `${text.slice(0, 2 * WIDTH)}…` : text);

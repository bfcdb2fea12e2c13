// Reads a policy and shows what is wrong with it, at its place in the policy's own text.
import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { compile, LogweirError, PolicyError, type Problem, type Weir } from "../entry/inline.js";
import { plain, Refusal, reason } from "./problem.js";

/** Compiles the policy in a file (`-`: from stdin). Its mistakes, all of them, become a `Refusal`; warnings are handed to `warn`. */
export async function loadPolicy(path: string, warn: (text: string) => void): Promise<Weir> {
  const name = path === "-" ? "stdin" : path;
  const text = await readText(path, name);
  try {
    const weir = compile(text);
    if (weir.warnings.length > 0) warn(show(name, text, weir.warnings));
    return weir;
  } catch (error) {
    if (error instanceof PolicyError)
      throw new Refusal(count(error.problems), show(name, text, error.problems));
    if (error instanceof LogweirError) throw new Refusal(`${name}: ${error.code} ${error.message}`);
    throw error;
  }
}

async function readText(path: string, name: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = path === "-" ? await buffer(process.stdin) : await readFile(path);
  } catch (error) {
    throw new Refusal(`${name}: the policy cannot be read: ${reason(error)}`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal(`${name}: the policy is not UTF-8 text`);
  }
}

function count(problems: readonly Problem[]): string {
  const errors = problems.filter((problem) => problem.severity === "error").length;
  return errors === 1
    ? "1 mistake in the policy; nothing was read"
    : `${errors} mistakes in the policy; nothing was read`;
}

/** All problems, each with its line of the policy and a caret under the place. */
export function show(path: string, text: string, problems: readonly Problem[]): string {
  const lines = text.split("\n");
  return problems.map((problem) => showOne(path, lines, problem)).join("\n");
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
    out.push(
      `${" ".repeat(margin.length)} | ${" ".repeat([...before].length)}${"^".repeat([...token].length)}`,
    );
  }
  if (help) out.push(`      = ${help}`);
  return out.join("\n");
}

/** Whether a column lies inside a string: behind its opening quote. The place is one character then. */
function inString(line: readonly string[], column: number): boolean {
  const before = line.slice(0, column - 1).join("");
  return before.replace(/\\./gu, "").split('"').length % 2 === 0;
}

/** A pointer holds names of the policy, which may be of any length. */
const brief = (text: string) => (text.length > 2 * WIDTH ? `${text.slice(0, 2 * WIDTH)}…` : text);

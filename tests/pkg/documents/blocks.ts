// The fenced blocks of a document, with what hidden comments say about them:
//   <!-- given ⏎ … -->    goes before the block, unseen: what the reader has already
//   <!-- not run: why -->  the block cannot be run here
// A name behind the language (```jsonc policy.json) is that of the file which the block is.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A fenced block, or an example in a comment. */
export interface Block {
  /** What it is called, if not by its line. */
  readonly name?: string;
  /** What stands behind the fence. */
  readonly language: string;
  /** The file that it is, for the blocks behind it. */
  readonly file: string | undefined;
  readonly text: string;
  /** What it is run as: with what is given. */
  readonly whole: string;
  /** The line of the document on which its text begins, from 1. */
  readonly line: number;
  /** Why it is not run. */
  readonly notRun: string | undefined;
}

const BLOCK = /(?:^<!-- (given|not run:)\s([\s\S]*?)\s*-->\n+)?^```([\w-]*)(?: (\S+))?\n([\s\S]*?)^```$/gm;

export function blocksOf(document: string): Block[] {
  const blocks = [...document.matchAll(BLOCK)].map((match): Block => {
    const [all, word, said = "", language = "", file, text = ""] = match;
    const line = document.slice(0, match.index + all.lastIndexOf(text)).split("\n").length;
    const whole = word === "given" ? `${said}\n${text}` : text;
    return { language, file, text, whole, line, notRun: word === "given" ? undefined : said || undefined };
  });
  const fences = document.match(/^ *```/gm)?.length ?? 0;
  if (fences !== 2 * blocks.length) throw new Error(`${fences} fences make ${blocks.length} blocks`);
  return blocks;
}

/** What stands behind `@example` in the comments of a folder's sources, each with what is given to all of them. */
export function examplesOf(folder: string, given: string): Block[] {
  const files = (readdirSync(folder, { recursive: true }) as string[]).filter((name) => name.endsWith(".ts"));
  return files.sort().flatMap((file) => {
    const comments = readFileSync(join(folder, file), "utf8").matchAll(
      / \* @example\n([\s\S]*?)\n *(?:\* @|\*\/)/g,
    );
    return [...comments].map(([, text = ""], index) => {
      const plain = text.replace(/^ *\* ?/gm, "");
      const name = `${file}, example ${index + 1}`;
      return {
        name,
        language: "ts",
        file: undefined,
        text: plain,
        whole: `${without(given, plain)}\n${plain}\n`,
        line: 0,
        notRun: undefined,
      };
    });
  });
}

/** What is given, but for constants that the example has of its own. */
const without = (given: string, example: string) =>
  given.replace(/^const (\w+) = .*;\n/gm, (line, name) =>
    new RegExp(`\\bconst ${name}\\b`).test(example) ? "" : line,
  );

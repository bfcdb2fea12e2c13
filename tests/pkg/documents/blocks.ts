// The fenced blocks of a document, with what hidden comments say about them:
//   <!-- given ⏎ … -->    goes before the block, unseen: what the reader has already
//   <!-- then ⏎ … -->     goes behind it: what is to hold afterwards
//   <!-- continues -->     the block goes on from the one of the same language before it
//   <!-- not run: why -->  the block cannot be run here
// A name behind the language (```jsonc policy.json) is that of the file which the block is.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A fenced block, or an example in a comment. */
export interface Block {
  /** What it is called, if not by its line. */
  readonly name?: string;
  readonly language: string;
  /** The file that it is, for the blocks behind it. */
  readonly file: string | undefined;
  readonly text: string;
  /** What it is run as: with what is given, and with the blocks that it continues. */
  readonly whole: string;
  /** The line of the document on which its text begins, from 1. */
  readonly line: number;
  /** Why it is not run. */
  readonly notRun: string | undefined;
}

const COMMENT = /<!-- (given|then|continues|not run:)(?:\s([\s\S]*?))?\s*-->/y;
const FENCE = /^```([\w-]+)(?: (\S+))?\n([\s\S]*?)^```$/my;

export function blocksOf(document: string): Block[] {
  const blocks: { -readonly [K in keyof Block]: Block[K] }[] = [];
  let given = "";
  let continues = false;
  let notRun: string | undefined;
  for (let at = 0; at < document.length; ) {
    COMMENT.lastIndex = at;
    FENCE.lastIndex = at;
    const comment = COMMENT.exec(document);
    const fence = comment ? null : FENCE.exec(document);
    if (comment) {
      const [, word, text = ""] = comment;
      const last = blocks.at(-1);
      if (word === "given") given = `${text}\n`;
      else if (word === "continues") continues = true;
      else if (word === "not run:") notRun = text;
      else if (last) last.whole += `${text}\n`;
    } else if (fence) {
      const [all, language = "", file, text = ""] = fence;
      const line = document.slice(0, at).split("\n").length + 1;
      const before = continues ? blocks.findLast((block) => block.language === language)?.whole : "";
      if (before === undefined) throw new Error(`line ${line}: there is no block that it could continue`);
      blocks.push({ language, file, text, whole: before + given + text, line, notRun });
      [given, continues, notRun] = ["", false, undefined];
      at += all.length;
      continue;
    }
    at = comment ? COMMENT.lastIndex : document.indexOf("\n", at) + 1 || document.length;
  }
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
        whole: `${given}\n${plain}\n`,
        line: 0,
        notRun: undefined,
      };
    });
  });
}

// PROBLEMS.md as its test reads it: the codes, and the examples that provoke them.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import {
  compile,
  type Format,
  LogweirError,
  type Problem,
  Query,
  RecordError,
  Schema,
  type SchemaOptions,
  Template,
} from "logweir";
import { at } from "./tools.js";

/** A fenced text: what it is, the place that is told, and options such as `key=NAME:VALUE`. */
export interface Example {
  readonly kind: string;
  readonly place: string;
  readonly options: Readonly<Record<string, string>>;
  readonly text: string;
  /** The line of its fence, from 1. */
  readonly line: number;
}

export interface Paragraph {
  readonly code: string;
  readonly text: string;
  readonly examples: readonly Example[];
}

/** The paragraphs of the manual, in its order. */
export function paragraphs(manual = readFileSync(at("PROBLEMS.md"), "utf8")): Paragraph[] {
  const found: { code: string; text: string; examples: Example[] }[] = [];
  let fence: { info: string[]; lines: string[]; line: number } | undefined;
  for (const [number, line] of manual.split("\n").entries()) {
    const current = found.at(-1);
    if (fence && line === "```") {
      const [, kind = "", ...words] = fence.info;
      const options = Object.fromEntries(
        words.filter((word) => word.includes("=")).map((word) => word.split("=") as [string, string]),
      );
      const place = words.filter((word) => !word.includes("=")).join(" ");
      current?.examples.push({ kind, place, options, text: fence.lines.join("\n"), line: fence.line });
      fence = undefined;
    } else if (fence) fence.lines.push(line);
    else if (line.startsWith("```")) fence = { info: line.slice(3).split(" "), lines: [], line: number + 1 };
    else if (line.startsWith("### ")) found.push({ code: line.slice(4), text: "", examples: [] });
    else if (line.startsWith("## ")) found.push({ code: "", text: "", examples: [] });
    else if (current) current.text += `${line}\n`;
  }
  return found.filter(({ code }) => code !== "");
}

/** What is told: the code, and the place as the manual writes it. */
export type Told = readonly [code: string, place: string];

/** Runs the example of a paragraph, with those before it that it needs. */
export function provoke({ examples }: Paragraph): Told[] {
  const example = examples.at(-1);
  if (!example) return [];
  const before = (kind: string) => examples.find((other) => other.kind === kind);
  const text = unfold(example.text);
  const { options } = example;
  switch (example.kind) {
    case "policy": {
      const [name, key] = options.key?.split(":") ?? [];
      return problems(() => compile(text, name && key ? { keys: { [name]: key } } : {}).warnings);
    }
    case "leaks":
      return problems(() => compile(text).leaks());
    case "schema":
      return problems(() => new Schema(text, schemaOptions(options)).warnings);
    case "template":
    case "text": {
      const partial = before("partial");
      const partials = partial ? { [partial.place]: partial.text } : {};
      const mode = example.kind === "text" ? "text" : "json";
      return problems(() => new Template(text, { mode, partials }).warnings);
    }
    case "query":
      return problems(() => new Query(text).warnings);
    case "record":
      return record(unfold(before("with")?.text ?? `{ "logweir": 1 }`), text, options.format as Format);
    case "finding": {
      const [schema = "", ...document] = text.split("\n");
      const { findings } = new Schema(schema, schemaOptions(options)).validate(document.join("\n"));
      return findings.map(({ code, instance }) => [code, instance]);
    }
    case "call": {
      const run = spawnSync(process.execPath, ["--input-type=module", "-e", example.text], { cwd: at() });
      return [...run.stderr.toString().matchAll(/code: '(\w+)'/g)].map(([, code = ""]) => [code, ""]);
    }
    default:
      throw new Error(`PROBLEMS.md:${example.line}: no such kind of example: ${example.kind}`);
  }
}

/** `⟨9×text⟩` is text, nine times, `#` in it the number; `⟨\xE9⟩` the byte E9, here as the character U+00E9. */
function unfold(text: string): string {
  return text.replace(/⟨(?:(\d+)×(.*?)|\\x(..))⟩/gu, (_, times: string, part: string, byte: string) =>
    byte
      ? String.fromCharCode(Number.parseInt(byte, 16))
      : Array.from({ length: Number(times) }, (_, n) => part.replaceAll("#", String(n))).join(""),
  );
}

const schemaOptions = ({ formats }: Readonly<Record<string, string>>): SchemaOptions => ({
  formats: formats === "checked",
});

function problems(look: () => readonly Problem[]): Told[] {
  let found: readonly Problem[];
  try {
    found = look();
  } catch (error) {
    if (!(error instanceof LogweirError)) throw error;
    found = error.problems;
  }
  return found.map(({ code, pointer, line, column }) => [code, `${pointer} ${line}:${column}`.trim()]);
}

/** Why a record is withheld, and at which byte. */
function record(policy: string, text: string, format: Format = "auto"): Told[] {
  // A byte that is no UTF-8 stands in the text as one character.
  const input = /[\u0080-\u00FF]/.test(text) ? Buffer.from(text, "latin1") : text;
  try {
    const { quarantined } = compile(policy).process(input, { format });
    return quarantined.map(({ code, at }) => [code, `byte ${at}`]);
  } catch (error) {
    if (error instanceof RecordError) return [[error.code, `byte ${error.at}`]];
    throw error;
  }
}

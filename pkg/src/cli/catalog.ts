// logweir catalog: what event types there are, and what is known of one.
import { readFile } from "node:fs/promises";
import { type Arguments, hint } from "./args.js";
import { write } from "./output.js";
import { Refusal } from "./problem.js";

type Condition = Readonly<Record<string, unknown>>;
type Source = Readonly<Record<string, unknown>>;

/** An entry of the catalogue, as `logweir/catalog.json` has it. */
export interface Entry {
  readonly type: string;
  readonly title: string;
  readonly recognise: {
    readonly require: Readonly<Record<string, Condition>>;
    readonly anyOf?: readonly (readonly string[])[];
    readonly absent?: readonly string[];
  };
  readonly fields: Readonly<Record<string, Source | readonly Source[]>>;
  readonly personal?: readonly { readonly path: string; readonly class: string }[];
  readonly payload?: readonly string[];
  readonly json?: readonly string[];
  readonly schema: { readonly properties?: Readonly<Record<string, unknown>> };
}

/** The built-in entries. */
export async function entries(): Promise<readonly Entry[]> {
  return JSON.parse(await readFile(new URL("../../generated/catalog.json", import.meta.url), "utf8"));
}

/** Prints the catalogue, or some entries of it. Gives the exit status. */
export async function catalog({ json, paths }: Arguments): Promise<number> {
  const all = await entries();
  const known = all.map(({ type }) => type);
  const meant = new Set(
    paths.flatMap((word) => toTypes(word, known, "logweir catalog tells which there are")),
  );
  const found = paths.length === 0 ? all : all.filter(({ type }) => meant.has(type));
  const one = paths.length === 1 && !paths[0]?.endsWith("*");
  if (json) await write(process.stdout, `${JSON.stringify(one ? found[0] : found, null, 2)}\n`);
  else await write(process.stdout, paths.length === 0 ? list(all) : found.map(page).join("\n"));
  return 0;
}

/** The types that a word means: one, or with a star all of a platform. */
export function toTypes<T extends string>(word: string, known: readonly T[], help: string): T[] {
  const meant = known.filter((type) => type === word || word === `${type.split(".")[0]}.*`);
  if (meant.length > 0) return meant;
  throw new Refusal(`no event type is called "${word}"${hint(word, known)}\n${help}`);
}

function list(all: readonly Entry[]): string {
  const width = Math.max(...all.map(({ type }) => type.length));
  return all.map(({ type, title }) => `${type.padEnd(width)}  ${title}\n`).join("");
}

function page({ type, title, recognise, fields, personal = [], payload = [], json = [] }: Entry): string {
  const { require, anyOf = [], absent = [] } = recognise;
  const classes = new Map<string, string[]>();
  for (const { path, class: name } of personal) classes.set(name, [...(classes.get(name) ?? []), path]);
  return [
    `${type}: ${title}\n`,
    section("Recognised by its members (null and empty text count as absent)", [
      ...Object.entries(require).map(([name, condition]): Row => [name, conditionText(condition)]),
      ...anyOf.map((group): Row => [group.join(" or "), "at least one present"]),
      ...absent.map((name): Row => [name, "absent"]),
    ]),
    section(
      "Common fields",
      Object.entries(fields).map(
        ([name, sources]): Row => [name, [sources].flat().map(sourceText).join("; else ")],
      ),
    ),
    section(
      "Personal data",
      [...classes].map(([name, paths]): Row => [name, paths.join(", ")]),
    ),
    section(
      "Free payload: anything may be in it",
      payload.map((path): Row => [path]),
    ),
    section(
      "Strings that hold JSON",
      json.map((path): Row => [path]),
    ),
  ].join("");
}

type Row = readonly [name: string, text?: string];

function section(title: string, rows: readonly Row[]): string {
  if (rows.length === 0) return "";
  const width = Math.min(32, Math.max(...rows.map(([name]) => name.length)));
  const lines = rows.map(([name, text]) =>
    text === undefined ? `  ${name}\n` : `  ${name.padEnd(width)}  ${text}\n`,
  );
  return `\n${title}\n${lines.join("")}`;
}

const quoted = (value: unknown) => JSON.stringify(value);

/** A condition in words. */
function conditionText(condition: Condition): string {
  const list = (value: unknown) => [value].flat().map(quoted).join(", ");
  if ("const" in condition) return quoted(condition.const);
  if ("enum" in condition) return `one of ${list(condition.enum)}`;
  if ("like" in condition) return `like ${list(condition.like)}`;
  if ("type" in condition) return [condition.type].flat().join(" or ");
  return "present";
}

/** A source of a common field in words. */
function sourceText(source: Source): string {
  const { path, const: fixed, from, to, time, unit, map, else: other, when } = source;
  const words: string[] = [];
  if (fixed !== undefined) words.push(quoted(fixed));
  else if (from !== undefined) words.push(`time from ${from} to ${to}`);
  else words.push(String(path));
  if (time !== undefined && time !== "text") words.push(`(a time in ${time})`);
  if (unit !== undefined) words.push(`(in ${unit})`);
  if (map !== undefined) {
    const pairs = Object.entries(map as Record<string, unknown>).map(
      ([word, said]) => `${word} → ${said ?? "nothing"}`,
    );
    if (other !== undefined) pairs.push(`else ${other ?? "nothing"}`);
    words.push(`(${pairs.join(", ")})`);
  }
  if (when !== undefined) {
    const all = Object.entries(when as Record<string, Condition>);
    words.push(
      `where ${all.map(([name, condition]) => `${name} is ${conditionText(condition)}`).join(" and ")}`,
    );
  }
  return words.join(" ");
}

// Reads a command line. An unknown word is answered with the nearest known one.
import { type ParseArgsConfig, parseArgs } from "node:util";
import { formats } from "../border.js";
import { hint } from "../near.js";
import type { SchemaOptions } from "../schema.js";
import type { Format } from "../types.js";
import { Refusal } from "./problem.js";

export { hint };

type Options = NonNullable<ParseArgsConfig["options"]>;

const options = {
  run: {
    policy: { type: "string", short: "p" },
    format: { type: "string", short: "f" },
    report: { type: "string" },
    "dead-letter": { type: "string" },
    route: { type: "string", short: "r" },
    secret: { type: "string", multiple: true },
    now: { type: "string" },
    help: { type: "boolean", short: "h" },
  },
  explain: {
    policy: { type: "string", short: "p" },
    format: { type: "string", short: "f" },
    "show-output": { type: "boolean" },
    "show-values": { type: "boolean" },
    json: { type: "boolean" },
    now: { type: "string" },
    secret: { type: "string", multiple: true },
    help: { type: "boolean", short: "h" },
  },
  check: {
    coverage: { type: "boolean" },
    json: { type: "boolean" },
    secret: { type: "string", multiple: true },
    help: { type: "boolean", short: "h" },
  },
  redact: {
    key: { type: "string", short: "k", multiple: true },
    path: { type: "string", short: "p", multiple: true },
    class: { type: "string", short: "c", multiple: true },
    detect: { type: "string", short: "d", multiple: true },
    preset: { type: "string", multiple: true },
    with: { type: "string", short: "w" },
    secret: { type: "string", multiple: true },
    format: { type: "string", short: "f" },
    report: { type: "string" },
    "dead-letter": { type: "string" },
    help: { type: "boolean", short: "h" },
  },
  detect: {
    catalog: { type: "string", short: "c" },
    fields: { type: "boolean" },
    links: { type: "boolean" },
    format: { type: "string", short: "f" },
    help: { type: "boolean", short: "h" },
  },
  validate: {
    schema: { type: "string", short: "s" },
    catalog: { type: "string", short: "c" },
    remotes: { type: "string" },
    formats: { type: "boolean" },
    dialect: { type: "string" },
    format: { type: "string", short: "f" },
    "show-keys": { type: "boolean" },
    help: { type: "boolean", short: "h" },
  },
  grep: {
    count: { type: "boolean", short: "c" },
    "invert-match": { type: "boolean", short: "v" },
    "line-number": { type: "boolean", short: "n" },
    "with-filename": { type: "boolean", short: "H" },
    "no-filename": { type: "boolean", short: "h" },
    now: { type: "string" },
    format: { type: "string", short: "f" },
    help: { type: "boolean" },
  },
  render: {
    template: { type: "string", short: "t" },
    text: { type: "boolean" },
    partials: { type: "string" },
    now: { type: "string" },
    format: { type: "string", short: "f" },
    help: { type: "boolean", short: "h" },
  },
  catalog: {
    json: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  },
  infer: {
    type: { type: "string", short: "t" },
    at: { type: "string" },
    out: { type: "string", short: "o" },
    format: { type: "string", short: "f" },
    help: { type: "boolean", short: "h" },
  },
  replay: {
    at: { type: "string" },
    token: { type: "string" },
    from: { type: "string" },
    to: { type: "string" },
    name: { type: "string" },
    tenant: { type: "string" },
    count: { type: "string", short: "n" },
    after: { type: "string" },
    outdated: { type: "boolean" },
    "dry-run": { type: "boolean" },
    policy: { type: "string", short: "p" },
    key: { type: "string" },
    secret: { type: "string", multiple: true },
    now: { type: "string" },
    query: { type: "string", short: "q" },
    code: { type: "string" },
    route: { type: "string", short: "r", multiple: true },
    help: { type: "boolean", short: "h" },
  },
  worker: {
    policy: { type: "string", short: "p" },
    name: { type: "string" },
    help: { type: "boolean", short: "h" },
  },
  sample: {
    type: { type: "string", short: "t" },
    count: { type: "string", short: "n" },
    seed: { type: "string", short: "s" },
    wrapped: { type: "boolean", short: "w" },
    help: { type: "boolean", short: "h" },
  },
} as const satisfies Record<string, Options>;

/** The commands there are. */
export type Command = keyof typeof options;
export const commands = Object.keys(options) as Command[];

/** What each command cannot do without, and the question that its lack raises. */
const needed: Partial<Record<Command, readonly [name: string, question: string]>> = {
  run: ["policy", "which file says what to redact?"],
  explain: ["policy", "which file says what to redact?"],
  render: ["template", "which file is it?"],
};

/** Where a command line says nothing of the format. */
const usual: Format = "auto";

/** Options of `validate` that say how a schema is read. */
const ofSchemas = ["remotes", "dialect", "formats"];

/** What a command line says. */
export interface Arguments {
  readonly policy: string;
  readonly schema?: string;
  readonly template: string;
  /** The template makes text, not JSON. */
  readonly text: boolean;
  /** The folder of partials. */
  readonly partials?: string;
  /** The time of rendering. */
  readonly now?: string;
  /** The file of event types of one's own. */
  readonly catalog?: string;
  readonly remotes?: string;
  readonly dialect?: NonNullable<SchemaOptions["dialect"]>;
  readonly formats: boolean;
  readonly showKeys: boolean;
  readonly format: Format;
  readonly report?: string;
  readonly deadLetter?: string;
  readonly route?: string;
  /** What `redact` is to reach, by how. */
  readonly reach: Readonly<Record<"key" | "path" | "class" | "detect" | "use", readonly string[]>>;
  /** What becomes of it. */
  readonly with?: string;
  /** `NAME=env:VARIABLE` or `NAME=file:FILE`. */
  readonly secrets: readonly string[];
  readonly showOutput: boolean;
  readonly showValues: boolean;
  readonly type?: string;
  readonly count?: number;
  readonly seed?: number;
  readonly wrapped: boolean;
  readonly fields: boolean;
  readonly links: boolean;
  readonly coverage: boolean;
  readonly json: boolean;
  readonly at?: string;
  /** `replay`: what, with which token, and where to go on. */
  readonly token?: string;
  readonly from?: string;
  readonly to?: string;
  readonly name?: string;
  readonly tenant?: string;
  readonly after?: string;
  readonly query?: string;
  readonly code?: string;
  /** The file of the private key. */
  readonly key?: string;
  readonly routes: readonly string[];
  readonly outdated: boolean;
  readonly dryRun: boolean;
  readonly out?: string;
  /** `grep`: counts alone; what does not match; with line numbers. */
  readonly countOnly: boolean;
  readonly invert: boolean;
  readonly number: boolean;
  /** With the names of files; undefined: where there may be several. */
  readonly names: boolean | undefined;
  readonly help: boolean;
  readonly paths: readonly string[];
}

/** Finds the command that a word means. */
export function toCommand(word: string): Command {
  const command = commands.find((name) => name === word);
  if (command) return command;
  throw new Refusal(
    `no command is called "${word}"${hint(word, commands)}\nlogweir --help tells which there are`,
  );
}

/** Reads what follows the command's name. */
export function readArguments(command: Command, words: readonly string[]): Arguments {
  const known: Options = options[command];
  const { tokens, positionals } = parseArgs({
    args: [...words],
    options: known,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const values: Record<string, string | true> = {};
  const lists: Record<string, string[]> = {};
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const option = Object.hasOwn(known, token.name) ? known[token.name] : undefined;
    if (!option) {
      const names = Object.keys(known).map((name) => `--${name}`);
      const help = `logweir help ${command} tells which there are`;
      throw new Refusal(`${command} has no option ${token.rawName}${hint(token.rawName, names)}\n${help}`);
    }
    if (option.type === "boolean") {
      if (token.value !== undefined) throw new Refusal(`--${token.name} takes no value`);
      values[token.name] = true;
      continue;
    }
    const missing = token.value === undefined || (!token.inlineValue && /^-\D/.test(token.value));
    if (missing || token.value === "") throw new Refusal(`--${token.name} needs a value`);
    if (values[token.name] !== undefined && !option.multiple)
      throw new Refusal(`--${token.name} is given twice`);
    values[token.name] = token.value as string;
    lists[token.name] = [...(lists[token.name] ?? []), token.value as string];
  }
  const text = (name: string) => (typeof values[name] === "string" ? values[name] : undefined);
  const { report, route, type } = { report: text("report"), route: text("route"), type: text("type") };
  const { remotes, dialect } = { remotes: text("remotes"), dialect: text("dialect") };
  const deadLetter = text("dead-letter");
  const count = toNumber("count", text("count"), /^\d{1,15}$/);
  const seed = toNumber("seed", text("seed"), /^-?\d{1,15}$/);
  // As grep's own `-h`, but where it stands alone.
  const help = values.help === true || (values["no-filename"] === true && positionals.length === 0);
  const [name, question] = needed[command] ?? ["", ""];
  if (!help && name !== "" && text(name) === undefined)
    throw new Refusal(`--${name} is missing: ${question}\nlogweir help ${command} shows examples`);
  const stdin = positionals.length === 0 || positionals.includes("-");
  const twice = ["policy", "template", "schema", "catalog"].find((name) => text(name) === "-");
  if (!help && twice !== undefined && stdin)
    throw new Refusal(`--${twice} -: stdin holds the events then; name a file for one of the two`);
  const { schema, catalog, at, out } = {
    schema: text("schema"),
    catalog: text("catalog"),
    at: text("at"),
    out: text("out"),
  };
  if (command === "validate") checkValidate(values);
  // Each top-level value is one document of a schema or for a template, an array too; events stand in arrays as records do.
  const isValues = schema !== undefined || command === "render";
  const format = text("format") ?? (isValues ? "values" : usual);
  const { partials, now } = { partials: text("partials"), now: text("now") };
  return {
    policy: text("policy") ?? "",
    ...(schema !== undefined && { schema }),
    template: text("template") ?? "",
    text: values.text === true,
    ...(partials !== undefined && { partials }),
    ...(now !== undefined && { now }),
    ...(catalog !== undefined && { catalog }),
    format: oneOf("format", format, formats),
    ...(remotes !== undefined && { remotes }),
    ...(dialect !== undefined && { dialect: oneOf("dialect", dialect, dialects) }),
    ...(report !== undefined && { report }),
    ...(route !== undefined && { route }),
    ...(deadLetter !== undefined && { deadLetter }),
    reach: {
      use: unlisted(lists.preset),
      key: lists.key ?? [],
      path: lists.path ?? [],
      class: unlisted(lists.class),
      detect: unlisted(lists.detect),
    },
    ...(text("with") !== undefined && { with: text("with") as string }),
    secrets: lists.secret ?? [],
    showOutput: values["show-output"] === true,
    showValues: values["show-values"] === true,
    formats: values.formats === true,
    showKeys: values["show-keys"] === true,
    ...(type !== undefined && { type }),
    ...(count !== undefined && { count }),
    ...(seed !== undefined && { seed }),
    wrapped: values.wrapped === true,
    fields: values.fields === true,
    links: values.links === true,
    coverage: values.coverage === true,
    json: values.json === true,
    ...(at !== undefined && { at }),
    ...Object.fromEntries(
      ["token", "from", "to", "name", "tenant", "after", "query", "code"].flatMap((name) =>
        text(name) === undefined ? [] : [[name, text(name)]],
      ),
    ),
    ...(command === "replay" && text("key") !== undefined && { key: text("key") as string }),
    routes: lists.route ?? [],
    outdated: values.outdated === true,
    dryRun: values["dry-run"] === true,
    ...(out !== undefined && { out }),
    countOnly: command === "grep" && values.count === true,
    invert: values["invert-match"] === true,
    number: values["line-number"] === true,
    names: values["no-filename"] === true ? false : values["with-filename"] === true ? true : undefined,
    help,
    paths: positionals,
  };
}

function checkValidate(values: Readonly<Record<string, string | true>>): void {
  if (values.schema !== undefined && values.catalog !== undefined)
    throw new Refusal("--schema and --catalog: documents are held against the one or the other");
  const alone = ofSchemas.find((name) => values[name] !== undefined && values.schema === undefined);
  if (alone !== undefined) throw new Refusal(`--${alone} goes with --schema`);
}

const dialects = ["2020-12", "draft-07"] as const;

function oneOf<T extends string>(option: string, word: string, known: readonly T[]): T {
  const found = known.find((name) => name === word);
  if (found) return found;
  throw new Refusal(`--${option}: expected ${known.join(", ")}, not "${word}"${hint(word, known)}`);
}

function toNumber(name: string, word: string | undefined, form: RegExp): number | undefined {
  if (word === undefined || form.test(word)) return word === undefined ? undefined : Number(word);
  throw new Refusal(`--${name}: expected a whole number, not "${word}"`);
}

/** What is named several times, or once with commas. */
const unlisted = (lists: readonly string[] = []) => lists.flatMap((list) => list.split(","));

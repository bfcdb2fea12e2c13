// logweir infer: samples → a draft of a catalogue entry.
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Catalog, CatalogError, compile } from "../entry/inline.js";
import { valueAt } from "../event.js";
import { type Draft, draft } from "../infer/draft.js";
import { Budget, Shape } from "../infer/shape.js";
import type { Arguments } from "./args.js";
import { type Entry, entries } from "./catalog.js";
import { checkPaths, fileAt } from "./inputs.js";
import { write } from "./output.js";
import { Refusal, reason } from "./problem.js";
import { pump } from "./pump.js";

/** Drafts an entry from the records of inputs. Gives the exit status. */
export async function infer({ type = "own.event", at = "", out, format, paths }: Arguments): Promise<number> {
  if (!/^[a-z0-9_]+\.[a-z0-9_]+$/.test(type))
    throw new Refusal(
      `--type: expected a platform, a dot and a kind of event, such as acme.order, not "${type}"`,
    );
  if (at !== "" && !at.startsWith("/")) throw new Refusal("--at: expected a JSON pointer, such as /log");
  await checkPaths(paths);
  if (out !== undefined) await prepare(out);
  const all = await entries();
  const shape = new Shape(new Budget());
  const tally = { records: 0, none: 0, broken: 0 };
  // A policy without rules gives each record back as it was, on a line of its own.
  const weir = compile(`{"logweir":1}`);
  const run = weir.run({ format });
  const known = new Catalog().run({ format: "ndjson" });
  const types = new Set<string>();
  const outputs = new Set([fileAt(1)].filter((id) => id !== undefined));
  const complete = await pump(paths, outputs, run, async (_, { batches, quarantined }) => {
    tally.broken += quarantined.length;
    for (const { body } of batches) {
      for (const found of known.push(body)) if (found.type !== null) types.add(found.type);
      for (const line of new TextDecoder().decode(body).split("\n")) {
        if (line === "") continue;
        tally.records += 1;
        const event = valueAt(line, at);
        if (isObject(event)) shape.add(event);
        else tally.none += 1;
      }
    }
  });
  known.free();
  if (shape.count === 0) throw new Refusal(nothing(tally, at));
  const made = draft(shape, { type, others: all.map(othersOf), taken: taken(all) });
  const notes = [...made.notes, ...check(made)];
  if (out === undefined) {
    await write(process.stdout, `${JSON.stringify({ ...made.event, schema: made.schema }, null, 2)}\n`);
  } else await save(out, made);
  process.stderr.write(account(tally, types, notes));
  if (!complete) return 2;
  return tally.broken > 0 ? 1 : 0;
}

const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);

const othersOf = ({ type, recognise }: Entry) => ({ type, require: recognise.require });

/** The members of the built-in types' events. */
const taken = (all: readonly Entry[]) =>
  new Set(all.flatMap(({ schema }) => Object.keys(schema.properties ?? {})));

/** What the core says of a draft: it should have nothing to say. */
function check({ event, schema }: Draft): string[] {
  try {
    new Catalog({ own: JSON.stringify({ ...event, schema }) }).free();
    return [];
  } catch (error) {
    if (!(error instanceof CatalogError)) throw error;
    return error.problems.map(({ pointer, expected }) => `${pointer}: expected ${expected}`);
  }
}

async function prepare(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error) => {
    throw new Refusal(`${folder}: cannot be written: ${reason(error)}`);
  });
  const there = ["event.json", "schema.json"].find((name) => existsSync(join(folder, name)));
  if (there) throw new Refusal(`${join(folder, there)}: is there already; name another folder`);
}

async function save(folder: string, { event, schema }: Draft): Promise<void> {
  for (const [name, value] of Object.entries({ "event.json": event, "schema.json": schema })) {
    const path = join(folder, name);
    await writeFile(path, `${JSON.stringify(value, null, 2)}\n`, { flag: "wx" }).catch((error) => {
      throw new Refusal(`${path}: cannot be written: ${reason(error)}`);
    });
  }
}

interface Tally {
  readonly records: number;
  readonly none: number;
  readonly broken: number;
}

function nothing({ records }: Tally, at: string): string {
  if (records === 0) return "there was no record to learn from";
  return at === ""
    ? "no record was an object; --at says where the event is"
    : `no record had an object at ${at}`;
}

function account(
  { records, none, broken }: Tally,
  types: ReadonlySet<string>,
  notes: readonly string[],
): string {
  const count = (value: number) => value.toLocaleString("en-US");
  return [
    `a draft from ${count(records - none)} event${records - none === 1 ? "" : "s"}; to be confirmed:\n`,
    ...notes.map((note) => `  ${note}\n`),
    none > 0 ? `${count(none)} without an event were left out\n` : "",
    broken > 0 ? `${count(broken)} could not be read and were left out\n` : "",
    types.size > 0 ? `the catalogue knows some of these already: ${[...types].sort().join(", ")}\n` : "",
  ].join("");
}

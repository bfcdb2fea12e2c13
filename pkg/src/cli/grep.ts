// logweir grep: prints the records that match a query, as they were.
import { stat } from "node:fs/promises";
import { Query, QueryError, type QueryMatch } from "../entry/inline.js";
import type { Arguments } from "./args.js";
import { checkPaths, fileAt } from "./inputs.js";
import { count, show } from "./mistakes.js";
import { write } from "./output.js";
import { Refusal } from "./problem.js";
import { pump } from "./pump.js";

/** Selects records of inputs. Gives the exit status: that of grep. */
export async function grep(args: Arguments): Promise<number> {
  const [text, ...paths] = args.paths;
  if (text === undefined)
    throw new Refusal("the query is missing: what is to be found?\nlogweir help grep shows examples");
  const query = compile(text, args.now);
  await checkPaths(paths);
  const outputs = new Set([fileAt(1)].filter((id) => id !== undefined));
  const run = query.run({ format: args.format, invert: args.invert, passOver: true });
  const names = args.names ?? (await areSeveral(paths));
  const found = new Map<string, number>();
  const complete = await pump(paths, outputs, run, async (file, matches: QueryMatch[]) => {
    found.set(file, (found.get(file) ?? 0) + matches.length);
    if (args.countOnly || matches.length === 0) return;
    const name = names ? `${file}:` : "";
    await write(
      process.stdout,
      join(matches, (match) => name + (args.number ? numberOf(match) : "")),
    );
  });
  run.finish();
  if (args.countOnly) {
    const lines = [...found].map(([file, matches]) => `${names ? `${file}:` : ""}${matches}\n`);
    await write(process.stdout, lines.join("") || "0\n");
  }
  if (run.broken > 0) {
    const records = run.broken === 1 ? "1 record is" : `${run.broken.toLocaleString("en-US")} records are`;
    process.stderr.write(`logweir: ${records} no JSON; logweir validate tells where\n`);
  }
  if (!complete) return 2;
  return [...found.values()].some((matches) => matches > 0) ? 0 : 1;
}

/** Whether paths may mean more than one file. */
async function areSeveral(paths: readonly string[]): Promise<boolean> {
  const [only] = paths;
  return paths.length > 1 || (only !== undefined && only !== "-" && (await stat(only)).isDirectory());
}

function compile(text: string, time: string | undefined): Query {
  const where = () => ({ path: "query", text });
  try {
    const query = new Query(text, { now: time });
    if (query.warnings.length > 0) process.stderr.write(`${show(query.warnings, where)}\n`);
    return query;
  } catch (error) {
    if (error instanceof QueryError)
      throw new Refusal(count("query", error.problems), show(error.problems, where));
    throw error;
  }
}

/** `12:` by line, or by number from 1 where the records do not stand on lines. */
const numberOf = ({ line, record }: QueryMatch) => `${line ?? (record ?? 0) + 1}:`;

/** The records, each with what stands before it and a line break behind it. */
function join(matches: readonly QueryMatch[], before: (match: QueryMatch) => string): Uint8Array {
  const parts = matches.flatMap((match) => [Buffer.from(before(match)), match.bytes, newline]);
  return Buffer.concat(parts);
}

const newline = Buffer.from("\n");

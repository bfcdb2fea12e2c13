// logweir sample: made events → stdout.
import type { EventType } from "../types.js";
import { type Arguments, hint } from "./args.js";
import { endWithReader, write } from "./output.js";
import { Refusal } from "./problem.js";

/** What is written at once, in UTF-16 units. */
const CHUNK = 1 << 16;

/** Writes events, at the pace of whoever reads them. Gives the exit status. */
export async function sample({ type, count = 100, seed = 1, wrapped, paths }: Arguments): Promise<number> {
  if (paths.length > 0) throw new Refusal("sample reads no files\nlogweir help sample shows examples");
  // Loaded only here: its templates are larger than the rest of the command.
  const { eventTypes, sample } = await import("../sample/index.js");
  endWithReader(process.stdout);
  let chunk = "";
  for (const line of sample({ type: toTypes(type, eventTypes), count, seed, wrapped, asText: true })) {
    chunk += line;
    if (chunk.length < CHUNK) continue;
    await write(process.stdout, chunk);
    chunk = "";
  }
  if (chunk !== "") await write(process.stdout, chunk);
  return 0;
}

/** The types that a word means: one, or with a star all of a platform. */
function toTypes(word: string | undefined, known: readonly EventType[]): readonly EventType[] {
  if (word === undefined) return known;
  const meant = known.filter((type) => type === word || word === `${type.split(".")[0]}.*`);
  if (meant.length > 0) return meant;
  throw new Refusal(
    `--type: no event type is called "${word}"${hint(word, known)}\nthere are ${known.join(", ")}`,
  );
}

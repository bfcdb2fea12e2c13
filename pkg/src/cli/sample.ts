// logweir sample: made events → stdout.
import type { Arguments } from "./args.js";
import { toTypes } from "./catalog.js";
import { write } from "./output.js";
import { Refusal } from "./problem.js";

/** What is written at once, in UTF-16 units. */
const CHUNK = 1 << 16;

/** Writes events, at the pace of whoever reads them. Gives the exit status. */
export async function sample({ type, count = 100, seed = 1, wrapped, paths }: Arguments): Promise<number> {
  if (paths.length > 0) throw new Refusal("sample reads no files\nlogweir help sample shows examples");
  // Loaded only here: its templates are larger than the rest of the command.
  const { eventTypes, sample } = await import("../sample/index.js");
  const types =
    type === undefined ? eventTypes : toTypes(type, eventTypes, `there are ${eventTypes.join(", ")}`);
  let chunk = "";
  for (const line of sample({ type: types, count, seed, wrapped, asText: true })) {
    chunk += line;
    if (chunk.length < CHUNK) continue;
    await write(process.stdout, chunk);
    chunk = "";
  }
  if (chunk !== "") await write(process.stdout, chunk);
  return 0;
}

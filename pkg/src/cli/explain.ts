// logweir explain: what each room did to each record, for people.
import { stat } from "node:fs/promises";
import type { Report, Trip, Weir } from "../entry/inline.js";
import type { Arguments } from "./args.js";
import { checkPaths, sources } from "./inputs.js";
import { endWithReader, write } from "./output.js";
import { loadPolicy } from "./policy.js";
import { plain, Refusal } from "./problem.js";
import { size } from "./progress.js";

/** More than anybody will look at, in bytes. */
const MOST = 16_000_000;

/** The same in records and changes together: what is told of each takes kilobytes, however short the record. */
const MOST_TOLD = 10_000;

/** Explains one input. Gives the exit status. */
export async function explain(args: Arguments): Promise<number> {
  const weir = await loadPolicy(args);
  const input = await readInput(weir, args);
  endWithReader(process.stdout);
  let status = 0;
  for (const trip of weir.explain(input, { format: args.format, now: args.now, values: args.showValues })) {
    if (trip.outcome === "quarantined") status = 1;
    await write(process.stdout, `${tell(trip)}\n`);
  }
  return status;
}

const refuse = (why: Refusal) => {
  throw why;
};

/** Reads the whole input, unless there is too much in it to explain. */
async function readInput(weir: Weir, { paths, format }: Arguments): Promise<Uint8Array> {
  if (paths.length > 1) throw new Refusal("explain reads one file at a time");
  await checkPaths(paths);
  const [path] = paths;
  if (path !== undefined && path !== "-" && (await stat(path)).isDirectory()) {
    throw new Refusal(`${path}: is a folder; explain reads one file`);
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  const counted = weir.run({ format, views: true });
  for await (const { chunks } of sources(paths, new Set(), refuse)) {
    for await (const chunk of chunks(() => {})) {
      parts.push(chunk.slice());
      length += chunk.length;
      if (length > MOST) {
        throw new Refusal(
          `the input is larger than ${size(MOST)}; give explain a part of it, as with head -n 100`,
        );
      }
      counted.push(chunk);
      refuseMany(counted.report);
    }
  }
  counted.finish();
  refuseMany(counted.report);
  return Buffer.concat(parts);
}

function refuseMany({ records, rules, embedded }: Report): void {
  const changes = rules.reduce((sum, { fired }) => sum + fired, embedded.withheld);
  if (records + changes <= MOST_TOLD) return;
  throw new Refusal(
    `the input has more than ${MOST_TOLD.toLocaleString("en-US")} records and changes; give explain a part of it, as with head -n 100`,
  );
}

type Edit = Trip["edits"][number];

/** One record's trip in a few lines. */
export function tell(trip: Trip): string {
  const line = trip.line === undefined ? "" : `, line ${trip.line}`;
  const to = trip.routes.length === 0 ? "" : ` → ${trip.routes.join(", ")}`;
  const code = trip.code === undefined ? "" : ` (${trip.code})`;
  const out = [
    `record ${trip.record}${line}, ${trip.length} bytes at ${trip.offset}: ${trip.outcome}${to}${code}`,
  ];
  for (const { room, text } of trip.steps) {
    out.push(`  ${room.padEnd(7)} ${text}`);
    if (room !== "redact") continue;
    for (const edit of trip.edits) {
      const by = edit.path === edit.place ? edit.rule : `${edit.rule} ${edit.path}`;
      out.push(`          ${plain(`${by.trim()} at ${edit.place || "the record"}`.trim())}: ${effect(edit)}`);
      if (edit.was !== undefined) out.push(`            was ${excerpt(edit.was)}`);
    }
  }
  return `${out.join("\n")}\n`;
}

function effect({ action, kind, offset, length, becomes, embedded }: Edit): string {
  const where = embedded === 0 ? "" : `, inside JSON in a string (depth ${embedded})`;
  const what = becomes === 0 ? "gone" : `now ${becomes}`;
  return `${action}, ${kind} of ${length} bytes at ${offset} is ${what}${where}`;
}

const EXCERPT = 80;

/** The beginning of a value, on one line. */
function excerpt(value: string): string {
  const flat = value.replace(/[\p{Cc}\s]+/gu, " ");
  return flat.length > EXCERPT ? `${flat.slice(0, EXCERPT)}…` : flat;
}

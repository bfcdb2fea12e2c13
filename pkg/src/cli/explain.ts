// logweir explain: what each room did to each record, for people.
import { stat } from "node:fs/promises";
import { formatTrip, type Report, type Weir } from "../entry/inline.js";
import type { Arguments } from "./args.js";
import { checkPaths, sources } from "./inputs.js";
import { write } from "./output.js";
import { loadPolicy } from "./policy.js";
import { Refusal } from "./problem.js";
import { size } from "./progress.js";

/** More than anybody will look at, in bytes. */
const MOST = 16_000_000;

/** The same in records and changes together: what is told of each takes kilobytes, however short the record. */
const MOST_TOLD = 10_000;

/** Explains one input. Gives the exit status. */
export async function explain(args: Arguments): Promise<number> {
  const weir = await loadPolicy(args);
  const input = await readInput(weir, args);
  let status = 0;
  const { format, now, showValues: values, showOutput: output, json } = args;
  for (const trip of weir.explain(input, { format, now, values, output })) {
    if (trip.outcome === "quarantined") status = 1;
    await write(process.stdout, json ? `${JSON.stringify(trip)}\n` : `${formatTrip(trip)}\n`);
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

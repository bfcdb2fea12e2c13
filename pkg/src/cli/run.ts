// logweir run: inputs → policy → stdout.
import { Report } from "../account.js";
import type { Output as Taken, Weir } from "../entry/inline.js";
import { deadLetter } from "../letters.js";
import { type Arguments, hint } from "./args.js";
import { checkPaths, fileAt } from "./inputs.js";
import { checkOutputs, type Output, OutputFile, stderr, write } from "./output.js";
import { loadPolicy } from "./policy.js";
import { Refusal } from "./problem.js";
import { pump } from "./pump.js";
import { summary } from "./summary.js";

const LINE_FEED = 10;
/** As many are told one by one. */
const MOST_LEAKS = 3;

const whatNext =
  "  --dead-letter FILE tells of each where it was and what was expected; PROBLEMS.md what a code means\n";

/** Runs a policy over inputs. Gives the exit status. */
export async function run(args: Arguments): Promise<number> {
  const weir = await loadPolicy(args);
  // For people only: where a policy is used in earnest, `check` is asked before.
  if (process.stderr.isTTY) process.stderr.write(leaking(weir));
  return runPolicy(weir, args);
}

function leaking(weir: Weir): string {
  const leaks = weir.leaks().filter(({ severity }) => severity === "error");
  const told = leaks
    .slice(0, MOST_LEAKS)
    .map(({ code, expected }) => `warning ${code} expected ${expected}\n`);
  const more = leaks.length - told.length;
  return told.join("") + (more > 0 ? `and ${more} more; logweir check tells them\n` : "");
}

/** Runs a compiled policy over inputs. Gives the exit status. */
export async function runPolicy(weir: Weir, args: Arguments): Promise<number> {
  const route = toRoute(weir, args.route);
  await checkPaths(args.paths);
  await checkOutputs(
    [args.deadLetter, args.report].filter((path): path is string => path !== undefined && path !== "-"),
    [...(args.paths.length === 0 ? ["-"] : args.paths), ...(args.policy === "" ? [] : [args.policy])],
  );
  const letters = await toOutput(args.deadLetter);
  const account = await toOutput(args.report);
  const outputs = new Set([letters?.identity, account?.identity, fileAt(1)].filter((id) => id !== undefined));

  // Views: what is given out is written before anything else is asked for.
  const work = weir.run({ format: args.format, views: true, now: args.now });
  const deliver = async (file: string, { batches, quarantined }: Taken, clear?: () => void) => {
    for (const batch of batches.filter((each) => each.route === route)) {
      await write(process.stdout, batch.body);
      // Bodies of requests stand apart by a line break.
      if (batch.request && batch.body.at(-1) !== LINE_FEED)
        await write(process.stdout, Uint8Array.of(LINE_FEED));
    }
    if (quarantined.length === 0 || !letters) return;
    if (letters === stderr) clear?.();
    await letters.write(quarantined.map((entry) => deadLetter(file, entry)).join(""));
  };
  let complete: boolean;
  try {
    complete = await pump(args.paths, outputs, work, deliver);
    await deliver("", work.finish());
  } finally {
    await letters?.close();
  }
  const { report, places, drift } = work;

  const json = () => `${JSON.stringify({ ...report, places, drift }, null, 2)}\n`;
  // What node_exporter's collector of text files reads has that name.
  await account?.write(args.report?.endsWith(".prom") ? Report.toPrometheus(report) : json());
  await account?.close();
  // Where the account itself goes to stderr it is all that whoever reads it there wants.
  if (account !== stderr) {
    if (report.quarantined > 0 || process.stderr.isTTY) process.stderr.write(summary(report));
    if (report.quarantined > 0 && !letters) process.stderr.write(whatNext);
  }
  if (!complete) return 2;
  return report.quarantined > 0 ? 1 : 0;
}

async function toOutput(path: string | undefined): Promise<Output | undefined> {
  if (path === undefined) return undefined;
  return path === "-" ? stderr : OutputFile.create(path);
}

/** The route to write: the named one, or the only one. */
export function toRoute(weir: Weir, name: string | undefined): string {
  const names = weir.routes.join(", ");
  if (name === undefined) {
    if (weir.routes.length === 1) return weir.routes[0] as string;
    throw new Refusal(
      `the policy has several routes (${names}); say which to write: --route ${weir.routes[0]}`,
    );
  }
  if (weir.routes.includes(name)) return name;
  throw new Refusal(`the policy has no route "${name}", only ${names}${hint(name, weir.routes)}`);
}

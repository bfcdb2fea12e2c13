// logweir run: inputs → policy → stdout.
import type { Drift, Report, Output as Taken, Weir } from "../entry/inline.js";
import { type Arguments, hint } from "./args.js";
import { checkPaths, fileAt, type Identity, type Lost, sources, totalSize } from "./inputs.js";
import { deadLetter } from "./letters.js";
import { checkOutputs, endWithReader, type Output, OutputFile, stderr, write } from "./output.js";
import { loadPolicy } from "./policy.js";
import { Refusal, Unreadable } from "./problem.js";
import { Progress } from "./progress.js";
import { summary } from "./summary.js";

/** Runs a policy over inputs. Gives the exit status. */
export async function run(args: Arguments): Promise<number> {
  const weir = await loadPolicy(args.policy, (text) => process.stderr.write(`${text}\n`));
  const route = toRoute(weir, args.route);
  await checkPaths(args.paths);
  await checkOutputs(
    [args.deadLetter, args.report].filter((path): path is string => path !== undefined && path !== "-"),
    [...(args.paths.length === 0 ? ["-"] : args.paths), args.policy],
  );
  const letters = await toOutput(args.deadLetter);
  const account = await toOutput(args.report);
  const outputs = new Set([letters?.identity, account?.identity, fileAt(1)].filter((id) => id !== undefined));

  const progress = new Progress(Progress.wanted() ? await totalSize(args.paths) : undefined);
  const interrupt = onInterrupt(() => progress.clear());
  endWithReader(process.stdout);
  let complete = true;
  const lost: Lost = (why) => {
    complete = false;
    progress.clear();
    process.stderr.write(why.text);
  };
  let told: Account;
  try {
    told = await pump({ weir, args, route, outputs, letters, progress, lost });
  } finally {
    progress.clear();
    interrupt.off();
    await letters?.close();
  }

  const { report, drift } = told;
  const json = `${JSON.stringify({ ...report, drift }, null, 2)}\n`;
  await account?.write(json);
  await account?.close();
  if (report.quarantined > 0 || process.stderr.isTTY) process.stderr.write(summary(report));
  if (!complete) return 2;
  return report.quarantined > 0 ? 1 : 0;
}

/** What `--report` writes. */
interface Account {
  readonly report: Report;
  readonly drift: readonly Drift[];
}

interface Job {
  readonly weir: Weir;
  readonly args: Arguments;
  readonly route: string;
  readonly outputs: ReadonlySet<Identity>;
  readonly letters: Output | undefined;
  readonly progress: Progress;
  readonly lost: Lost;
}

/**
 * Moves every chunk through the policy, at the pace of the slowest. An input that breaks off ends there, and the next
 * one follows.
 */
async function pump({ weir, args, route, outputs, letters, progress, lost }: Job): Promise<Account> {
  // Views: what is given out is written before anything else is asked for.
  const work = weir.run({ format: args.format, views: true });
  const deliver = async (file: string, { batches, quarantined }: Taken) => {
    const batch = batches.find((each) => each.route === route);
    if (batch) await write(process.stdout, batch.body);
    if (quarantined.length === 0 || !letters) return;
    if (letters === stderr) progress.clear();
    await letters.write(quarantined.map((entry) => deadLetter(file, entry)).join(""));
  };
  for await (const { name, chunks } of sources(args.paths, outputs, lost)) {
    let begun = false;
    try {
      for await (const chunk of chunks(progress.add)) {
        begun = true;
        await deliver(name, work.push(chunk));
      }
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      lost(error);
      if (!begun) continue;
    }
    await deliver(name, work.next());
  }
  await deliver("", work.finish());
  return { report: work.report, drift: work.drift };
}

async function toOutput(path: string | undefined): Promise<Output | undefined> {
  if (path === undefined) return undefined;
  return path === "-" ? stderr : OutputFile.create(path);
}

/** The route to write: the named one, or the only one. */
function toRoute(weir: Weir, name: string | undefined): string {
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

/** Ctrl-C: tidies the terminal, then ends the process as the signal would have. */
function onInterrupt(tidy: () => void): { off(): void } {
  const handler = (signal: NodeJS.Signals) => {
    tidy();
    process.kill(process.pid, signal);
  };
  process.once("SIGINT", handler);
  return { off: () => process.off("SIGINT", handler) };
}

// logweir run: inputs → policy → stdout.
import type { Output, Weir } from "../entry/inline.js";
import { type Arguments, hint } from "./args.js";
import { checkPaths, fileAt } from "./inputs.js";
import { deadLetter } from "./letters.js";
import { checkOutputs, OutputFile, write } from "./output.js";
import { loadPolicy } from "./policy.js";
import { Refusal } from "./problem.js";
import { pump } from "./pump.js";
import { summary } from "./summary.js";

/** Runs a policy over inputs. Gives the exit status. */
export async function run(args: Arguments): Promise<number> {
  const weir = await loadPolicy(args.policy, (text) => process.stderr.write(`${text}\n`));
  const route = toRoute(weir, args.route);
  await checkPaths(args.paths);
  const accountPath = args.report === "-" ? undefined : args.report;
  await checkOutputs(
    [args.deadLetter, accountPath].filter((path) => path !== undefined),
    [...(args.paths.length === 0 ? ["-"] : args.paths), args.policy],
  );
  const letters = args.deadLetter === undefined ? undefined : await OutputFile.create(args.deadLetter);
  const account = accountPath === undefined ? undefined : await OutputFile.create(accountPath);
  const outputs = new Set([letters?.identity, account?.identity, fileAt(1)].filter((id) => id !== undefined));

  // Views: what is given out is written before anything else is asked for.
  const work = weir.run({ format: args.format, views: true });
  const deliver = async (file: string, { batches, quarantined }: Output) => {
    const batch = batches.find((each) => each.route === route);
    if (batch) await write(process.stdout, batch.body);
    if (quarantined.length > 0)
      await letters?.write(quarantined.map((entry) => deadLetter(file, entry)).join(""));
  };
  let complete: boolean;
  try {
    complete = await pump(args.paths, outputs, work, deliver);
    await deliver("", work.finish());
  } finally {
    await letters?.close();
  }
  const { report } = work;

  const json = `${JSON.stringify(report, null, 2)}\n`;
  if (args.report === "-") process.stderr.write(json);
  await account?.write(json);
  await account?.close();
  if (report.quarantined > 0 || process.stderr.isTTY) process.stderr.write(summary(report));
  if (!complete) return 2;
  return report.quarantined > 0 ? 1 : 0;
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

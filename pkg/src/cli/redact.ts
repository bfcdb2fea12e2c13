// logweir redact: redaction alone, by what the command line names.
import type { Arguments } from "./args.js";
import { compilePolicy } from "./policy.js";
import { Refusal } from "./problem.js";
import { runPolicy } from "./run.js";

/** Redacts inputs. Gives the exit status. */
export async function redact(args: Arguments): Promise<number> {
  const reach = Object.entries(args.reach).filter(([, names]) => names.length > 0);
  if (reach.length === 0)
    throw new Refusal(
      "what is to be redacted? name it: --preset NAME, --detect NAME, --key NAME, --path PATH or --class CLASS\nlogweir help redact shows examples",
    );
  // Presets say themselves what becomes of a value, unless the command line does.
  const action = (how: string) =>
    how === "use" && args.with === undefined ? {} : { with: toAction(args.with) };
  const rules = reach.map(([how, names]) => ({ [how]: names, ...action(how) }));
  const policy = JSON.stringify({ logweir: 1, redact: rules }, null, 2);
  return runPolicy(await compilePolicy("the command line", policy, args.secrets), args);
}

/** What `--with` says: a word, `hash:KEY`, or JSON as in a policy. */
function toAction(word = "replace"): unknown {
  if (word.startsWith("hash:")) return { hash: word.slice("hash:".length) };
  if (!/^[{["]/.test(word)) return word;
  try {
    return JSON.parse(word);
  } catch {
    throw new Refusal(`--with: expected a word, hash:KEY, or JSON such as {"mask":{"last":4}}`);
  }
}

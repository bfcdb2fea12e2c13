// logweir validate: documents against a schema, a line of JSON for each.
import { formatFinding, type Verdict } from "../entry/inline.js";
import type { Arguments } from "./args.js";
import { checkPaths, fileAt } from "./inputs.js";
import { write } from "./output.js";
import { pump } from "./pump.js";
import { loadSchema } from "./schema.js";

/** How many findings are shown on stderr: enough to see what is wrong, not to scroll it away. */
const SHOWN = 10;

/** Checks the documents of inputs. Gives the exit status. */
export async function validate(args: Arguments): Promise<number> {
  const schema = await loadSchema(args, (text) => process.stderr.write(`${text}\n`));
  await checkPaths(args.paths);
  const outputs = new Set([fileAt(1)].filter((id) => id !== undefined));
  const run = schema.run({ format: args.format });
  const tally = new Tally();
  const alone = args.paths.length > 1 ? undefined : (args.paths[0] ?? "-");
  const complete = await pump(args.paths, outputs, run, async (file, verdicts) => {
    if (verdicts.length === 0) return;
    for (const verdict of verdicts) tally.add(file, verdict);
    const name = file === alone ? undefined : file;
    await write(process.stdout, verdicts.map((verdict) => line(name, verdict)).join(""));
  });
  run.finish();
  if (tally.valid < tally.records || process.stderr.isTTY) process.stderr.write(tally.text);
  if (!complete) return 2;
  return tally.valid < tally.records ? 1 : 0;
}

function line(file: string | undefined, { record, valid, findings }: Verdict): string {
  return `${JSON.stringify({ ...(file !== undefined && { file }), record, valid, findings })}\n`;
}

/** The account of a validation, for people. */
class Tally {
  records = 0;
  valid = 0;
  #findings = 0;
  readonly #shown: string[] = [];

  add(file: string, { record, valid, findings, offset, line }: Verdict): void {
    this.records += 1;
    if (valid) this.valid += 1;
    this.#findings += findings.length;
    const place =
      line === undefined ? `${file} record ${record}, byte ${offset}` : `${file}:${line} record ${record}`;
    for (const finding of findings.slice(0, SHOWN - this.#shown.length))
      this.#shown.push(`${place}: ${formatFinding(finding)}\n`);
  }

  get text(): string {
    const count = (value: number) => value.toLocaleString("en-US");
    const more = this.#findings - this.#shown.length;
    const invalid = this.records - this.valid;
    return [
      ...this.#shown,
      more > 0 ? `… and ${count(more)} more\n` : "",
      `${count(this.records)} document${this.records === 1 ? "" : "s"}: `,
      `${count(this.valid)} valid, ${count(invalid)} not\n`,
    ].join("");
  }
}

// logweir validate: documents against a schema, or records against the catalogue; a line of JSON for each.
import { type CatalogRecord, formatFinding } from "../entry/inline.js";
import type { Arguments } from "./args.js";
import { loadCatalog } from "./catalog-file.js";
import { checkPaths, fileAt } from "./inputs.js";
import { write } from "./output.js";
import { plain } from "./problem.js";
import { pump } from "./pump.js";
import { loadSchema } from "./schema.js";

/** How many findings are shown on stderr: enough to see what is wrong, not to scroll it away. */
const SHOWN = 10;

/** What is said of a document, or of a record by the catalogue. */
type Judged = Pick<CatalogRecord, "record" | "offset" | "line" | "valid" | "findings"> &
  Partial<Pick<CatalogRecord, "type" | "at">>;

/** What judges the documents or records of inputs. */
interface Judge {
  push(chunk: Uint8Array): readonly Judged[];
  next(): readonly Judged[];
  finish(): readonly Judged[];
}

/** Checks the documents of inputs. Gives the exit status. */
export async function validate(args: Arguments): Promise<number> {
  const run = await judge(args);
  await checkPaths(args.paths);
  const outputs = new Set([fileAt(1)].filter((id) => id !== undefined));
  const tally = new Tally(args.schema === undefined ? "record" : "document");
  const alone = args.paths.length > 1 ? undefined : (args.paths[0] ?? "-");
  const complete = await pump(args.paths, outputs, run, async (file, verdicts: readonly Judged[]) => {
    if (verdicts.length === 0) return;
    if (!args.showKeys) verdicts = verdicts.map(withoutKeys);
    for (const verdict of verdicts) tally.add(file, verdict);
    const name = file === alone ? undefined : file;
    await write(process.stdout, verdicts.map((verdict) => line(name, verdict)).join(""));
  });
  run.finish();
  if (tally.valid < tally.records || process.stderr.isTTY) process.stderr.write(tally.text);
  if (!complete) return 2;
  return tally.valid < tally.records ? 1 : 0;
}

/** What judges: the schema that is named, or the catalogue. */
async function judge(args: Arguments): Promise<Judge> {
  const { schema: path, format } = args;
  if (path === undefined) return (await loadCatalog(args.catalog)).run({ format, validate: true });
  const schema = await loadSchema(path, args, (text) => process.stderr.write(`${text}\n`));
  return schema.run({ format });
}

/** The names of wrappers are data. */
const withoutKeys = <T extends Judged>(verdict: T): T =>
  verdict.at ? { ...verdict, at: verdict.at.replace(/[^/]+/g, "*") } : verdict;

function line(file: string | undefined, { record, type, at, valid, findings }: Judged): string {
  const event = type === undefined ? {} : { type, ...(at !== null && { at }) };
  return `${JSON.stringify({ ...(file !== undefined && { file }), record, ...event, valid, findings })}\n`;
}

/** The account of a validation, for people. */
class Tally {
  records = 0;
  valid = 0;
  #unknown = 0;
  #findings = 0;
  readonly #noun: string;
  readonly #shown: string[] = [];

  constructor(noun: string) {
    this.#noun = noun;
  }

  add(file: string, { record, type, at, valid, findings = [], offset, line }: Judged): void {
    this.records += 1;
    if (valid) this.valid += 1;
    if (valid === null) this.#unknown += 1;
    this.#findings += findings.length;
    const place =
      line === undefined ? `${file} record ${record}, byte ${offset}` : `${file}:${line} record ${record}`;
    const event = type ? ` (${type}${at ? ` at ${plain(at)}` : ""})` : "";
    for (const finding of findings.slice(0, SHOWN - this.#shown.length))
      this.#shown.push(`${place}${event}: ${formatFinding(finding)}\n`);
  }

  get text(): string {
    const count = (value: number) => value.toLocaleString("en-US");
    const more = this.#findings - this.#shown.length;
    const invalid = this.records - this.valid - this.#unknown;
    const unknown = this.#unknown > 0 ? `, ${count(this.#unknown)} of no known type` : "";
    return [
      ...this.#shown,
      more > 0 ? `… and ${count(more)} more\n` : "",
      `${count(this.records)} ${this.#noun}${this.records === 1 ? "" : "s"}: `,
      `${count(this.valid)} valid, ${count(invalid)} not${unknown}\n`,
    ].join("");
  }
}

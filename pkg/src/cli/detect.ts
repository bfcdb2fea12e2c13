// logweir detect: which event each record is, a line of JSON for each.
import { type CatalogRecord, compile } from "../entry/inline.js";
import type { Arguments } from "./args.js";
import { loadCatalog, loadLinks } from "./catalog-file.js";
import { checkPaths, fileAt } from "./inputs.js";
import { LinkedReader, type LinkedRecord } from "./linked.js";
import { write } from "./output.js";
import { pump } from "./pump.js";

/** What is told of a record. */
type Told = CatalogRecord | LinkedRecord;

/** Recognises the records of inputs. Gives the exit status. */
export async function detect(args: Arguments): Promise<number> {
  const catalog = await loadCatalog(args.catalog);
  const linked = args.links
    ? new LinkedReader(catalog, args.fields, await loadLinks(args.catalog))
    : undefined;
  await checkPaths(args.paths);
  const outputs = new Set([fileAt(1)].filter((id) => id !== undefined));
  const alone = args.paths.length > 1 ? undefined : (args.paths[0] ?? "-");
  const counts = new Map<string, number>();
  let broken = 0;
  const tell = async (file: string, records: readonly Told[]) => {
    if (records.length === 0) return;
    for (const { type, code } of records) {
      const name = type ?? (code === undefined ? "unknown" : "not to be told");
      counts.set(name, (counts.get(name) ?? 0) + 1);
      if (code !== undefined) broken += 1;
    }
    const name = file === alone ? undefined : file;
    await write(process.stdout, records.map((record) => line(name, record)).join(""));
  };
  let complete: boolean;
  if (linked) {
    // A policy without rules gives each record back as it was, on a line of its own.
    const run = compile(`{"logweir":1}`).run({ format: args.format });
    complete = await pump(args.paths, outputs, run, (file, output) => tell(file, linked.take(output)));
    run.finish();
  } else {
    const run = catalog.run({ format: args.format, fields: args.fields });
    complete = await pump(args.paths, outputs, run, tell);
    run.finish();
  }
  if (broken > 0 || process.stderr.isTTY) process.stderr.write(account(counts));
  if (!complete) return 2;
  return broken > 0 ? 1 : 0;
}

function line(file: string | undefined, told: Told): string {
  const { record, type, at, code, fields } = told;
  const out = {
    ...(file !== undefined && { file }),
    record,
    type,
    ...(at !== null && { at }),
    ...(code !== undefined && { code }),
    ...(fields && { fields }),
    ...("links" in told && told.links.length > 0 && { links: told.links }),
  };
  return `${JSON.stringify(out)}\n`;
}

/** How many records are of which type, the most frequent first. */
function account(counts: ReadonlyMap<string, number>): string {
  const rows = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return rows.map(([name, count]) => `${count.toLocaleString("en-US").padStart(9)}  ${name}\n`).join("");
}

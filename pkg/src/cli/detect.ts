// logweir detect: which event each record is, a line of JSON for each.
import type { CatalogRecord } from "../entry/inline.js";
import type { Arguments } from "./args.js";
import { loadCatalog } from "./catalog-file.js";
import { checkPaths, fileAt } from "./inputs.js";
import { write } from "./output.js";
import { pump } from "./pump.js";

/** Recognises the records of inputs. Gives the exit status. */
export async function detect(args: Arguments): Promise<number> {
  const catalog = await loadCatalog(args.catalog);
  await checkPaths(args.paths);
  const outputs = new Set([fileAt(1)].filter((id) => id !== undefined));
  const run = catalog.run({ format: args.format, fields: args.fields });
  const alone = args.paths.length > 1 ? undefined : (args.paths[0] ?? "-");
  const counts = new Map<string, number>();
  let broken = 0;
  const complete = await pump(args.paths, outputs, run, async (file, records: CatalogRecord[]) => {
    if (records.length === 0) return;
    for (const { type, code } of records) {
      const name = type ?? (code === undefined ? "unknown" : "not to be told");
      counts.set(name, (counts.get(name) ?? 0) + 1);
      if (code !== undefined) broken += 1;
    }
    const name = file === alone ? undefined : file;
    await write(process.stdout, records.map((record) => line(name, record)).join(""));
  });
  run.finish();
  if (broken > 0 || process.stderr.isTTY) process.stderr.write(account(counts));
  if (!complete) return 2;
  return broken > 0 ? 1 : 0;
}

function line(file: string | undefined, { record, type, at, code, fields }: CatalogRecord): string {
  const told = {
    ...(file !== undefined && { file }),
    record,
    type,
    ...(at !== null && { at }),
    ...(code !== undefined && { code }),
    ...(fields && { fields }),
  };
  return `${JSON.stringify(told)}\n`;
}

/** How many records are of which type, the most frequent first. */
function account(counts: ReadonlyMap<string, number>): string {
  const rows = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return rows.map(([name, count]) => `${count.toLocaleString("en-US").padStart(9)}  ${name}\n`).join("");
}

// The platforms' own samples, where somebody has put them: beside the project, or where LOGWEIR_SAMPLES says.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { at } from "./tools.js";

const folder = process.env.LOGWEIR_SAMPLES ?? at("..", "shared", "samples");

/** Whether they are here; says so once if not. */
export const here = existsSync(folder);
if (!here) console.log(`skipped: no samples in ${folder}`);

/** Paths of the files of records, a record a line. */
export const files = here
  ? readdirSync(folder)
      .filter((name) => name.endsWith(".ndjson"))
      .sort()
      .map((name) => join(folder, name))
  : [];

/** The records. */
export const records: readonly string[] = files.flatMap((path) =>
  readFileSync(path, "utf8").split("\n").filter(Boolean),
);

/** Paths and texts of those that are broken, by name. */
export const broken: Readonly<Record<string, { readonly path: string; readonly text: string }>> = here
  ? Object.fromEntries(
      readdirSync(join(folder, "broken")).map((name) => {
        const path = join(folder, "broken", name);
        return [name, { path, text: readFileSync(path, "utf8") }];
      }),
    )
  : {};

// What a benchmark says: printed, and kept for all.mjs, which asks for it by LOGWEIR_BENCH=FILE.
import { writeFileSync } from "node:fs";
import { table } from "./table.mjs";

const said = { tables: [], bars: [] };
const file = process.env.LOGWEIR_BENCH;
if (file) process.once("exit", () => writeFileSync(file, JSON.stringify(said)));

/**
 * Prints rows of figures.
 * @param {string} on what was read
 * @param {{ name: string, skip?: string, ratio?: number, low?: number, high?: number, rate?: number }[]} rows
 * @param {string} base what 1.00 is
 */
export function figures(on, rows, base = "JSON.parse, per line on decoded strings") {
  console.log(table(rows));
  const kept = rows.map(({ name, skip, ratio, low, high }) => ({ name, skip, ratio, low, high }));
  said.tables.push({ on, base, rows: kept });
}

/**
 * Prints a figure beside what is wanted of it.
 * @param {{ what: string, figure: number, least?: number, most?: number }} bar
 */
export function bar({ what, figure, least, most }) {
  const reached = least === undefined ? figure <= most : figure >= least;
  const wanted = least === undefined ? `at most ${most}` : `at least ${least}`;
  console.log(`bar      ${what}: ${figure.toFixed(2)} (${wanted}: ${reached ? "reached" : "MISSED"})`);
  said.bars.push({ what, figure, least, most, reached });
}

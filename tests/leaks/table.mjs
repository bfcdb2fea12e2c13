// How much of the leak corpus each lets through.
import { BESIDE, leaks, survives } from "./corpus.mjs";
import { peers } from "./peers.mjs";

/**
 * Runs the corpus, or every so manyth record of it, over ours and the peers.
 *
 * @returns one row for each that is installed: how many records it was given and let through, by form and by detector,
 *   and of how many it spoiled what stands beside: no JSON any more, or another member changed.
 */
export async function table({ every = 1 } = {}) {
  const corpus = [...leaks()].filter((_, number) => number % every === 0);
  const rows = [];
  for (const { name, redact } of await peers()) {
    if (!redact) {
      rows.push({ name, missing: true });
      continue;
    }
    const row = { name, records: corpus.length, let: 0, spoiled: 0, leaks: [] };
    [row.forms, row.detectors] = [Object.create(null), Object.create(null)]; // one form is named __proto__
    for (const { detector, form, record, values } of corpus) {
      const out = redact(record);
      row.forms[form] ??= 0;
      row.detectors[detector] ??= 0;
      if (survives(values, out)) {
        row.let++;
        row.forms[form]++;
        row.detectors[detector]++;
        row.leaks.push({ detector, form, record, out });
      }
      if (isSpoiled(record, out)) row.spoiled++;
    }
    rows.push(row);
  }
  return rows;
}

function isSpoiled(record, out) {
  const given = JSON.parse(record);
  let value;
  try {
    value = JSON.parse(out);
  } catch {
    return true;
  }
  return Object.keys(BESIDE).some((name) => name in given && given[name] !== value[name]);
}

/** A table as text: the names of rows, and a figure per column. */
export function print(title, names, columns) {
  const wide = Math.max(title.length, ...names.map((name) => name.length));
  const width = (name) => Math.max(7, name.length) + 2;
  const line = (first, cells) =>
    first.padEnd(wide) + cells.map((cell, at) => String(cell).padStart(width(columns[at].name))).join("");
  return [
    line(
      title,
      columns.map(({ name }) => name),
    ),
    ...names.map((name) =>
      line(
        name,
        columns.map(({ of }) => of(name) ?? "–"),
      ),
    ),
  ].join("\n");
}

// Counts over a set of rows: by time, and by the values of common fields.

import type { IndexedField, LogStore, RowSet } from "logweir/store";
import { roundStep } from "../base/time.js";
import type { Facet, Histogram } from "./protocol.js";

export const levels: readonly string[] = ["debug", "info", "warn", "error", "fatal"];

/** The set over time in at most so many bars of a round length. */
export function histogram(
  store: LogStore,
  set: RowSet,
  bins: number,
  by: string,
  classes: string[] = [...levels, ""],
): Histogram {
  const whole = store.histogram(set, { buckets: 1 });
  if (whole.untimed === set.count)
    return { range: { from: 0, to: 0 }, step: 1, classes, bins: [], timeless: whole.untimed };
  const step = roundStep(Math.max(whole.to - whole.from, 1), bins);
  const from = Math.floor(whole.from / step) * step;
  const buckets = Math.floor((whole.to - from) / step) + 1; // the last row lies at `to`
  const to = from + buckets * step;
  const { series } = store.histogram(set, { from, to, buckets, by: by as IndexedField });
  const found = Array.from({ length: buckets }, (_, index) => ({
    from: from + index * step,
    counts: classes.map(() => 0),
  }));
  for (const { value, counts } of series) {
    const known = classes.indexOf(value ?? "");
    const at = known < 0 ? classes.length - 1 : known;
    for (const [index, bin] of found.entries()) bin.counts[at] = (bin.counts[at] ?? 0) + (counts[index] ?? 0);
  }
  return { range: { from, to }, step, classes, bins: found, timeless: whole.untimed };
}

/** How the set divides by each of the fields; fields that no row has are left out. */
export function facets(store: LogStore, set: RowSet, fields: readonly string[], most: number): Facet[] {
  return fields.flatMap((field) => {
    const { values, distinct, missing } = store.facets(field as IndexedField, set, { top: most + 1 });
    const told = values
      .flatMap(({ value, count }) => (value === null ? [] : [{ value, count }]))
      .slice(0, most);
    return told.length > 0 ? [{ field, values: told, missing, more: distinct > told.length }] : [];
  });
}

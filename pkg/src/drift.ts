import type { Drift } from "./types.js";

/** Adds differences to others: those of one event type, kind and place become one. `before` records came earlier. */
export function addDrift(all: readonly Drift[], more: readonly Drift[], before: number): Drift[] {
  const sum = new Map(all.map((drift) => [keyOf(drift), drift]));
  for (const { first, last, ...drift } of more) {
    const key = keyOf(drift);
    const known = sum.get(key);
    sum.set(key, {
      ...drift,
      count: drift.count + (known?.count ?? 0),
      first: known?.first ?? first + before,
      last: last + before,
    });
  }
  return [...sum.values()];
}

const keyOf = ({ event, change, pointer }: Pick<Drift, "event" | "change" | "pointer">): string =>
  `${event} ${change} ${pointer}`;

// What the address says behind its `#`: how one looks, never what is looked at.

import { repaired } from "../intake/repair.js";

export interface Link {
  view?: string | undefined;
  query?: string | undefined;
  range?: { from: number; to: number } | undefined;
  columns?: readonly string[] | undefined;
  sort?: { field: string; descending: boolean } | undefined;
  /** The sample events lie open. */
  sample?: boolean | undefined;
  policy?: string | undefined;
}

/** A policy for a link: its tests may hold events, and stay behind. */
export function withoutTests(policy: string): string {
  try {
    const { tests, ...rest } = JSON.parse(repaired(policy)) as Record<string, unknown>;
    return tests === undefined ? policy : `${JSON.stringify(rest, null, 2)}\n`;
  } catch {
    return ""; // what cannot be read cannot be cleared
  }
}

export function linkOf({ view, query, range, columns, sort, sample, policy }: Link): string {
  const said = new URLSearchParams();
  if (view && view !== "events") said.set("view", view);
  if (query) said.set("q", query);
  if (range) said.set("time", `${range.from}-${range.to}`);
  if (columns) said.set("columns", columns.join(","));
  if (sort && (sort.field !== "@time" || sort.descending))
    said.set("sort", `${sort.descending ? "-" : ""}${sort.field}`);
  if (sample) said.set("sample", "1");
  if (policy) said.set("policy", policy);
  return said.toString();
}

export function readLink(hash: string): Link {
  const said = new URLSearchParams(hash.replace(/^#/, ""));
  const [, from, to] = /^(-?\d{1,16})-(-?\d{1,16})$/.exec(said.get("time") ?? "") ?? [];
  const columns = said
    .get("columns")
    ?.split(",")
    .filter((name) => name !== "");
  const sort = said.get("sort");
  return {
    view: said.get("view") ?? undefined,
    query: said.get("q") ?? undefined,
    range: from !== undefined && to !== undefined ? { from: Number(from), to: Number(to) } : undefined,
    columns: columns && columns.length > 0 ? columns.slice(0, 20) : undefined,
    sort: sort ? { field: sort.replace(/^-/, ""), descending: sort.startsWith("-") } : undefined,
    sample: said.get("sample") === "1",
    policy: said.get("policy") ?? undefined,
  };
}

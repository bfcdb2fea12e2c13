// What may be typed at a place of a query: what the language has, and the values of the events that lie open.
import { type IndexedField, Query, type QueryCandidate } from "logweir/store";
import { term } from "../base/query.js";
import type { Held } from "./held.js";

const MOST = 30;

export function complete({ store }: Held, text: string, position: number): QueryCandidate[] {
  const known = Query.complete(text, position);
  const [, field, begun = ""] = /(@[\w.]+):("?[^\s()":]*)$/.exec(text.slice(0, position)) ?? [];
  if (field === undefined || store.progress.rows === 0) return known;
  const start = position - begun.length;
  const prefix = begun.replace(/^"/, "").toLowerCase();
  const all = store.all();
  try {
    const { values } = store.facets(field as IndexedField, all, { top: 500 });
    const own = values.flatMap(({ value }): QueryCandidate[] =>
      value?.toLowerCase().startsWith(prefix)
        ? [{ kind: "value", text: term(field, value).slice(field.length + 1), start, end: position }]
        : [],
    );
    const told = new Set(own.map((candidate) => candidate.text));
    return [...own.slice(0, MOST), ...known.filter((candidate) => !told.has(candidate.text))];
  } catch {
    return known; // a field that the index does not have
  } finally {
    all.free();
  }
}

// Terms of queries: what a click adds, and takes away again.

const plain = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u;
const words = /^(?:AND|OR|NOT|TO)$/;

/** `@status:failed`, quoted where it has to be. */
export function term(field: string, value: string): string {
  const text = plain.test(value) && !words.test(value) ? value : `"${value.replace(/[\\"]/g, "\\$&")}"`;
  return `${field}:${text}`;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const standing = (term: string): RegExp => new RegExp(`(^|\\s)${escaped(term)}(?=\\s|$)`, "g");

/** Whether a query asks for a term, forbids it, or says nothing of it. */
export function stance(query: string, term: string): "asked" | "forbidden" | undefined {
  if (standing(`-${term}`).test(query)) return "forbidden";
  return standing(term).test(query) ? "asked" : undefined;
}

/** The query with a term asked for or forbidden; without it if that is what it said already. */
export function toggled(query: string, term: string, want: "asked" | "forbidden"): string {
  const had = stance(query, term);
  const bare = query
    .replace(standing(`-${term}`), "")
    .replace(standing(term), "")
    .replace(/\s+/g, " ")
    .trim();
  if (had === want) return bare;
  const next = want === "asked" ? term : term.startsWith("-") ? term.slice(1) : `-${term}`;
  if (bare === "") return next;
  return `${/\bOR\b|\|\|/.test(bare) && !/^\(.*\)$/.test(bare) ? `(${bare})` : bare} ${next}`;
}

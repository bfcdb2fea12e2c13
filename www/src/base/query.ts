// Terms of queries: what a click adds, and takes away again.

const plain = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u;
const words = /^(?:AND|OR|NOT|TO)$/;

/** `@status:failed`, quoted where it has to be. */
export function term(field: string, value: string): string {
  const text = plain.test(value) && !words.test(value) ? value : `"${value.replace(/[\\"]/g, "\\$&")}"`;
  return `${field}:${text}`;
}

/** A query in pieces: blanks, terms in quotes with what stands before them, and what lies between. */
const piece = /\s+|(?:[^\s"()\\]|\\[\s\S])*"(?:[^"\\]|\\[\s\S])*"?|(?:[^\s"()\\]|\\[\s\S])+|[\s\S]/g;
const pieces = (query: string): string[] => query.match(piece) ?? [];

const either = /^(?:OR|\|\|)$/;
const turned = /^(?:NOT|!)$/;
const both = /^(?:AND|&&)$/;

/** The pieces that stand in no bracket. */
function outermost(query: string): string[] {
  let depth = 0;
  return pieces(query).filter((piece) => {
    if (piece === "(") depth += 1;
    else if (piece === ")") depth -= 1;
    return depth === 0 && piece !== ")";
  });
}

/** Whether all of a query asks for a term, forbids it, or says nothing of it. */
export function stance(query: string, term: string): "asked" | "forbidden" | undefined {
  const all = outermost(query);
  if (all.some((piece) => either.test(piece) || turned.test(piece))) return undefined;
  if (all.includes(`-${term}`)) return "forbidden";
  return all.includes(term) ? "asked" : undefined;
}

/** The query with a term asked for or forbidden; without it if that is what it said already. */
export function toggled(query: string, term: string, want: "asked" | "forbidden"): string {
  const had = stance(query, term);
  const bare = had === undefined ? query.trim() : without(query, [term, `-${term}`]);
  if (had === want) return bare;
  const next = want === "asked" ? term : `-${term}`;
  if (bare === "") return next;
  return `${outermost(bare).some((piece) => either.test(piece)) ? `(${bare})` : bare} ${next}`;
}

/** The query without those terms, and without what bound them to others. */
function without(query: string, terms: readonly string[]): string {
  let depth = 0;
  const kept: string[] = [];
  const drop = (which: RegExp) => which.test(kept.at(-1) ?? "") && kept.pop();
  for (const piece of pieces(query)) {
    if (piece === "(") depth += 1;
    else if (piece === ")") depth -= 1;
    if (depth !== 0 || !terms.includes(piece)) kept.push(piece);
    else {
      drop(/^\s/);
      if (drop(both)) drop(/^\s/);
    }
  }
  return kept
    .join("")
    .trim()
    .replace(/^(?:AND\s|&&)\s*/, "");
}

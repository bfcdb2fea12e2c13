// A text in pieces, each of one colour, and told where something is wrong.

export interface Piece {
  /** The kind of its token; empty between tokens. */
  kind: string;
  text: string;
  bad: boolean;
}

/** All of the text in pieces, cut at the ends of tokens and of what is wrong. */
export function piecesOf(
  text: string,
  tokens: readonly { kind: string; start: number; end: number }[],
  problem: { from: number; to: number } | undefined,
): Piece[] {
  const bad = problem && { from: problem.from, to: Math.max(problem.to, problem.from + 1) };
  const found: Piece[] = [];
  let at = 0;
  const add = (to: number, kind: string) => {
    while (at < to) {
      const cuts = bad ? [bad.from, bad.to].filter((cut) => cut > at && cut < to) : [];
      const end = Math.min(to, ...cuts);
      const isBad = bad !== undefined && at >= bad.from && at < bad.to;
      found.push({ kind, text: text.slice(at, end), bad: isBad });
      at = end;
    }
  };
  for (const { kind, start, end } of tokens) {
    add(start, "");
    add(end, kind);
  }
  add(text.length, "");
  return found;
}

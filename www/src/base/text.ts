// Numbers in words for people, and places in texts.

const numbers = new Intl.NumberFormat("en");

export const count = (n: number): string => numbers.format(n);

/** "1 record", "1,204 records" */
export const counted = (n: number, noun: string): string => `${count(n)} ${noun}${n === 1 ? "" : "s"}`;

export function size(bytes: number): string {
  if (bytes < 10_000) return counted(bytes, "byte");
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A name between isolates (Unicode UAX 9): whatever its letters do to the direction, they do within it. */
export const isolated = (name: string): string => (name === "" ? "" : `\u2068${name}\u2069`);

/** The first names of many. */
export const some = (names: readonly string[], most = 3): string =>
  names.slice(0, most).map(isolated).join(", ") + (names.length > most ? " …" : "");

/** The word, string or character that stands at a line and column (in characters, from 1) of a JSON text. */
export function tokenAt(text: string, line: number, column: number): { from: number; to: number } {
  const rows = text.split("\n").slice(0, line);
  const row = rows.pop() ?? "";
  const start = rows.reduce((sum, { length }) => sum + length + 1, 0);
  const from = start + [...row].slice(0, column - 1).join("").length;
  const token = /"(?:[^"\\\n]|\\.)*"?|[\w.+-]+|[^\n]|/y;
  token.lastIndex = from;
  return { from, to: from + (token.exec(text)?.[0].length ?? 0) };
}

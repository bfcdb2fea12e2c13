// Numbers in words for people, and places in bytes turned into places in text.

const numbers = new Intl.NumberFormat("en");

export const count = (n: number): string => numbers.format(n);

/** "1 record", "1,204 records" */
export const counted = (n: number, noun: string): string => `${count(n)} ${noun}${n === 1 ? "" : "s"}`;

export function size(bytes: number): string {
  if (bytes < 10_000) return counted(bytes, "byte");
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A place in text: line and column as people count, in characters from 1; `index` as an editor counts, in UTF-16 units. */
export interface Place {
  line: number;
  column: number;
  index: number;
}

/** A pair of surrogates is one character. */
const characters = (text: string): number =>
  text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);

/**
 * Finds the places of byte offsets in UTF-8 text. Offsets that do not fall behind the last one asked for cost only the
 * bytes between the two.
 */
export function placeFinder(bytes: Uint8Array): (offset: number) => Place {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let known = 0;
  let place: Place = { line: 1, column: 1, index: 0 };
  return (offset) => {
    if (offset < known) {
      known = 0;
      place = { line: 1, column: 1, index: 0 };
    }
    const passed = decoder.decode(bytes.subarray(known, offset));
    const newline = passed.lastIndexOf("\n");
    place = {
      line: place.line + (newline < 0 ? 0 : passed.split("\n").length - 1),
      column: characters(passed.slice(newline + 1)) + (newline < 0 ? place.column : 1),
      index: place.index + passed.length,
    };
    known = offset;
    return place;
  };
}

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

/** The beginning of a long body, as lines, for showing; `whole` tells whether that is all. */
export function beginning(
  body: Uint8Array,
  maxLines: number,
  maxLine: number,
): { lines: string[]; whole: boolean } {
  const maxBytes = 1 << 18;
  const lines = new TextDecoder().decode(body.subarray(0, maxBytes), { stream: true }).split("\n");
  if (lines.at(-1) === "") lines.pop();
  let whole = body.length <= maxBytes && lines.length <= maxLines;
  const shown = lines.slice(0, maxLines).map((line) => {
    if (line.length <= maxLine) return line;
    whole = false;
    return `${line.slice(0, maxLine)} …`;
  });
  return { lines: shown, whole };
}

// JSON as people write it: with comments, commas before a closing bracket, numbers with leading zeros. Found in one pass,
// since such a text may be long, and may come with a link.

/** What JSON does not have, and where it stands. */
export interface Loose {
  readonly kind: "comment" | "comma" | "zeros";
  readonly start: number;
  readonly end: number;
}

const isDigit = (char: string | undefined): boolean => char !== undefined && char >= "0" && char <= "9";

/** All of it, in order. A string ends with its line at the latest. */
export function looseParts(text: string): Loose[] {
  const found: Loose[] = [];
  /** Where in `found` a comma would stand of which it is not known yet what follows. */
  let comma: { at: number; index: number } | undefined;
  let closed = true; // whether there is an end of a comment ahead
  for (let at = 0; at < text.length; ) {
    const char = text[at] as string;
    if (char === "/" && text[at + 1] === "/") {
      const end = text.indexOf("\n", at);
      found.push({ kind: "comment", start: at, end: end < 0 ? text.length : end });
      at = end < 0 ? text.length : end;
      continue;
    }
    if (char === "/" && text[at + 1] === "*" && closed) {
      const end = text.indexOf("*/", at + 2);
      closed = end >= 0;
      if (closed) {
        found.push({ kind: "comment", start: at, end: end + 2 });
        at = end + 2;
        continue;
      }
    }
    if (/\s/.test(char)) {
      at += 1;
      continue;
    }
    if (comma && (char === "]" || char === "}"))
      found.splice(comma.index, 0, { kind: "comma", start: comma.at, end: comma.at + 1 });
    comma = char === "," ? { at, index: found.length } : undefined;
    if (char === '"') at = stringEnd(text, at);
    else if (
      (char === "0" || (char === "-" && text[at + 1] === "0")) &&
      !/[\w.+-]/.test(text[at - 1] ?? " ")
    ) {
      const start = char === "-" ? at + 1 : at;
      let end = start;
      while (text[end] === "0") end += 1;
      if (!isDigit(text[end])) end -= 1; // one of them is the number
      if (end > start) found.push({ kind: "zeros", start, end });
      at = end + 1;
    } else at += 1;
  }
  return found;
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at];
    if (char === '"') return at + 1;
    if (char === "\n") return at;
    if (char === "\\") at += 1;
  }
  return text.length;
}

/** The text with some of it put otherwise. */
export function without(text: string, parts: readonly Loose[], put: (part: string) => string): string {
  if (parts.length === 0) return text;
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end } of parts) {
    pieces.push(text.slice(at, start), put(text.slice(start, end)));
    at = end;
  }
  pieces.push(text.slice(at));
  return pieces.join("");
}

// A JSON text as a tree of spans: numbers stay as they are written, every occurrence of a duplicate key is there, and a
// string that holds JSON can be opened in place.

export type Kind = "object" | "array" | "string" | "number" | "boolean" | "null";

/** A value and where it stands, in UTF-16 units of its text. */
export interface Node {
  readonly kind: Kind;
  /** The text in which it stands: that of the record, or what a string around it says. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Its name or number in what holds it; undefined at the top. */
  readonly key: string | number | undefined;
  readonly children: readonly Node[];
}

/** Deeper than this, or where the text is no JSON, there is no tree. */
const MAX_DEPTH = 256;

const space = /[ \t\n\r]*/y;
const scalar =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in strings
  /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** The tree of a text; undefined if it is no JSON. */
export function parse(text: string): Node | undefined {
  let at = 0;
  const skip = () => {
    space.lastIndex = at;
    space.exec(text);
    at = space.lastIndex;
  };
  const token = (): string => {
    scalar.lastIndex = at;
    const [found] = scalar.exec(text) ?? [];
    if (found === undefined) throw new SyntaxError();
    at += found.length;
    return found;
  };
  const many = (
    kind: "object" | "array",
    key: Node["key"],
    depth: number,
    member: (index: number) => Node,
  ): Node => {
    const start = at;
    const close = kind === "object" ? "}" : "]";
    const children: Node[] = [];
    if (depth > MAX_DEPTH) throw new SyntaxError();
    at += 1;
    skip();
    if (text[at] !== close) {
      for (;;) {
        children.push(member(children.length));
        skip();
        if (text[at] !== ",") break;
        at += 1;
        skip();
      }
      if (text[at] !== close) throw new SyntaxError();
    }
    at += 1;
    return { kind, text, start, end: at, key, children };
  };
  const value = (key: Node["key"], depth: number): Node => {
    skip();
    if (text[at] === "{")
      return many("object", key, depth, () => {
        const name = token();
        if (name[0] !== '"') throw new SyntaxError();
        skip();
        if (text[at] !== ":") throw new SyntaxError();
        at += 1;
        return value(JSON.parse(name) as string, depth + 1);
      });
    if (text[at] === "[") return many("array", key, depth, (index) => value(index, depth + 1));
    const start = at;
    const found = token();
    const kind: Kind =
      found[0] === '"' ? "string" : found === "null" ? "null" : /^[tf]/.test(found) ? "boolean" : "number";
    return { kind, text, start, end: at, key, children: [] };
  };
  try {
    const node = value(undefined, 0);
    skip();
    return at === text.length ? node : undefined;
  } catch {
    return undefined;
  }
}

/** As it is written. */
export const source = (node: Node): string => node.text.slice(node.start, node.end);

/** What a string says. */
export const said = (node: Node): string => JSON.parse(source(node)) as string;

/** What a string holds, if that is an object or an array: a tree of its own text. */
export function inside(node: Node): Node | undefined {
  if (node.kind !== "string" || node.end - node.start < 4) return undefined;
  const text = said(node);
  if (!/^\s*[[{]/.test(text)) return undefined;
  return parse(text);
}

/** The node that a pointer (RFC 6901) leads to, on into strings that hold JSON, the last of duplicate keys. */
export function follow(root: Node, pointer: string): Node | undefined {
  let node: Node | undefined = root;
  for (const segment of pointer.split("/").slice(1)) {
    const name = segment.replaceAll("~1", "/").replaceAll("~0", "~");
    node = (inside(node) ?? node).children.findLast(({ key }) => String(key) === name);
    if (!node) return undefined;
  }
  return node;
}

/**
 * A path one step on, as queries and policies write it; undefined where they cannot: they have no word for a name without
 * letters.
 */
export function step(path: string | undefined, key: string | number): string | undefined {
  if (typeof key === "number") return path; // queries read every element
  if (path === undefined || key === "") return undefined;
  const name = key
    .replace(/[\\.:()"\s[\]{}*?&|]/g, "\\$&")
    .replace(/^(?:[-+!@/<>=]|_exists_$|_missing_$)/, "\\$&");
  return path === "" ? name : `${path}.${name}`;
}

/** Where a byte of a text's UTF-8 is, in UTF-16 units. */
export function unitOf(text: string, byte: number): number {
  let bytes = 0;
  for (let unit = 0; unit < text.length; unit++) {
    if (bytes >= byte) return unit;
    const code = text.charCodeAt(unit);
    if (code < 0x80) bytes += 1;
    else if (code < 0x800) bytes += 2;
    else if (code >= 0xd800 && code < 0xdc00) {
      bytes += 4;
      unit += 1;
    } else bytes += 3;
  }
  return text.length;
}

// Two JSON texts as one list of lines: what both have, what only the first has, what only the second has. Strings that
// hold JSON are gone into.
import { inside, type Node, source } from "./json.js";

export interface Line {
  sign: " " | "-" | "+";
  depth: number;
  /** The member's name as JSON has it, or nothing. */
  name: string;
  text: string;
  /** The value of the first text that the line shows; where a line only closes, none. */
  node?: Node | undefined;
  /** How many strings lie around it, and the outermost of them. */
  inString?: Node | undefined;
}

const MOST_LINES = 20_000;

export function diff(before: Node, after: Node): Line[] {
  const lines: Line[] = [];
  const nameOf = (node: Node) => (typeof node.key === "string" ? `${JSON.stringify(node.key)}: ` : "");
  const put = (line: Line) => {
    if (lines.length < MOST_LINES) lines.push(line);
  };
  const held = (node: Node): [Node, boolean] => {
    const inner = inside(node);
    return inner && inner.children.length > 0 ? [inner, true] : [node, false];
  };
  const whole = (node: Node, sign: Line["sign"], depth: number, outer: Node | undefined): void => {
    const name = nameOf(node);
    const [shape, opened] = held(node);
    const around = outer ?? (opened ? node : undefined);
    if (shape.children.length === 0) {
      put({ sign, depth, name, text: source(node), node, inString: outer });
      return;
    }
    const [open, close] = shape.kind === "array" ? ["[", "]"] : ["{", "}"];
    put({ sign, depth, name, text: `${opened ? '"' : ""}${open}`, node, inString: outer });
    for (const child of shape.children) whole(child, sign, depth + 1, around);
    put({ sign, depth, name: "", text: `${close}${opened ? '"' : ""}` });
  };
  const both = (a: Node, b: Node, depth: number, outer: Node | undefined): void => {
    if (source(a) === source(b)) {
      whole(a, " ", depth, outer);
      return;
    }
    const [left, leftOpened] = held(a);
    const [right, rightOpened] = held(b);
    const alike =
      left.kind === right.kind &&
      leftOpened === rightOpened &&
      (left.kind === "object" || left.kind === "array") &&
      left.children.length > 0;
    if (!alike) {
      whole(a, "-", depth, outer);
      whole(b, "+", depth, outer);
      return;
    }
    const [open, close] = left.kind === "array" ? ["[", "]"] : ["{", "}"];
    const quote = leftOpened ? '"' : "";
    const around = outer ?? (leftOpened ? a : undefined);
    put({ sign: " ", depth, name: nameOf(a), text: `${quote}${open}`, node: a, inString: outer });
    for (const [one, other] of pairs(left.children, right.children)) {
      if (one && other) both(one, other, depth + 1, around);
      else if (one) whole(one, "-", depth + 1, around);
      else if (other) whole(other, "+", depth + 1, around);
    }
    put({ sign: " ", depth, name: "", text: `${close}${quote}` });
  };
  both(before, after, 0, undefined);
  return lines;
}

/** Members that belong together: those of one name in their order; elements by their place. */
function pairs(a: readonly Node[], b: readonly Node[]): [Node | undefined, Node | undefined][] {
  const left = new Map<string, Node[]>();
  for (const node of b) {
    const name = String(node.key);
    const all = left.get(name);
    if (all) all.push(node);
    else left.set(name, [node]);
  }
  const found: [Node | undefined, Node | undefined][] = a.map((node) => [
    node,
    left.get(String(node.key))?.shift(),
  ]);
  for (const rest of left.values()) for (const node of rest) found.push([undefined, node]);
  return found;
}

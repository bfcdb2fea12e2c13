// What the schema and the drift say, on the very values they speak of.
import { follow, inside, type Node, unitOf } from "../base/json.js";
import type { Detail } from "../engine/protocol.js";

export interface Remark {
  node: Node;
  text: string;
  kind: "bad" | "warn";
}

export interface Remarks {
  /** Those that a value of the event carries. */
  placed: Remark[];
  /** Those that no value carries, such as a field that is missing. */
  others: { text: string; kind: "bad" | "warn" }[];
}

/** Finds the places of findings and drift in the tree of a record. */
export function remarksOf(
  detail: Detail,
  root: Node | undefined,
  words: { expected: (text: string) => string; drifts: Record<string, string> },
): Remarks {
  const placed: Remark[] = [];
  const others: Remarks["others"] = [];
  const found = root && follow(root, detail.at ?? "");
  const event = found && (inside(found) ?? found);
  for (const { code, expected, help, span } of detail.findings) {
    const text = `${code}: ${words.expected(expected)}${help ? `; ${help}` : ""}`;
    const node = event && at(event, span.start, span.end);
    if (node) placed.push({ node, text, kind: "bad" });
    else others.push({ text, kind: "bad" });
  }
  for (const { change, pointer } of detail.drift) {
    const words_ = words.drifts[change] ?? change;
    const node = change === "missing" || !event || pointer.includes("*") ? undefined : follow(event, pointer);
    if (node) placed.push({ node, text: words_, kind: "warn" });
    else others.push({ text: `${pointer}: ${words_}`, kind: "warn" });
  }
  return { placed, others };
}

/** The value of which the bytes are told, counted from where the event begins. */
function at(event: Node, start: number, end: number): Node | undefined {
  const text = event.text.slice(event.start);
  const from = event.start + unitOf(text, start);
  const to = event.start + unitOf(text, end);
  let node: Node = event;
  for (;;) {
    if (node.start === from && node.end === to) return node;
    const inner: Node | undefined = node.children.find((child) => child.start <= from && to <= child.end);
    // A name that is wrong stands before its value, so no value has these bytes: what holds it is shown.
    if (!inner) return node;
    node = inner;
  }
}

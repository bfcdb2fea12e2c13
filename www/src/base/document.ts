// A policy's text as a document: comments and stray commas may stand in it, and what is put into it leaves the rest as it is.
import { type Node, parse, source } from "./json.js";
import { looseParts, without } from "./loose.js";

/** The tree of a text with comments and stray commas; places are those of the text. Undefined if it is no JSON then. */
export function parseDocument(text: string): Node | undefined {
  const loose = looseParts(text).filter(({ kind }) => kind !== "zeros");
  return parse(without(text, loose, (part) => part.replace(/[^\n]/g, " ")));
}

const member = (node: Node | undefined, key: string): Node | undefined =>
  node?.children.findLast((child) => child.key === key);

/** A route of a policy. */
export const routeOf = (policy: Node, name: string): Node | undefined =>
  member(policy, "routes")?.children.find((route) => {
    const named = member(route, "name");
    return named?.kind === "string" && JSON.parse(source(named)) === name;
  });

/** The template of a route as it is written: the text of a string, the JSON of anything else. */
export function templateOf(
  text: string,
  route: string,
): { form: "text" | "value"; text: string } | undefined {
  const policy = parseDocument(text);
  const template = policy && member(routeOf(policy, route), "template");
  if (!template) return undefined;
  const written = source(template);
  return template.kind === "string"
    ? { form: "text", text: JSON.parse(written) as string }
    : { form: "value", text: text.slice(template.start, template.end) };
}

/** The policy with a template, as JSON, for a route; undefined where the route is not found. */
export function withTemplate(text: string, route: string, template: string): string | undefined {
  const policy = parseDocument(text);
  const node = policy && routeOf(policy, route);
  if (!node) return undefined;
  const old = member(node, "template");
  if (old) return text.slice(0, old.start) + template + text.slice(old.end);
  const last = node.children.at(-1);
  const at = last?.end ?? node.start + 1;
  return `${text.slice(0, at)}${last ? ", " : ""}"template": ${template}${text.slice(at)}`;
}

/** Where the `index`-th character of a JSON text without spaces stands in the text with them. */
export function spacedPlace(text: string, index: number): number {
  let left = index;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (!inString && /\s/.test(char)) continue;
    if (left === 0) return at;
    left -= 1;
    if (char === '"') inString = !inString;
    else if (char === "\\" && inString) {
      at += 1;
      if (left === 0) return at;
      left -= 1;
    }
  }
  return text.length;
}

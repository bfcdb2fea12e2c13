// Completion of a JSON document by its JSON Schema: names of members, and values that there are only so many of.
import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";
import type { EditorState, Extension } from "@codemirror/state";

interface Schema {
  $ref?: string;
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  type?: string | string[];
  $defs?: Record<string, Schema>;
}
type SyntaxNode = ReturnType<ReturnType<typeof syntaxTree>["resolveInner"]>;

/** All that a place may be: references followed, alternatives side by side. */
function shapes(root: Schema, schema: Schema, depth = 0): Schema[] {
  if (depth > 12) return [];
  const { $ref, anyOf = [], oneOf = [], allOf = [] } = schema;
  const target = $ref?.startsWith("#/$defs/") ? root.$defs?.[$ref.slice(8)] : undefined;
  const others = [...(target ? [target] : []), ...anyOf, ...oneOf, ...allOf];
  return [schema, ...others.flatMap((other) => shapes(root, other, depth + 1))];
}

const textOf = (state: EditorState, node: SyntaxNode): string => state.sliceDoc(node.from, node.to);

/** The way from the document to a node: names of members; of elements, nothing but that they are elements. */
function wayTo(state: EditorState, node: SyntaxNode): (string | undefined)[] {
  const way: (string | undefined)[] = [];
  for (let at: SyntaxNode | null = node; at; at = at.parent) {
    if (at.name === "Property") {
      const name = at.getChild("PropertyName");
      if (name && name !== node) way.unshift(textOf(state, name).slice(1, -1));
    } else if (at.parent?.name === "Array") way.unshift(undefined);
  }
  return way;
}

function options(schema: Schema, state: EditorState, context: CompletionContext): CompletionResult | null {
  const node = syntaxTree(state).resolveInner(context.pos, -1);
  const inName = node.name === "PropertyName";
  const inObject = node.name === "Object" || node.name === "{";
  const holder = inName
    ? node.parent?.parent
    : inObject
      ? node.name === "{"
        ? node.parent
        : node
      : undefined;
  const from =
    inName || node.name === "String" ? node.from : (context.matchBefore(/[\w"-]*/)?.from ?? context.pos);
  // Narrowed here: the editor's own matching takes a quotation mark alone for nothing.
  const typed = state.sliceDoc(from, context.pos).replace(/^"/, "").toLowerCase();
  const narrowed = (result: CompletionResult): CompletionResult => ({
    ...result,
    options: result.options.filter(({ label }) => label.replace(/^"/, "").toLowerCase().startsWith(typed)),
    filter: false,
  });
  if (holder) {
    const places = wayTo(state, holder).reduce<Schema[]>(
      (found, name) =>
        found.flatMap((shape) => {
          const next = name === undefined ? shape.items : shape.properties?.[name];
          return next ? shapes(schema, next) : [];
        }),
      shapes(schema, schema),
    );
    const there = new Set(
      holder.getChildren("Property").flatMap((property) => {
        const name = property.getChild("PropertyName");
        return name && !(inName && name.from === node.from) ? [textOf(state, name).slice(1, -1)] : [];
      }),
    );
    const found = new Map<string, Completion>();
    for (const { properties = {} } of places)
      for (const [name, { description }] of Object.entries(properties))
        if (!there.has(name) && !found.has(name))
          found.set(name, {
            label: `"${name}"`,
            apply: inName && state.sliceDoc(node.to, node.to + 2).includes(":") ? `"${name}"` : `"${name}": `,
            type: "property",
            ...(description !== undefined && { info: description }),
          });
    return narrowed({ from, ...(inName && { to: node.to }), options: [...found.values()] });
  }
  const inValue = ["String", "Property", "Array", "[", "True", "False", "⚠"].includes(node.name);
  if (!inValue) return null;
  const at = node.name === "[" ? node.parent : node;
  if (!at) return null;
  const way = wayTo(state, at);
  if (at.name === "Array") way.push(undefined);
  const places = way.reduce<Schema[]>(
    (found, name) =>
      found.flatMap((shape) => {
        const next = name === undefined ? shape.items : shape.properties?.[name];
        return next ? shapes(schema, next) : [];
      }),
    shapes(schema, schema),
  );
  const values = new Set<string>();
  for (const shape of places) {
    for (const value of shape.enum ?? []) values.add(JSON.stringify(value));
    if (shape.const !== undefined) values.add(JSON.stringify(shape.const));
    if (shape.type === "boolean") for (const value of ["true", "false"]) values.add(value);
  }
  if (values.size === 0) return null;
  const to = node.name === "String" ? { to: node.to } : {};
  return narrowed({ from, ...to, options: [...values].map((label) => ({ label, type: "constant" })) });
}

/** Completes by a schema as soon as that has come. */
export function completeBy(schema: Promise<object>): Extension {
  let known: Schema | undefined;
  void schema.then((found) => {
    known = found as Schema;
  });
  return autocompletion({
    icons: false,
    override: [(context) => (known ? options(known, context.state, context) : null)],
  });
}

// From the schemas of the catalogue to TypeScript: a type for each event type, a map of them all, and their union.
import { readdirSync, readFileSync } from "node:fs";
import { at } from "./shell.mjs";

const home = ["src", "catalog"];

/** The catalogue's folders: `{ type, folder, event, schema }` of each, in order of their types. */
export function catalogue() {
  const folders = (...parts) =>
    readdirSync(at(...home, ...parts), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  return folders().flatMap((platform) =>
    folders(platform).map((name) => {
      const folder = at(...home, platform, name);
      const read = (file) => JSON.parse(readFileSync(`${folder}/${file}`, "utf8"));
      return { type: `${platform}.${name}`, folder, event: read("event.json"), schema: read("schema.json") };
    }),
  );
}

/** What `events.d.ts` holds. */
export async function eventTypes() {
  const { compile } = await import("json-schema-to-typescript"); // not there on a fresh clone
  const out = ["// Generated from src/catalog by: npm run build:ts. Changes made here are lost.\n"];
  const entries = catalogue();
  for (const { schema } of entries) {
    const text = await compile(prepared(schema), schema.title, {
      bannerComment: "",
      additionalProperties: true, // the platforms say that payloads change
      ignoreMinAndMaxItems: true,
      unreachableDefinitions: true, // what strings hold as JSON
      style: { printWidth: 110 },
    });
    out.push(withoutReferences(text));
  }
  const members = entries.map(
    ({ type, event, schema }) => `  /** ${event.title}. */\n  "${type}": ${schema.title};`,
  );
  out.push(`/** The event types of the catalogue, by name. */\nexport interface EventTypes {\n${members.join("\n")}\n}
`);
  out.push(`/** The name of an event type of the catalogue. */
export type EventType = keyof EventTypes;
`);
  out.push(`/** An event of the catalogue that was found in a record; \`type\` tells which. */
export type KnownEvent = {
  [K in EventType]: {
    /** Its type. */
    type: K;
    /** The event itself, out of its wrapper. */
    event: EventTypes[K];
    /** Where it stood in its record, as a JSON Pointer (RFC 6901): \`""\` if it is the record. */
    at: string;
  };
}[EventType];
`);
  return out.join("\n");
}

/** The keywords that say what a value is. */
const SAYING = new Set(["type", "const", "enum", "properties", "$ref", "allOf", "anyOf", "oneOf"]);

/** The schema as the generator wants it: each part has a name of its own, open enums are types. */
function prepared(schema) {
  const names = Object.fromEntries(
    Object.keys(schema.$defs ?? {}).map((name) => [name, schema.title + pascal(name)]),
  );
  const visit = (node, name) => {
    if (Array.isArray(node)) return node.map((each) => visit(each));
    if (node === null || typeof node !== "object") return node;
    const out = {};
    for (const [key, value] of Object.entries(node)) {
      if (key === "$defs" || key === "properties") {
        out[key] = {};
        for (const [part, inner] of Object.entries(value)) {
          out[key][part] = key === "$defs" ? visit(inner, names[part]) : visit(toldOf(inner, schema));
        }
      } else out[key] = visit(value);
    }
    if (name !== undefined) out.title = name;
    if (node["x-known"]) out.tsType = openEnum(node);
    // The generator takes a value of which nothing is said for an object.
    else if (!Object.keys(node).some((key) => SAYING.has(key))) out.tsType = "unknown";
    const held = node.contentSchema?.$ref?.match(/^#\/\$defs\/(.*)$/)?.[1];
    if (held) out.description = `${node.description} Its JSON is a {@link ${names[held]}}.`;
    return out;
  };
  return visit(schema);
}

/** A member that is a definition is told of as that is; the generator looks at the reference alone. */
function toldOf(member, { $defs = {} }) {
  const { $ref, description = $defs[$ref?.split("/").at(-1)]?.description } = member;
  return $ref && description ? { description, allOf: [{ $ref }] } : member;
}

/** The words that are known, for the editor to offer; any other of their kind is as good. */
function openEnum({ type, "x-known": known }) {
  const types = [type].flat();
  const kinds = types.filter((each) => each !== "null").map((each) => (each === "integer" ? "number" : each));
  const words = [...known.map((word) => JSON.stringify(word)), ...kinds.map((kind) => `(${kind} & {})`)];
  if (types.includes("null")) words.push("null");
  return words.join(" | ");
}

const pascal = (name) => name.replace(/(?:^|_)([a-z])/g, (_, letter) => letter.toUpperCase());

/** Without the generator's own words, which are of no use to a reader. */
export const withoutReferences = (text) =>
  text
    .replace(/ \*\n \* This interface was referenced by .*\n \* via the `definition` .*\n/g, "")
    .replace(/\/\*\*\n \* This interface was referenced by .*\n \* via the `definition` .*\n \*\/\n/g, "");

// Checks the data of src/catalog by itself, before the core reads it: node tests/catalog/check.mjs [--coverage] [TYPE…]
//
// - each folder <platform>/<type> holds event.json, schema.json, about.md and samples/NAME.json with NAME.fields.json
// - event.json is as event.schema.json says; schema.json is a schema; each sample is valid by it, knows no other
//   members and no other words than it does (free payload aside)
// - every path of event.json exists in schema.json (into strings by `contentSchema`)
// - no object can be recognised as two types (proved for each pair), and each sample is recognised as its own type
// - the common fields of a sample are those of NAME.fields.json, @type among them
//
// --coverage also lists what no sample shows. Needs ajv and ajv-formats, in node_modules or along NODE_PATH.

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { commonFields, holds, recognises, steps } from "./evaluate.mjs";

const require = createRequire(import.meta.url);
const Ajv = require("ajv/dist/2020").default;
const addFormats = require("ajv-formats").default;

const root = fileURLToPath(new URL("../../src/catalog/", import.meta.url));
const wanted = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const coverage = process.argv.includes("--coverage");
let problems = 0;

function problem(file, text) {
  problems += 1;
  console.error(`${relative(root, file)}: ${text}`);
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    problem(file, error.message);
    return undefined;
  }
}

const folders = (folder) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();

// A validator in two calls, so that another can stand in its place.
const ajv = new Ajv({ allErrors: true, strict: true, strictTypes: false, keywords: ["x-known"] });
addFormats(ajv);
const validator = (schema) => ajv.compile(schema);
const faults = (validate, value) =>
  validate(value) ? [] : validate.errors.map((error) => `${error.instancePath || "/"} ${error.message}`);

// --- walking a schema -------------------------------------------------------------------------------------------

/** The schemas that speak about the same value: the node, what it refers to, and its branches. */
function views(node, top) {
  if (!node || typeof node !== "object") return [];
  const out = [node];
  if (node.$ref)
    out.push(
      ...views(
        steps(node.$ref.replace(/^#\/?/, "").replaceAll("/", ".")).reduce((at, name) => at?.[name], top),
        top,
      ),
    );
  for (const branch of [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])])
    out.push(...views(branch, top));
  for (const branch of [node.then, node.else]) if (branch) out.push(...views(branch, top));
  return out;
}

const inside = (nodes, top) => nodes.flatMap((node) => views(node.contentSchema, top));
const members = (nodes, name, top) => nodes.flatMap((node) => views(node.properties?.[name], top));
const elements = (nodes, top) =>
  nodes.flatMap((node) => [node.items, ...(node.prefixItems ?? [])].flatMap((each) => views(each, top)));

/** The schemas of the values at a path; none if the schema does not know the path. */
function schemasAt(schema, path) {
  let nodes = views(schema, schema);
  for (const step of steps(path)) {
    let open = [...nodes, ...inside(nodes, schema)];
    if (typeof step === "string") {
      open = [...open, ...elements(open, schema)];
      nodes = members(open, step, schema);
    } else nodes = elements(open, schema);
  }
  return nodes;
}

/** Each part of a value that its schema describes, with the path that the schema has for it. */
function* parts(value, nodes, top, path = "") {
  yield { path, value, nodes };
  let inner = value;
  let open = nodes;
  if (typeof value === "string" && nodes.some((node) => node.contentSchema)) {
    try {
      inner = JSON.parse(value);
      open = inside(nodes, top);
    } catch {
      return;
    }
  }
  if (Array.isArray(inner)) {
    for (const item of inner) yield* parts(item, elements(open, top), top, `${path}[*]`);
  } else if (inner !== null && typeof inner === "object") {
    for (const [name, each] of Object.entries(inner)) {
      const at = `${path}${path && "."}${name.replace(/[.[\]*\\]/g, "\\$&")}`;
      yield* parts(each, members(open, name, top), top, at);
    }
  }
}

/** Every path that a schema describes. */
function* paths(nodes, top, path = "", seen = []) {
  if (path) yield path;
  const fresh = nodes.filter((node) => !seen.includes(node));
  if (fresh.length === 0) return;
  const open = [...fresh, ...inside(fresh, top)];
  const names = new Set(open.flatMap((node) => Object.keys(node.properties ?? {})));
  for (const name of names) {
    const at = `${path}${path && "."}${name.replace(/[.[\]*\\]/g, "\\$&")}`;
    yield* paths(members(open, name, top), top, at, [...seen, ...fresh]);
  }
  const items = elements(open, top);
  if (items.length) yield* paths(items, top, `${path}[*]`, [...seen, ...fresh]);
}

// --- recognisers ------------------------------------------------------------------------------------------------

const valuesOf = (condition) => ("const" in condition ? [condition.const] : condition.enum);
const typesOf = (condition) =>
  condition.type && [condition.type].flat().map((type) => (type === "integer" ? "number" : type));

function contradict(a, b) {
  if (valuesOf(a)) return valuesOf(a).every((value) => !holds(b, value));
  if (valuesOf(b)) return contradict(b, a);
  return Boolean(a.type && b.type) && !typesOf(a).some((type) => typesOf(b).includes(type));
}

/** True if no object can satisfy both. */
function exclusive(a, b) {
  for (const [name, condition] of Object.entries(a.require)) {
    if (b.require[name] && contradict(condition, b.require[name])) return true;
  }
  return [
    [a, b],
    [b, a],
  ].some(([one, other]) => {
    const absent = other.absent ?? [];
    return (
      Object.keys(one.require).some((name) => absent.includes(name)) ||
      (one.anyOf ?? []).some((group) => group.every((name) => absent.includes(name)))
    );
  });
}

// --- the catalogue ----------------------------------------------------------------------------------------------

/** A path without its steps through arrays. */
const plain = (path) => path.replace(/\[(?:\d+|\*)\]/g, "");

/** Every path that event.json names, with the member in which it does. */
function pathsNamed(event) {
  const out = [];
  for (const [name, sources] of Object.entries(event.fields ?? {})) {
    for (const source of [sources].flat()) {
      for (const path of [source.path, source.from, source.to, ...Object.keys(source.when ?? {})])
        out.push([name, path]);
    }
  }
  for (const { path } of event.personal ?? []) out.push(["personal", path]);
  for (const path of event.payload ?? []) out.push(["payload", path]);
  for (const path of event.json ?? []) out.push(["json", path]);
  for (const { on = {}, when = {} } of event.links ?? []) {
    for (const path of [...Object.keys(on), ...Object.keys(when)]) out.push(["links", path]);
  }
  return out.filter(([, path]) => path !== undefined);
}

const checkForm = validator(readJson(join(root, "event.schema.json")));
const catalogue = [];
for (const platform of folders(root)) {
  for (const name of folders(join(root, platform))) {
    const folder = join(root, platform, name);
    const file = (part) => join(folder, part);
    const entry = {
      folder,
      file,
      event: readJson(file("event.json")),
      schema: readJson(file("schema.json")),
    };
    if (!entry.event || !entry.schema) continue;
    for (const fault of faults(checkForm, entry.event)) problem(file("event.json"), fault);
    if (entry.event.type !== `${platform}.${name}`)
      problem(file("event.json"), `type is not ${platform}.${name}`);
    if (entry.schema.$id !== `https://logweir.dev/schema/${platform}/${name}.json`)
      problem(file("schema.json"), "$id");
    try {
      entry.validate = validator(entry.schema);
    } catch (error) {
      problem(file("schema.json"), error.message);
      continue;
    }
    catalogue.push(entry);
  }
}

for (const [index, a] of catalogue.entries()) {
  for (const b of catalogue.slice(index + 1)) {
    if (!exclusive(a.event.recognise, b.event.recognise)) {
      problem(
        a.file("event.json"),
        `an object could be recognised as ${a.event.type} and as ${b.event.type}`,
      );
    }
  }
}

const chosen = catalogue.filter(({ event }) => wanted.length === 0 || wanted.includes(event.type));
let samples = 0;
for (const { file, event, schema, validate } of chosen) {
  for (const [where, path] of pathsNamed(event)) {
    if (schemasAt(schema, path).length === 0)
      problem(file("event.json"), `${where}: ${path} is not in the schema`);
  }
  for (const { to, on, where = {} } of event.links ?? []) {
    const other = catalogue.find((entry) => entry.event.type === to);
    if (!other) problem(file("event.json"), `links: there is no ${to}`);
    for (const path of other ? [...Object.values(on), ...Object.keys(where)] : []) {
      if (schemasAt(other.schema, path).length === 0)
        problem(file("event.json"), `links: ${path} is not in ${to}`);
    }
  }
  for (const path of event.json ?? []) {
    if (!schemasAt(schema, path).some((node) => node.contentMediaType === "application/json")) {
      problem(file("schema.json"), `${path} holds JSON, but has no contentMediaType`);
    }
  }
  for (const part of ["about.md"]) {
    try {
      if (!readFileSync(file(part), "utf8").trim()) problem(file(part), "is empty");
    } catch {
      problem(file(part), "is missing");
    }
  }

  const shown = new Set();
  const names = readdirSync(file("samples")).filter((name) => !name.endsWith(".fields.json"));
  if (names.length === 0) problem(file("samples"), "holds no sample");
  for (const name of names.sort()) {
    samples += 1;
    const at = file(`samples/${name}`);
    const sample = readJson(at);
    if (sample === undefined) continue;
    for (const fault of faults(validate, sample)) problem(at, fault);
    for (const { path, value, nodes } of parts(sample, views(schema, schema), schema)) {
      shown.add(path);
      const payload = (event.payload ?? []).some((each) => `${plain(path)}.`.startsWith(`${plain(each)}.`));
      if (path && nodes.length === 0 && !payload) problem(at, `${path} is not in the schema`);
      const known = nodes.flatMap((node) => node["x-known"] ?? []);
      if (known.length && value !== null && !known.includes(value)) problem(at, `${path} is none of x-known`);
      if (known.length) shown.add(`${path}=${value}`);
    }
    const types = catalogue
      .filter((entry) => recognises(entry.event.recognise, sample))
      .map((entry) => entry.event.type);
    if (!isDeepStrictEqual(types, [event.type]))
      problem(at, `recognised as ${types.join(", ") || "nothing"}`);
    const expected = readJson(at.replace(/\.json$/, ".fields.json"));
    const found = commonFields(event, sample);
    for (const field of new Set([...Object.keys(expected ?? {}), ...Object.keys(found)])) {
      if (isDeepStrictEqual(expected?.[field], found[field])) continue;
      problem(
        at,
        `${field} should be ${JSON.stringify(expected?.[field])}, not ${JSON.stringify(found[field])}`,
      );
    }
  }
  if (coverage) {
    for (const path of paths(views(schema, schema), schema)) {
      if (!shown.has(path)) console.log(`${event.type}: no sample has ${path}`);
      for (const value of schemasAt(schema, path).flatMap((node) => node["x-known"] ?? [])) {
        if (!shown.has(`${path}=${value}`)) console.log(`${event.type}: no sample has ${path} = ${value}`);
      }
    }
  }
}

console.log(`${chosen.length} event types, ${samples} samples, ${problems} problems`);
process.exitCode = problems || samples === 0 ? 1 : 0;

// From schemas and TypeScript to what the package ships: pkg/generated and pkg/dist.
//   node pkg/tools/build-ts.mjs [--force]
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { catalogue, eventTypes, withoutReferences } from "./events.mjs";
import { sampleTemplates } from "./samples.mjs";
import { at, dim, filesUnder, hashOf, isMain, mainly, must, readJson, Stop, say, step } from "./shell.mjs";

const typescript = at("node_modules", "typescript");
const schemas = {
  policy: "src/policy/policy.schema.json",
  report: "src/report.schema.json",
  finding: "src/schema/finding.schema.json",
};
const presets = "src/policy/presets";
const eventSchema = "src/catalog/event.schema.json";
const papers = [
  "LICENSE-MIT",
  "LICENSE-APACHE",
  "LICENSE-UNICODE",
  "CHANGELOG.md",
  "PROBLEMS.md",
  "src/policy/POLICY.md",
  "src/query/QUERY.md",
  "src/template/TEMPLATE.md",
  "src/sensitive/DETECTORS.md",
];
const inputs = [
  ...Object.values(schemas),
  eventSchema,
  presets,
  ...papers,
  "src/catalog",
  "pkg/src",
  "pkg/tsconfig.json",
  "pkg/tools/build-ts.mjs",
  "pkg/tools/events.mjs",
  "pkg/tools/samples.mjs",
  "pkg/wasm",
];
const stamp = at("target", "ts-inputs.json");

/** Generates what comes from schemas and samples and compiles the package, unless nothing has changed. */
export async function buildTs({ force = false, quiet = false } = {}) {
  if (!existsSync(typescript)) throw new Stop("The JavaScript tools are not installed yet: npm ci");
  if (!existsSync(at("pkg", "wasm", "core.js"))) throw new Stop("The wasm is not built yet: npm run build");
  const version = readJson(`${typescript}/package.json`).version;
  const fingerprint = hashOf(filesUnder(inputs), [version]);
  if (
    !force &&
    readJson(stamp)?.inputs === fingerprint &&
    existsSync(at("pkg", "dist")) &&
    generated.every((name) => existsSync(at("pkg", "generated", name)))
  ) {
    if (!quiet) say(dim("  the package is up to date (pkg/dist)"));
    return;
  }
  await step("Writing types from the schemas, templates from the samples", generate);
  await step("Compiling TypeScript", () => {
    rmSync(at("pkg", "dist"), { recursive: true, force: true });
    return must(process.execPath, [`${typescript}/bin/tsc`, "--project", at("pkg")], {
      what: "Compiling TypeScript",
    });
  });
  // npm packs what lies in the folder of the package; these lie elsewhere.
  for (const paper of papers.filter((paper) => existsSync(at(paper))))
    copyFileSync(at(paper), at("pkg", basename(paper)));
  mkdirSync(at("target"), { recursive: true });
  writeFileSync(stamp, JSON.stringify({ inputs: fingerprint }));
}

const made = [
  ...readdirSync(at(presets)).map((name) => join("presets", name)),
  "catalog.json",
  "events.d.ts",
  "links.d.ts",
  "links.js",
  "samples.d.ts",
  "samples.js",
];
const generated = [
  ...Object.keys(schemas).flatMap((name) => [`${name}.d.ts`, `${name}.schema.json`]),
  ...made,
];

const banner = "// Generated from src/catalog by: npm run build:ts. Changes made here are lost.\n\n";

const LINKS = `/** An entry of an event type's \`links\`; \`from\` is that type. */
export interface LinkEntry {
  readonly from: string;
  readonly to: string;
  readonly title: string;
  readonly on: Readonly<Record<string, string>>;
  readonly when?: Readonly<Record<string, unknown>>;
  readonly where?: Readonly<Record<string, unknown>>;
  readonly spans?: boolean;
}
export declare const links: readonly LinkEntry[];
`;

async function generate() {
  const { compile } = await import("json-schema-to-typescript");
  const put = (name, text) => writeFileSync(at("pkg", "generated", name), text);
  mkdirSync(at("pkg", "generated"), { recursive: true });
  for (const [name, path] of Object.entries(schemas)) {
    const schema = readSchema(name, path);
    const text = await compile(described(closed(schema)), name, {
      bannerComment: `// Generated from ${path} by: npm run build:ts. Changes made here are lost.`,
      additionalProperties: false,
      ignoreMinAndMaxItems: true, // a list is a list, not a tuple
      unreachableDefinitions: true,
      style: { printWidth: 110 },
    });
    put(`${name}.d.ts`, plainer(demanded(text, schema)));
    put(`${name}.schema.json`, `${JSON.stringify(schema, null, 2)}\n`);
  }
  rmSync(at("pkg", "generated", "presets"), { recursive: true, force: true });
  cpSync(at(presets), at("pkg", "generated", "presets"), { recursive: true });
  put("events.d.ts", await eventTypes());
  // As a policy's `accept.catalog` has them: each with its schema.
  const entries = catalogue().map(({ event, schema }) => ({ ...event, schema }));
  put("catalog.json", `[\n${entries.map((entry) => JSON.stringify(entry)).join(",\n")}\n]\n`);
  const links = catalogue().flatMap(({ type, event }) =>
    (event.links ?? []).map((link) => ({ from: type, ...link })),
  );
  put(
    "links.js",
    `${banner}export const links = [\n${links.map((link) => `  ${JSON.stringify(link)},\n`).join("")}];\n`,
  );
  put("links.d.ts", banner + LINKS);
  const templates = sampleTemplates();
  put("samples.d.ts", templates.types);
  put("samples.js", templates.js);
}

/** A schema; into the policy's goes that of event types, which a policy may bring. */
function readSchema(name, path) {
  const schema = readJson(at(path));
  if (name !== "policy") return schema;
  const inPolicy = (key, value) => (key === "$ref" ? value.replace(/^#/, "#/$defs/EventType") : value);
  const { $schema, $id, ...event } = JSON.parse(readFileSync(at(eventSchema), "utf8"), inPolicy);
  event.properties.schema = { description: "The JSON Schema (2020-12) of its events.", tsType: "unknown" };
  schema.$defs.EventType = event;
  return schema;
}

/**
 * A copy without what is demanded of an object besides its members (one of several, exactly one): the type made of that
 * would take members of any name. `demanded` says it instead.
 */
function closed(schema) {
  const of = ({ if: _, then, anyOf, oneOf, ...rest }) => ({
    ...rest,
    ...(isDemand(anyOf) ? {} : { anyOf }),
    ...(isDemand(oneOf) ? {} : { oneOf }),
  });
  const $defs = Object.entries(schema.$defs ?? {}).map(([name, def]) => [name, of(def)]);
  return JSON.parse(JSON.stringify({ ...schema, $defs: Object.fromEntries($defs) }));
}

/** Whether a list of schemas only says which members there are, not what they are. */
const isDemand = (list) =>
  Array.isArray(list) && list.every(({ type, required, properties }) => !type && (required || properties));

const DEMANDS = `
/** One of these members, at least. */
type AtLeastOne<T, K extends keyof T> = K extends K ? Required<Pick<T, K>> : never;
/** One of these members and no other of them. */
type ExactlyOne<T, K extends keyof T, All extends keyof T = K> = K extends K
  ? Required<Pick<T, K>> & { readonly [other in Exclude<All, K>]?: never }
  : never;
`;

/** The types of objects of which some members are demanded: their members, and the demand. */
function demanded(text, schema) {
  let out = text;
  for (const [name, { anyOf, oneOf, minProperties, maxProperties }] of Object.entries(schema.$defs ?? {})) {
    const members = `${name}Members`;
    const union = (list) => list.map(({ required: [member] }) => JSON.stringify(member)).join(" | ");
    const demands = [];
    if (isDemand(oneOf)) demands.push(`ExactlyOne<${members}, ${union(oneOf)}>`);
    if (isDemand(anyOf)) {
      const words = anyOf.filter(({ required }) => required);
      const others = anyOf.filter(({ required }) => !required).flatMap((of) => Object.entries(of.properties));
      const constants = others.map(
        ([member, of]) => ` | { readonly ${member}: ${JSON.stringify(of.const)} }`,
      );
      demands.push(`(AtLeastOne<${members}, ${union(words)}>${constants.join("")})`);
    }
    if (minProperties === 1 && maxProperties === 1) demands.push(`ExactlyOne<${members}, keyof ${members}>`);
    if (demands.length === 0) continue;
    const head = `export interface ${name} {`;
    if (!out.includes(head)) throw new Error(`${name}: expected its interface`);
    out = out.replace(
      head,
      `export type ${name} = ${[members, ...demands].join(" & ")};\ninterface ${members} {`,
    );
  }
  return out === text ? text : out + DEMANDS;
}

/** A copy in which what is said beside a reference is kept: the generator looks at the reference alone. */
function described(schema) {
  return JSON.parse(JSON.stringify(schema), (_, value) =>
    value?.$ref && value.description
      ? { description: value.description, allOf: [{ $ref: value.$ref }] }
      : value,
  );
}

function plainer(text) {
  return withoutReferences(text).replace(/\b\w+\[\]/g, "readonly $&"); // a list that is only read may be a constant of the caller's
}

if (isMain(import.meta.url)) await mainly(() => buildTs({ force: process.argv.includes("--force") }));

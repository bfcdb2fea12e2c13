// Schemas to validate by, and documents that fit them: the catalogue's event types, one of them alone, and a tree.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { random } from "../corpus/random.mjs";

const CATALOG = fileURLToPath(new URL("../../../src/catalog/", import.meta.url));

/**
 * @typedef {{ schema: object, lines: string[] }} Part documents of one schema, as JSON texts without line breaks
 * @typedef {{ name: string, formats: boolean, parts: Part[] }} Workload
 * @param {{ seed: number, bytes: number }} options `bytes`: about how many a workload has
 * @returns {Workload[]}
 */
export function workloads({ seed, bytes }) {
  const r = random(seed);
  const types = catalog();
  const job = types.filter(({ type }) => type === "workato.job");
  const events = (list) =>
    list.map(({ schema, samples }) => ({
      schema,
      lines: fill(bytes / list.length, () => varied(r, r.pick(samples))),
    }));
  const all = events(types);
  return [
    { name: "events of the catalogue", formats: false, parts: all },
    { name: "events of the catalogue, formats checked", formats: true, parts: all },
    { name: "Workato jobs", formats: false, parts: events(job) },
    {
      name: "trees by $ref",
      formats: false,
      parts: [{ schema: TREE, lines: fill(bytes, () => tree(r, 0)) }],
    },
  ];
}

export function catalog() {
  const folders = (folder) =>
    readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const read = (path) => JSON.parse(readFileSync(path, "utf8"));
  return folders(CATALOG).flatMap(({ name: platform }) =>
    folders(`${CATALOG}${platform}`).map(({ name }) => {
      const folder = `${CATALOG}${platform}/${name}/`;
      const files = readdirSync(`${folder}samples`).filter((file) => !file.endsWith(".fields.json"));
      const samples = files.sort().map((file) => read(`${folder}samples/${file}`));
      return { type: `${platform}.${name}`, schema: read(`${folder}schema.json`), samples };
    }),
  );
}

function fill(bytes, make) {
  const lines = [];
  for (let held = 0; held < bytes; ) {
    const line = JSON.stringify(make());
    held += Buffer.byteLength(line) + 1;
    lines.push(line);
  }
  return lines;
}

/** The sample with other digits in its ids and counts, so that no two documents are the same; times stay times. */
function varied(r, value) {
  if (Array.isArray(value)) return value.map((item) => varied(r, item));
  if (value !== null && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, varied(r, item)]));
  if (typeof value === "number" && Number.isSafeInteger(value) && value > 9) return r.int(10, 2_000_000_000);
  if (typeof value !== "string" || value.length < 6 || /^\d{4}-\d\d/.test(value)) return value;
  return value.replace(/[1-9](?=\d*$)|[1-9](?=[a-f-])/g, () => String(r.int(1, 9)));
}

const TREE = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $ref: "#/$defs/node",
  $defs: {
    node: {
      type: "object",
      required: ["id", "kind"],
      properties: {
        id: { $ref: "#/$defs/id" },
        kind: { enum: ["root", "branch", "leaf"] },
        label: { type: "string", minLength: 1, maxLength: 40 },
        weight: { type: "number", minimum: 0, maximum: 1 },
        children: { type: "array", items: { $ref: "#/$defs/node" }, maxItems: 9 },
      },
      additionalProperties: false,
    },
    id: { type: "integer", minimum: 0 },
  },
};

/** Up to twelve deep, some hundred nodes. */
function tree(r, depth) {
  const count = depth === 12 ? 0 : depth < 2 ? r.int(2, 3) : r.pick([0, 1, 1, 2]);
  const children = Array.from({ length: count }, () => tree(r, depth + 1));
  return {
    id: r.int(0, 1_000_000_000),
    kind: depth === 0 ? "root" : count > 0 ? "branch" : "leaf",
    label: "a label of a node".slice(0, r.int(3, 17)),
    ...(r.chance(0.5) && { weight: r.int(0, 1000) / 1000 }),
    ...(count > 0 && { children }),
  };
}

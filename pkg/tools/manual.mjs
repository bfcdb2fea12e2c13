// The tables of src/policy/POLICY.md: what each member is, from the schema of policies.
//   node pkg/tools/manual.mjs [--check]
import { readFileSync, writeFileSync } from "node:fs";
import { at, isMain, mainly, readJson, Stop } from "./shell.mjs";

const manual = at("src", "policy", "POLICY.md");
const schema = readJson(at("src", "policy", "policy.schema.json"));

/** The manual as it should be: its prose, and between `<!-- members: PLACE -->` and `<!-- end -->` the tables. */
export function written(text = readFileSync(manual, "utf8")) {
  return text.replace(
    /(<!-- members: (\S*) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, head, place, end) => `${head}\n${table(find(place))}\n${end}`,
  );
}

/** The places of the schema that have members, as the manual is to have them. */
export function places() {
  const found = [];
  const walk = (place, node) => {
    const members = Object.entries(inner(node).properties ?? {});
    // What only leads on is shown where it leads.
    if (members.some(([, member]) => !inner(member).properties)) found.push(place || "/");
    for (const [name, member] of members) walk(place ? `${place}/${name}` : name, member);
  };
  walk("", schema);
  for (const [name, node] of Object.entries(schema.$defs)) walk(`$defs/${name}`, node);
  return found;
}

function find(place) {
  let node = schema;
  for (const step of place.split("/").filter(Boolean)) {
    node = (step === "$defs" ? node.$defs : (inner(node).properties?.[step] ?? node[step])) ?? undefined;
    if (node === undefined) throw new Stop(`POLICY.md: there is no ${place} in the schema`);
  }
  return inner(node);
}

/** The one form that has members. */
const inner = (node) =>
  node.properties ? node : ((node.anyOf ?? []).find(({ properties }) => properties) ?? node);

function table({ properties = {}, required = [] }) {
  const rows = Object.entries(properties).map(([name, member]) => {
    const must = required.includes(name) ? " (needed)" : "";
    const given = member.default === undefined ? "" : `; default \`${JSON.stringify(member.default)}\``;
    return `| \`${name}\`${must} | ${kindOf(member)}${given} | ${sayOf(member)} |`;
  });
  return ["| member | is | says |", "|---|---|---|", ...rows, ""].join("\n");
}

const sayOf = (member) => cell(member.description ?? resolve(member)?.description ?? "");
const cell = (text) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const resolve = ({ $ref }) => $ref && schema.$defs[$ref.split("/").at(-1)];

function kindOf(member) {
  if (member.$ref === "#/$defs/EventType") return "event types"; // a schema of its own
  if (member.$ref) return kindOf(resolve(member));
  if (member.const !== undefined) return `\`${JSON.stringify(member.const)}\``;
  if (member.enum) return member.enum.map((word) => `\`${JSON.stringify(word)}\``).join(", ");
  if (member.anyOf?.every((each) => !each.required || each.properties)) {
    return [...new Set(member.anyOf.map(kindOf))].join("; or ");
  }
  if (member.type === "array") return `a list of ${listed(member.items)}`;
  if (Array.isArray(member.type) || member.type === undefined) return "any value";
  if (member.type === "integer" || member.type === "number") return numberOf(member);
  return { string: "text", boolean: "true or false", object: "an object" }[member.type];
}

/** What a list is of. */
function listed(items) {
  const kind = items ? kindOf(items) : "values";
  return { text: "texts", "an object": "objects" }[kind] ?? kind;
}

function numberOf({ type, minimum, maximum }) {
  const word = type === "integer" ? "a whole number" : "a number";
  if (minimum === undefined) return word;
  return maximum === undefined ? `${word} from ${minimum}` : `${word} from ${minimum} to ${maximum}`;
}

if (isMain(import.meta.url)) {
  await mainly(() => {
    const [is, should] = [readFileSync(manual, "utf8"), written()];
    if (is === should) return;
    if (process.argv.includes("--check"))
      throw new Stop("POLICY.md is not as its schema: node pkg/tools/manual.mjs");
    writeFileSync(manual, should);
  });
}

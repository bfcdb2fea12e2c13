// From the catalogue's samples to templates: what varies between events becomes a slot, written ‹so›.
//
// src/catalog/cast.json says who and what the samples speak of: `members` by the name of the member that holds it,
// `values` by its text (wherever it stands, in strings that hold JSON too), both for a platform or one event type;
// `starts` names the member that holds the begin of a run. Beside those, every UUID, address and time becomes a slot.
//
//   ‹name›             a value of the cast
//   ‹uuid a› ‹hex a› ‹key a›   an id of the event's own; equal letters, equal ids
//   ‹like 0.0412›      a number of the same form
//   ‹seconds 412› ‹sum 412,20›  hundred-thousandths of a millisecond, and the sum of such
//   ‹at -20 3Z›        a time: milliseconds after the event (`at`) or the begin of its run (`start`), and its format
import { readdirSync, readFileSync } from "node:fs";
import { catalogue } from "./events.mjs";
import { at, readJson, Stop } from "./shell.mjs";

const cast = readJson(at("src", "catalog", "cast.json"));
const scopes = (type) => [type, type.split(".")[0]];
const merged = (part, type) =>
  Object.assign(
    {},
    ...scopes(type)
      .reverse()
      .map((scope) => cast[part][scope]),
  );

/** What `samples.js` and `samples.d.ts` hold. */
export function sampleTemplates() {
  const types = catalogue().map((entry) => [entry.type, templatesOf(entry)]);
  const banner = "// Generated from src/catalog by: npm run build:ts. Changes made here are lost.\n";
  const js = types.map(([type, made]) => {
    const members = Object.entries(made).map(
      ([name, text]) => `    ${JSON.stringify(name)}: ${quoted(text)},`,
    );
    return `  "${type}": {\n${members.join("\n")}\n  },`;
  });
  const names = types.map(
    ([type, made]) =>
      `  "${type}": ${Object.keys(made)
        .map((n) => JSON.stringify(n))
        .join(" | ")};`,
  );
  const found = new Set();
  for (const [, made] of types) {
    for (const text of Object.values(made))
      for (const [, slot] of text.matchAll(/‹([a-z_.]+)›/g)) found.add(slot);
  }
  const slots = [...found].sort().map((slot) => JSON.stringify(slot));
  return {
    js: `${banner}export const slotNames = [${slots.join(", ")}];
export const samples = {\n${js.join("\n")}\n};\n`,
    types: `${banner}
/** The samples of each event type, by name. */
export interface SampleNames {
${names.join("\n")}
}

/** What the templates name of the cast. */
export type SlotName = ${slots.join(" | ")};
export declare const slotNames: readonly SlotName[];

/** The text of each sample, its slots as \`‹slot›\`. */
export declare const samples: { readonly [T in keyof SampleNames]: { readonly [N in SampleNames[T]]: string } };
`,
  };
}

const quoted = (text) => (text.includes("'") ? JSON.stringify(text) : `'${text.replaceAll("\\", "\\\\")}'`);

function templatesOf({ type, folder, event }) {
  const out = {};
  for (const file of readdirSync(`${folder}/samples`).sort()) {
    if (file.endsWith(".fields.json")) continue;
    const text = readFileSync(`${folder}/samples/${file}`, "utf8");
    if (/[‹›]/.test(text))
      throw new Stop(`${folder}/samples/${file} holds ‹ or ›, which mark the slots of templates`);
    out[file.replace(/\.json$/, "").replaceAll("-", "_")] = template(text, type, event);
  }
  return out;
}

function template(text, type, event) {
  const members = merged("members", type);
  const values = merged("values", type);
  const written = write(tokens(text), members, values);
  return withTimes(written, type, mainTime(JSON.parse(text), event), text);
}

const tokens = (text) => text.match(/"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g);

/** The sample in one line, each number as its author wrote it, with slots for all but times. */
function write(list, members, values) {
  const plain = inText(values);
  let next = 0;
  const value = (name, inStat) => {
    const token = list[next++];
    if (token === "{" || token === "[") {
      const begin = next;
      const inner = token === "{" ? object(inStat || name === "line_stat") : array(name, inStat);
      const rule = members[name];
      return rule && token === "{" && begin < next ? `‹${rule}›` : inner;
    }
    if (token === "null" || token === "true" || token === "false") return token;
    const isText = token.startsWith('"');
    const bare = isText ? token.slice(1, -1) : token;
    const rule = Object.hasOwn(members, name) ? members[name] : undefined;
    let slot = plain(bare);
    if (rule === "like") slot = slot === bare && /\d/.test(bare) ? `‹like ${bare}›` : slot;
    else if (rule) slot = `‹${rule}›`;
    else if (inStat && name !== "count" && !isText)
      slot = `‹${name === "total" ? "total" : "seconds"} ${units(bare)}›`;
    return isText ? `"${slot}"` : slot;
  };
  const object = (inStat) => {
    const out = [];
    while (list[next] !== "}") {
      if (list[next] === ",") next += 1;
      const key = list[next++];
      next += 1; // the colon
      out.push(`${key}:${value(key.slice(1, -1), inStat)}`);
    }
    next += 1;
    return `{${out.join(",")}}`;
  };
  const array = (name, inStat) => {
    const out = [];
    while (list[next] !== "]") {
      if (list[next] === ",") next += 1;
      out.push(value(name, inStat));
    }
    next += 1;
    return `[${out.join(",")}]`;
  };
  return summed(value("", false));
}

/** A step's total is the sum of its phases. */
function summed(text) {
  return text.replace(/"total":‹total \d+›,"details":(\[.*?\])/g, (_, details) => {
    const phases = details.replaceAll("‹total ", "‹seconds ");
    const parts = [...phases.matchAll(/"total":‹seconds (\d+)›/g)].map((match) => match[1]);
    return `"total":‹sum ${parts.join(",")}›,"details":${phases}`;
  });
}

/** Hundred-thousandths of a millisecond. */
function units(number) {
  const found = Math.round(Number(number) * 1e8);
  if (Math.abs(found / 1e8 - Number(number)) > 1e-15)
    throw new Stop(`${number} has more than eight decimals`);
  return found;
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

/** Replaces the values of the cast, ids and addresses in a text, the longest first. */
function inText(values) {
  const known = Object.keys(values)
    .sort((a, b) => b.length - a.length)
    .map(escaped);
  const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
  const ip = "192\\.0\\.2\\.\\d+";
  const any = new RegExp(
    `(?<=^|[^A-Za-z0-9]|\\\\[nrt])(?:${[...known, uuid, ip].join("|")})(?![A-Za-z0-9])`,
    "g",
  );
  const own = [];
  return (text) =>
    text.replace(any, (found) => {
      if (Object.hasOwn(values, found)) return /‹/.test(values[found]) ? values[found] : `‹${values[found]}›`;
      if (found.startsWith("192.")) return "‹client.ip›";
      if (!own.includes(found)) own.push(found);
      return `‹uuid ${String.fromCharCode(97 + own.indexOf(found))}›`;
    });
}

const MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December";
const TIMES = new RegExp(
  [
    "(\\d{4}-\\d\\d-\\d\\d)T(\\d\\d:\\d\\d:\\d\\d)(?:\\.(\\d+))?(Z|[+-]\\d\\d:\\d\\d)", // RFC 3339
    "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC",
    "[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT", // RFC 9110, section 5.6.7
    `[A-Z][a-z]+day, (?:${MONTHS}) \\d\\d, \\d{4} at \\d\\d:\\d\\d:\\d\\d [AP]M UTC`,
    '(?<="timestamp":)\\d{13}(?=,)',
  ].join("|"),
  "g",
);

function withTimes(text, type, main, original) {
  const start = scopes(type)
    .map((scope) => cast.starts[scope])
    .find(Boolean);
  const found = start && new RegExp(`${start}\\W+?(${TIMES.source})`).exec(original);
  const begin = found ? instant(found[1]) : undefined;
  const first = main ?? (original.match(TIMES) ?? []).map(instant)[0];
  return text.replace(TIMES, (time, ...rest) => {
    const offset = rest.at(-2);
    const moment = instant(time);
    const isBegin = start && new RegExp(`${start}\\W+$`).test(text.slice(Math.max(0, offset - 40), offset));
    const nearer = begin !== undefined && Math.abs(moment - begin) < Math.abs(moment - first);
    const [anchor, from] = isBegin || nearer ? ["start", begin] : ["at", first];
    return `‹${anchor} ${moment - from} ${formatOf(time)}›`;
  });
}

function mainTime(sample, { fields }) {
  for (const { path, time } of [fields["@time"]].flat()) {
    const value = path.split(".").reduce((inner, step) => inner?.[step], sample);
    if (value !== undefined)
      return time === "ms" || typeof value === "number" ? Number(value) : instant(value);
  }
  return undefined;
}

/** Milliseconds since 1970. */
function instant(time) {
  if (/^\d{13}$/.test(time)) return Number(time);
  const prose = /day, (.*) at (.*) ([AP]M) UTC$/.exec(time);
  const text = prose ? `${prose[1]} ${prose[2]} ${prose[3]} UTC` : time.replace(/(\.\d{3})\d+/, "$1");
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new Stop(`${time}: is no time that a template can hold`);
  return ms;
}

/** How a time is written: digits of the second (`*`: as many as are not zero) and zone, or the name of a form. */
function formatOf(time) {
  const [, , , digits = "", zone] = /^(\S+)T([\d:]+)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(time) ?? [];
  if (zone) return ([0, 3, 6].includes(digits.length) ? digits.length : "*") + zone;
  if (/^\d{13}$/.test(time)) return "epoch";
  if (time.endsWith("GMT")) return "http";
  return time.includes(" at ") ? "prose" : "utc";
}

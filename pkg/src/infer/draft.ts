// From what was seen to a draft: the JSON Schema of the events, and their entry in the catalogue.
import { classOf, likely, wordsOf } from "./names.js";
import type { Kind, Shape } from "./shape.js";
import type { Format } from "./text.js";

/** Formats that JSON Schema knows. */
const FORMATS: readonly Format[] = ["date-time", "date", "email", "ipv4", "ipv6", "uuid", "uri"];

/** An enum is likely if each of its words came so often on average. */
const OFTEN = 4;

/** A text that is longer than this is prose, or whatever else somebody put there. */
const PROSE = 200;

type Json = { [name: string]: unknown };

/** What a draft is made for. */
export interface Asked {
  /** The event type: `acme.order`. */
  readonly type: string;
  /** What the built-in types require: none of them may recognise the same events. */
  readonly others: readonly { readonly type: string; readonly require: Readonly<Record<string, Json>> }[];
  /** Members of the built-in types: what they have is no mark of this one. */
  readonly taken: ReadonlySet<string>;
}

/** An entry of the catalogue, and what somebody should look at before it is used. */
export interface Draft {
  readonly event: Json;
  readonly schema: Json;
  readonly notes: readonly string[];
}

/** Drafts an entry from the events of one type. */
export function draft(shape: Shape, asked: Asked): Draft {
  const places = new Map<string, Place>();
  walk(shape, "", "", places);
  const { recognise, notes } = signature(shape, asked, places);
  const personal = [...places].flatMap(([path, { personal }]) =>
    personal ? [{ path, class: personal }] : [],
  );
  const payload = [...places].filter(([, { payload }]) => payload).map(([path]) => path);
  const json = [...places].filter(([, { shape }]) => holdsJson(shape)).map(([path]) => path);
  const event = {
    type: asked.type,
    title: asked.type,
    recognise,
    fields: fields(asked.type, places),
    ...(personal.length > 0 && { personal }),
    ...(payload.length > 0 && { payload }),
    ...(json.length > 0 && { json }),
  };
  for (const { path, class: name } of personal) notes.push(`${path}: personal (${name})?`);
  for (const path of payload) notes.push(`${path}: free payload?`);
  const listed = new Set(personal.map(({ path }) => path));
  for (const [path, { shape }] of places) {
    const words = listed.has(path) || holdsJson(shape) ? undefined : enumOf(shape);
    if (words) notes.push(`${path}: its ${words.length} words stand in the draft; nobody's data?`);
  }
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: asked.type.split(".").map(capital).join(""),
    ...schemaOf(shape, new Set(personal.map(({ path }) => path)), ""),
  };
  return { event, schema, notes };
}

const capital = (word: string) =>
  wordsOf(word)
    .map((part) => part[0]?.toUpperCase() + part.slice(1))
    .join("");

// The schema

function schemaOf(shape: Shape, personal: ReadonlySet<string>, path: string): Json {
  const kinds = [...shape.kinds.keys()];
  // An integer is a number.
  const types = kinds.filter((kind) => kind !== "integer" || !kinds.includes("number")).sort();
  const out: Json = {};
  if (types.length > 0) out.type = types.length === 1 ? types[0] : types;
  if (types.includes("string")) Object.assign(out, textOf(shape, personal, path));
  if (types.includes("object")) Object.assign(out, objectOf(shape, personal, path));
  if (shape.items) out.items = schemaOf(shape.items, personal, `${path}[*]`);
  return out;
}

function textOf(shape: Shape, personal: ReadonlySet<string>, path: string): Json {
  if (holdsJson(shape) && shape.held) {
    return { contentMediaType: "application/json", contentSchema: schemaOf(shape.held, personal, path) };
  }
  const said = shape.strings;
  const format = FORMATS.find((each) => shape.formats.get(each) === said);
  if (format) return { format };
  const words = personal.has(path) ? undefined : enumOf(shape);
  return words ? { "x-known": words } : {};
}

/** The words of a likely enum. */
function enumOf(shape: Shape): string[] | undefined {
  const { words } = shape;
  if (!words || words.size === 0) return undefined;
  const times = [...words.values()].reduce((sum, each) => sum + each, 0);
  return times >= words.size * OFTEN ? [...words.keys()].sort() : undefined;
}

function objectOf(shape: Shape, personal: ReadonlySet<string>, path: string): Json {
  const names = [...shape.members];
  const required = names.filter(([, member]) => member.count === shape.objects).map(([name]) => name);
  const properties = names.map(([name, member]) => [name, schemaOf(member, personal, join(path, name))]);
  return {
    ...(required.length > 0 && { required }),
    ...(names.length > 0 && { properties: Object.fromEntries(properties) }),
    ...(shape.others && { additionalProperties: schemaOf(shape.others, personal, join(path, "*", true)) }),
  };
}

// Places

interface Place {
  readonly shape: Shape;
  /** The words of its name, behind those of the member around it: `user.email`. */
  readonly name: string;
  readonly personal: ReturnType<typeof classOf>;
  readonly payload: boolean;
}

/** All places where a value may stand, by path, objects and arrays too. */
function walk(shape: Shape, path: string, name: string, places: Map<string, Place>): void {
  const below = (inner: Shape, place: string, own: string, around: string) => {
    const formats = [...inner.formats]
      .filter(([, times]) => times * 2 > inner.strings)
      .map(([format]) => format);
    const plain = inner.strings + (inner.kinds.get("integer") ?? 0) + (inner.kinds.get("number") ?? 0) > 0;
    const words = wordsOf(own).join(" ");
    places.set(place, {
      shape: inner,
      name: around === "" ? words : `${wordsOf(around).join(" ")}.${words}`,
      personal:
        plain && !holdsJson(inner)
          ? classOf(own, around, formats, inner.strings * 2 > inner.count)
          : undefined,
      payload: inner.others !== undefined || inner.held?.others !== undefined || inner.longest > PROSE,
    });
    walk(inner, place, own, places);
  };
  for (const [member, inner] of shape.members) below(inner, join(path, member), member, name);
  if (shape.others) below(shape.others, join(path, "*", true), "", name);
  if (shape.items) below(shape.items, `${path}[*]`, name, "");
  if (shape.held && holdsJson(shape)) walk(shape.held, path, name, places);
}

const holdsJson = (shape: Shape) => shape.holding * 2 > shape.strings;

/** A path one member deeper (the paths of a policy). */
function join(path: string, name: string, asIs = false): string {
  const written = asIs ? name : name.replace(/[\\.*[\]]/g, "\\$&");
  return path === "" ? written : `${path}.${written}`;
}

// The signature

function signature(shape: Shape, { type, others, taken }: Asked, places: Map<string, Place>) {
  const notes: string[] = [];
  const always = [...shape.members].filter(([, member]) => member.present === shape.count);
  const rank = ([name, member]: readonly [string, Shape]) => {
    const constant = constantOf(member, places.get(join("", name))) !== undefined;
    return (constant ? 4 : 0) + (taken.has(name) ? 0 : 2) + (kindsOf(member).length === 1 ? 1 : 0);
  };
  const marks = always.sort((a, b) => rank(b) - rank(a)).slice(0, 4);
  const require = Object.fromEntries(
    marks.map(([name, member]) => [name, conditionOf(member, places.get(join("", name)))]),
  );
  if (marks.length === 0)
    notes.push("no member is in every event: say in recognise.require what tells them apart");
  if (
    !marks.some(
      ([name, member]) => !taken.has(name) || constantOf(member, places.get(join("", name))) !== undefined,
    )
  )
    notes.push("recognise.require: built-in types have members of the same names; check that it says enough");
  // What a built-in type requires and these events never have rules it out.
  const left = others.filter(
    (other) => !Object.entries(require).some(([name, own]) => contradict(own, other.require[name])),
  );
  const absent: string[] = [];
  let open = left.map((other) => ({
    ...other,
    marks: Object.keys(other.require).filter((n) => !shape.members.has(n)),
  }));
  for (const { type: other, marks: none } of open)
    if (none.length === 0) notes.push(`recognise: could be mistaken for ${other}`);
  open = open.filter(({ marks: some }) => some.length > 0);
  while (open.length > 0) {
    const times = new Map<string, number>();
    for (const { marks: some } of open) for (const name of some) times.set(name, (times.get(name) ?? 0) + 1);
    const [best] = [...times].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
    const name = best?.[0] ?? "";
    absent.push(name);
    open = open.filter(({ marks: some }) => !some.includes(name));
  }
  notes.push(`${type}: recognised by ${Object.keys(require).join(", ")}?`);
  return { recognise: { require, ...(absent.length > 0 && { absent: absent.sort() }) }, notes };
}

/** The only word that was ever there, if it was there often and is nobody's name. */
function constantOf(member: Shape, place: Place | undefined): string | undefined {
  if (place?.personal || !member.words || member.words.size !== 1) return undefined;
  const [[word, times] = ["", 0]] = [...member.words];
  return times >= OFTEN && times === member.count ? word : undefined;
}

function conditionOf(member: Shape, place: Place | undefined): Json {
  const constant = constantOf(member, place);
  if (constant !== undefined) return { const: constant };
  const kinds = kindsOf(member);
  return { type: kinds.length === 1 ? kinds[0] : kinds };
}

const kindsOf = (member: Shape): Kind[] => [...member.kinds.keys()].filter((kind) => kind !== "null").sort();

/** Whether no value can meet both conditions: constants that differ, as far as that is plain. */
function contradict(own: Json | undefined, other: Json | undefined): boolean {
  if (own === undefined || other === undefined || own.const === undefined) return false;
  if ("const" in other) return other.const !== own.const;
  return Array.isArray(other.enum) && !other.enum.includes(own.const);
}

// Common fields

const LEVELS: Readonly<Record<string, string>> = {
  trace: "debug",
  debug: "debug",
  info: "info",
  information: "info",
  notice: "info",
  warn: "warn",
  warning: "warn",
  error: "error",
  err: "error",
  critical: "fatal",
  fatal: "fatal",
  alert: "fatal",
  emergency: "fatal",
};

function fields(type: string, places: ReadonlyMap<string, Place>): Json {
  const out: Json = { "@platform": { const: type.split(".")[0] } };
  for (const [field, names] of Object.entries(likely)) {
    const found = names.flatMap((name) => at(name, places)).find(([, place]) => fits(field, place));
    if (!found) continue;
    const [path, { shape, name }] = found;
    if (field === "@time") out[field] = { path, time: timeUnit(shape) };
    else if (field === "@level") out[field] = { path, map: LEVELS, else: "info" };
    else if (field === "@duration") out[field] = { path, unit: / ms$/.test(name) ? "ms" : "s" };
    else out[field] = { path };
  }
  if (!out["@time"]) {
    const [path, place] = [...places].find(([, each]) => timeUnit(each.shape) === "text") ?? [];
    if (path && place) out["@time"] = { path, time: "text" };
  }
  return out;
}

/** The places of that name, those that lie higher first. */
function at(name: string, places: ReadonlyMap<string, Place>): [string, Place][] {
  const dotted = name.includes(".");
  const same = [...places].filter(([path, place]) =>
    dotted
      ? place.name === name
      : place.name === name || (place.name.endsWith(`.${name}`) && path.split(".").length < 3),
  );
  return same.sort(([a], [b]) => a.split(".").length - b.split(".").length);
}

function fits(field: string, { shape }: Place): boolean {
  const scalars = shape.count - shape.objects - (shape.kinds.get("array") ?? 0);
  if (scalars * 2 <= shape.count) return false;
  if (field === "@time") return timeUnit(shape) !== undefined;
  if (field === "@duration") return Number.isFinite(shape.least) && shape.least >= 0;
  return field !== "@level" || [...(shape.words?.keys() ?? [])].some((word) => word.toLowerCase() in LEVELS);
}

/** How the times at a place are written: text, or a count since 1970 of the years 2001 to 2128 in some unit. */
function timeUnit(shape: Shape): "text" | "s" | "ms" | "us" | "ns" | undefined {
  const texts = Math.max(shape.formats.get("date-time") ?? 0, shape.formats.get("time-text") ?? 0);
  if (texts > 0 && texts * 10 >= shape.strings * 9) return "text";
  if (shape.strings > 0 || !(shape.least >= 1e9)) return undefined;
  const units = ["s", "ms", "us", "ns"] as const;
  return units.find((_, power) => shape.least >= 1e9 * 1000 ** power && shape.most < 5e9 * 1000 ** power);
}

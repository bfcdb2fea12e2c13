// What an event.json says about an event: is it recognised, and what are its common fields? Written plainly, to check
// the catalogue's data and, later, the core against. See src/catalog/event.schema.json for what the words mean.

/** Present: neither missing, nor null, nor the empty string. */
export const present = (value) => value !== undefined && value !== null && value !== "";

const typeOf = (value) => (Array.isArray(value) ? "array" : typeof value);
const hasType = (value, type) => (type === "integer" ? Number.isInteger(value) : typeOf(value) === type);
const textOf = (value) => (typeof value === "string" ? value : JSON.stringify(value));
const list = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

/** What the star of a glob stands for ("" without star), or undefined if the text is not of that form. */
export function star(glob, text) {
  const words = glob.toLowerCase();
  const lower = text.toLowerCase();
  const open = words.startsWith("*");
  const close = words.endsWith("*");
  const word = words.slice(open ? 1 : 0, close ? -1 : undefined);
  if (open && close) return lower.includes(word) ? text : undefined;
  if (open) return lower.endsWith(word) ? text.slice(0, text.length - word.length) : undefined;
  if (close) return lower.startsWith(word) ? text.slice(word.length) : undefined;
  return lower === word ? "" : undefined;
}

export function holds(condition, value) {
  if (!present(value)) return false;
  if ("const" in condition) return value === condition.const;
  if (condition.enum) return condition.enum.includes(value);
  if (condition.type) return list(condition.type).some((type) => hasType(value, type));
  if (condition.like)
    return (
      typeOf(value) !== "object" && condition.like.some((glob) => star(glob, textOf(value)) !== undefined)
    );
  return true;
}

export function recognises({ require, anyOf = [], absent = [] }, event) {
  if (typeOf(event) !== "object" || event === null) return false;
  return (
    Object.entries(require).every(([name, condition]) => holds(condition, event[name])) &&
    anyOf.every((group) => group.some((name) => present(event[name]))) &&
    absent.every((name) => !present(event[name]))
  );
}

/** `a.b[*].c[0]` as steps: names as strings, places as numbers, `[*]` as null. */
export function steps(path) {
  const out = [];
  for (const [, name, place] of path.matchAll(/((?:[^.[\]*\\]|\\.)+)|\[(\d+|\*)\]/g)) {
    if (name === undefined) out.push(place === "*" ? null : Number(place));
    else out.push(name.replace(/\\(.)/g, "$1"));
  }
  return out;
}

/** All values at a path, in their order. Goes on into strings that hold JSON. */
export function valuesAt(value, path) {
  let found = [value];
  for (const step of steps(path)) {
    found = found.flatMap((each) => {
      let inner = each;
      if (typeof inner === "string") {
        try {
          inner = JSON.parse(inner);
        } catch {
          return [];
        }
      }
      if (inner === null || typeof inner !== "object") return [];
      if (typeof step === "string") return list(inner).map((item) => item?.[step]);
      if (!Array.isArray(inner)) return [];
      return step === null ? inner : [inner[step]];
    });
    found = found.filter((each) => each !== undefined);
  }
  return found;
}

const scalarAt = (event, path) =>
  valuesAt(event, path).find((value) => present(value) && typeof value !== "object");

const UNITS = { s: 9, ms: 6, us: 3, ns: 0 };
const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))? ?(Z|UTC|([+-]\d\d):?(\d\d))(?: [A-Z]+)?$/;
const HTTP = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/** Nanoseconds since 1970 as a BigInt, or undefined. */
function instant(value, time) {
  if (time !== "text") return scaled(value, UNITS[time]);
  if (typeof value !== "string") return undefined;
  const iso = ISO.exec(value);
  if (!iso) return HTTP.test(value) ? BigInt(Date.parse(value)) * 1_000_000n : undefined;
  const [, day, clock, fraction = "", , hours = "+00", minutes = "00"] = iso;
  const ms = Date.parse(`${day}T${clock}${hours}:${minutes}`);
  return Number.isNaN(ms) ? undefined : BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, "0").slice(0, 9));
}

/** A decimal number or its text, times ten to the power, cut to a whole. */
function scaled(value, power) {
  const decimal = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value));
  if (!decimal) return undefined;
  const [, sign, whole, fraction = ""] = decimal;
  return BigInt(sign + whole + fraction.padEnd(power, "0").slice(0, power));
}

const decimals = (nanos) => String(nanos).padStart(9, "0").replace(/0+$/, "");

function asTime(nanos) {
  const fraction = ((nanos % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const second = new Date(Number((nanos - fraction) / 1_000_000n)).toISOString().slice(0, 19);
  return `${second}${fraction ? `.${decimals(fraction)}` : ""}Z`;
}

function asSeconds(nanos) {
  const size = nanos < 0n ? -nanos : nanos;
  const fraction = size % 1_000_000_000n;
  return `${nanos < 0n ? "-" : ""}${size / 1_000_000_000n}${fraction ? `.${decimals(fraction)}` : ""}`;
}

function mapped(value, { map, else: other }) {
  const text = textOf(value);
  const globs = Object.keys(map)
    .filter((glob) => star(glob, text) !== undefined)
    .sort((a, b) => a.includes("*") - b.includes("*") || b.length - a.length);
  if (globs.length) return map[globs[0]]?.replace("*", () => star(globs[0], text));
  return other === undefined ? value : other;
}

function read(source, event) {
  const asked = Object.entries(source.when ?? {});
  if (!asked.every(([path, condition]) => valuesAt(event, path).some((value) => holds(condition, value))))
    return undefined;
  if ("const" in source) return source.const;
  if (source.from) {
    const [from, to] = [source.from, source.to].map((path) => instant(scalarAt(event, path), "text"));
    return from === undefined || to === undefined ? undefined : asSeconds(to - from);
  }
  const value = scalarAt(event, source.path);
  if (value === undefined) return undefined;
  if (source.map) return mapped(value, source);
  if (source.time) {
    const nanos = instant(value, source.time);
    return nanos === undefined ? undefined : asTime(nanos);
  }
  if (source.unit) {
    const nanos = scaled(value, UNITS[source.unit]);
    return nanos === undefined ? undefined : asSeconds(nanos);
  }
  return value;
}

/** The common fields of an event. @time as RFC 3339 in UTC, @duration as decimal seconds, both as text. */
export function commonFields({ type, fields }, event) {
  const out = { "@type": type };
  for (const [name, sources] of Object.entries(fields)) {
    const value = list(sources)
      .map((source) => read(source, event))
      .find(present);
    if (value !== undefined) out[name] = value;
  }
  return out;
}

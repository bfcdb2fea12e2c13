// JSON as it may come: texts, not values, since what no rule touches must keep its bytes.
import fc from "fast-check";

/** The seed of this run; LOGWEIR_SEED replays one. */
export const seed = Number(process.env.LOGWEIR_SEED ?? Date.now() % 2 ** 31);
fc.configureGlobal({ seed, numRuns: Number(process.env.LOGWEIR_RUNS ?? 200) });

/** White space between tokens. In NDJSON a record may hold no line feed. */
const space = fc.constantFrom("", "", "", " ", "  ", "\t");

const number = fc.oneof(
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.constantFrom(
    "1694081235979123457",
    "70000.0",
    "1e-06",
    "1E+2",
    "-0",
    "0.10",
    "-12345678901234567890.5e10",
  ),
);

/** One character as a string may write it. */
const character = fc
  .tuple(fc.string({ unit: "binary", minLength: 1, maxLength: 1 }), fc.nat(3))
  .map(([letter, way]) => {
    const short: Record<string, string> = { "\n": "\\n", "\t": "\\t", '"': '\\"', "\\": "\\\\", "/": "\\/" };
    const escaped = letter
      .split("") // UTF-16 units: a character beyond the first plane takes two escapes
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join("");
    if (way === 0) return escaped;
    if (way === 1 && short[letter]) return short[letter];
    return letter < " " || letter === '"' || letter === "\\" ? escaped : letter;
  });

const string = fc.array(character, { maxLength: 12 }).map((letters) => `"${letters.join("")}"`);

/** Names that the policies of these tests speak of, among others. */
const name = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(`"email"`, `"user"`, `"lines"`, `"id"`, `"e\\u006dail"`) },
  { weight: 1, arbitrary: string },
);

/** Any JSON text, of one line. */
export const jsonText: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => {
  const spaced = fc.tuple(space, tie("value"), space).map((parts) => parts.join(""));
  const member = fc
    .tuple(space, name, space, spaced)
    .map(([before, key, after, value]) => `${before}${key}${after}:${value}`);
  const list = (open: string, close: string, item: fc.Arbitrary<string>) =>
    fc
      .tuple(space, fc.array(item, { maxLength: 4 }))
      .map(([inner, items]) => open + (items.join(",") || inner) + close);
  return {
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom("null", "true", "false"),
      number,
      string,
      list("{", "}", member),
      list("[", "]", spaced),
      // JSON in a string, as the platforms send it.
      tie("value").map((inner) => JSON.stringify(inner)),
    ),
  };
}).value;

/** A line that is no JSON text. */
export const brokenLine = fc
  .oneof(
    jsonText.map((json) => json.slice(0, -1)),
    jsonText.map((json) => `${json}}`),
    fc.constantFrom("{", '{"a"}', "[1,]", "nul", "01", '"\\ud800"', "'a'", "\u0000"),
    fc.string(),
  )
  .map((line) => line.replace(/[\r\n]/g, ""))
  .filter((line) => line.trim() !== "" && !isJson(line));

export function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** Whole numbers at which to cut, as parts of a length. */
export const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });

/** The bytes in pieces, cut at these parts of their length. */
export function cutAt(bytes: Uint8Array, parts: readonly number[]): Uint8Array[] {
  const places = parts.map((part) => Math.floor(part * bytes.length)).sort((a, b) => a - b);
  return [...places, bytes.length].map((end, index) => bytes.subarray(places[index - 1] ?? 0, end));
}

/** Bytes with some of them changed. */
export const damaged = fc
  .tuple(jsonText, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 }))
  .map(([json, changes]) => {
    const bytes = new TextEncoder().encode(json);
    for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
    return bytes;
  });

// JSON.parse without its rounding.

/** A text or a number, as JSON writes them. */
const token = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/** A number that a double might not hold: of 16 digits or more, or with an exponent. */
const doubtful = /[\d.]{16}|\d[eE]/;

/**
 * Parses JSON; a number that JavaScript would round becomes text, digit by digit as it stood, as among the common fields.
 * Throws where it is no JSON.
 */
export function parseExactly(text: string): unknown {
  if (!doubtful.test(text)) return JSON.parse(text);
  JSON.parse(text); // refuses here what the line below might mend
  return JSON.parse(text.replace(token, (found) => (isRounded(found) ? `"${found}"` : found)));
}

/** Whether a number is lost as a double: an integer that is none of theirs, others that are not written again as they stood. */
function isRounded(found: string): boolean {
  if (found.startsWith('"') || !doubtful.test(found)) return false;
  const double = Number(found);
  if (/^-?\d+$/.test(found)) return !Number.isFinite(double) || BigInt(double) !== BigInt(found);
  return plain(String(double)) !== plain(found);
}

/** A number's digits and the place of its point, whatever way it is written in: `1.50e3` and `1500` are one. */
function plain(number: string): string {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number);
  if (!parts) return number; // Infinity
  const [, sign, whole = "", part = "", exponent = "0"] = parts;
  const digits = `${whole}${part}`.replace(/^0+/, "");
  const short = digits.replace(/0+$/, "");
  if (short === "") return "0";
  return `${sign}${short}e${BigInt(exponent) - BigInt(part.length) + BigInt(digits.length - short.length)}`;
}

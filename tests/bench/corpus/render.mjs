// Writes a template's value as JSON text. JSON.stringify cannot write `70000.0`, `1e-06` or integers over 2^53, which real
// events hold; hence Raw.

/** A number given by its text. */
export class Raw {
  constructor(text) {
    this.text = text;
  }
}

/**
 * @typedef {object} Style
 * @property {boolean} ascii    non-ASCII characters as \u escapes
 * @property {boolean} [spaced] a space after `,` and `:`, as Python writes
 * @property {{ shuffle(list: any[]): any[] } | null} [shuffle] gives the keys of every object a random order
 */

/** @param {unknown} value @param {Style} style @returns {string} */
export function render(value, style) {
  if (typeof value === "string") return quote(value, style.ascii);
  if (value instanceof Raw) return value.text;
  if (value === null || typeof value !== "object") return String(value);
  const comma = style.spaced ? ", " : ",";
  if (Array.isArray(value)) {
    let out = "[";
    for (let i = 0; i < value.length; i++) out += (i ? comma : "") + render(value[i], style);
    return `${out}]`;
  }
  const colon = style.spaced ? ": " : ":";
  let keys = Object.keys(value);
  if (style.shuffle) keys = style.shuffle.shuffle(keys);
  let out = "{";
  for (const key of keys) {
    const member = value[key];
    if (member === undefined) continue; // an optional member that this event lacks
    if (out.length > 1) out += comma;
    out += quote(key, style.ascii) + colon + render(member, style);
  }
  return `${out}}`;
}

function quote(text, ascii) {
  const out = JSON.stringify(text);
  if (!ascii) return out;
  return out.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

// Dead letters: a line of JSON for each record in quarantine.
import type { Quarantined } from "../types.js";

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * One line, with its newline: `file`, `code`, `record`, `offset`, `length`, `line`, `at`, `expected`, of an
 * event that does not fit its type `finding`, and where the policy keeps originals, `original` as text, or as base64
 * with `"originalEncoding": "base64"` where it is no UTF-8.
 */
export function deadLetter(file: string, entry: Quarantined): string {
  const { original, ...place } = entry;
  return `${JSON.stringify({ file, ...place, ...(original && written(original)) })}\n`;
}

function written(original: Uint8Array) {
  try {
    return { original: strict.decode(original) };
  } catch {
    return { original: Buffer.from(original).toString("base64"), originalEncoding: "base64" };
  }
}

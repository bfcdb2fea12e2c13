// Dead letters: a line of JSON for each record in quarantine.
import { fromBase64, toBase64 } from "./base64.js";
import type { Bytes, Quarantined } from "./types.js";

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const utf8 = new TextEncoder();

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
    return { original: toBase64(original), originalEncoding: "base64" };
  }
}

/** What is read of a dead letter again. */
export interface Letter {
  /** Why the record was withheld. */
  readonly code: string;
  /** Its bytes as they came; undefined where they were not kept. */
  readonly original?: Bytes | undefined;
}

/** The letters of a file of them; lines that are none are left out. */
export function readLetters(text: string): Letter[] {
  return text.split("\n").flatMap((line) => {
    const letter = parsed(line) as { code?: unknown; original?: unknown; originalEncoding?: unknown };
    if (typeof letter?.code !== "string") return [];
    const { code, original, originalEncoding } = letter;
    if (typeof original !== "string") return [{ code }];
    const bytes = originalEncoding === "base64" ? fromBase64(original) : utf8.encode(original);
    return [{ code, original: bytes as Bytes | undefined }];
  });
}

/**
 * A record as one line of NDJSON; undefined where it is no JSON and does not stand on one line. Between the tokens of
 * JSON a line break may become a blank; in what is broken, that could make JSON of it which nobody sent.
 */
export function lineOf(record: Bytes): Bytes | undefined {
  if (!record.includes(10) && !record.includes(13)) return record;
  try {
    JSON.parse(strict.decode(record));
  } catch {
    return undefined;
  }
  return record.map((byte) => (byte === 10 || byte === 13 ? 32 : byte)) as Bytes;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

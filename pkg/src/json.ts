// Values as JSON, of which nothing is lost on the way.
import { UsageError } from "./errors.js";
import { isBytes, toPiece } from "./input.js";
import { isObject } from "./options.js";
import type { Input } from "./types.js";

/**
 * The text of a document that somebody wrote: as it is, of bytes as UTF-8, of a value as JSON with two blanks.
 *
 * `JSON.stringify` leaves out what JSON cannot hold, and a document without a rule, a bound or a condition lets more
 * through than its author meant.
 *
 * @param name what the document is, for the error
 * @param undefinedIsAbsent a member that is `undefined` is as good as none
 * @throws {UsageError} `W904` where the value is nothing that JSON can hold
 */
export function documentText(name: string, value: unknown, undefinedIsAbsent = false): string {
  if (typeof value === "string") return value;
  try {
    if (isBytes(value)) return utf8(name, toPiece(value) as Uint8Array);
    if (unwritable(value)) throw new UsageError("W904", refusal(name));
    const text = stringify(value, 2, (holder, key, each) => {
      const isAbsent = undefinedIsAbsent && each === undefined && key !== "" && !Array.isArray(holder);
      const found = isAbsent ? undefined : unwritable(each);
      if (found !== undefined) throw new UsageError("W904", refusal(name, key, found));
    });
    if (text !== undefined) return text;
  } catch (thrown) {
    if (thrown instanceof UsageError) throw thrown;
    // It has a cycle.
  }
  throw new UsageError("W904", refusal(name));
}

function utf8(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError("W904", `${name}: expected UTF-8`);
  }
}

function refusal(name: string, key = "", found = ""): string {
  const place = key === "" ? "" : `; ${JSON.stringify(key)} is ${found}`;
  return `${name}: expected text, or a plain value that JSON can hold${place}`;
}

/** What a value is that JSON would leave out, write as `null`, or show nothing of. */
function unwritable(value: unknown): string | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? undefined : `${value}`;
  if (typeof value === "object" && value !== null)
    return Array.isArray(value) || isObject(value) ? undefined : "an object of a class";
  return ["undefined", "function", "symbol"].includes(typeof value) ? typeof value : undefined;
}

/**
 * A record as its JSON; bytes and text as they are. Undefined where it is nothing that JSON can hold: of a `Map`, a `Blob`
 * or an `Error` it would show `{}`.
 */
export function recordInput(record: unknown): Input | undefined {
  if (typeof record === "string" || isBytes(record)) return record;
  const isClass = typeof record === "object" && unwritable(record) !== undefined;
  if (isClass && typeof (record as { toJSON?: unknown }).toJSON !== "function") return undefined;
  try {
    return JSON.stringify(record);
  } catch {
    // Perhaps for a BigInt.
  }
  try {
    return stringify(record);
  } catch {
    return undefined;
  }
}

/** Texts of JSON, and whether each is the name of a member. */
const texts = /"([^"\\]*(?:\\.[^"\\]*)*)"(:?)/g;

/** As `JSON.stringify` does; a BigInt becomes a number, digit by digit. */
function stringify(
  value: unknown,
  indent?: number,
  look?: (holder: unknown, key: string, value: unknown) => void,
): string | undefined {
  // Each text is marked as one, so that no text of the caller's can look like a number.
  const marked = JSON.stringify(
    value,
    function (this: unknown, key, each) {
      look?.(this, key, each);
      if (typeof each === "bigint") return `#${each}`;
      return typeof each === "string" || each instanceof String ? `$${each}` : each;
    },
    indent,
  ) as string | undefined;
  return marked?.replace(texts, (found, text: string, colon: string) => {
    if (colon !== "") return found;
    return text.startsWith("#") ? text.slice(1) : `"${text.slice(1)}"`;
  });
}

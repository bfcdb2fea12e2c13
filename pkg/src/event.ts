// What is told of a record: its event type, where the event stands, and the event itself once somebody asks.
import { parseExactly } from "./exact.js";

/** A record that no event type recognises. */
export interface UnknownEvent {
  /** It has none. */
  readonly type: null;
  /** Nor a place. */
  readonly at: null;
  /** The record, parsed when it is first asked for; undefined if it is no JSON. */
  readonly event: unknown;
  /**
   * Why nothing can be said, as a code of `PROBLEMS.md`: the record is no JSON (`S101` …), or could be events of several
   * types (`D102`). Left out where it is merely unknown.
   */
  readonly code?: string;
}

/** An event of a type of your own. */
export type OwnEvent<T extends string = string> = T extends string
  ? {
      /** The name of the type. */
      readonly type: T;
      /** Where the event begins in the record: a JSON pointer (RFC 6901) that goes on into strings which hold JSON; "" at the top. */
      readonly at: string;
      /** The event itself, out of its wrapper; parsed when it is first asked for. */
      readonly event: unknown;
    }
  : never;

/** How deep the core follows JSON in strings. */
const MAX_DEPTH = 16;

/** The answer for one record. The event is parsed when it is first asked for. */
export class Detected {
  readonly type: string | null;
  readonly at: string | null;
  declare readonly code?: string;
  readonly #record: Uint8Array | string;
  #event: unknown;
  #parsed = false;

  /** @param record the record's text, or its bytes, which nobody writes to any more */
  constructor(type: string | null, at: string | null, record: Uint8Array | string, code?: string) {
    this.type = type;
    this.at = at;
    this.#record = record;
    if (code !== undefined) this.code = code;
  }

  get event(): unknown {
    if (!this.#parsed) {
      this.#event = valueAt(this.#record, this.at ?? undefined);
      this.#parsed = true;
    }
    return this.#event;
  }

  toJSON(): object {
    return { type: this.type, at: this.at, event: this.event, ...(this.code && { code: this.code }) };
  }
}

/**
 * The value that a pointer (RFC 6901) leads to, on into strings that hold JSON: also where it ends at one. Undefined
 * where there is none. Without a pointer, the record as it is.
 */
export function valueAt(record: Uint8Array | string, at: string | undefined): unknown {
  const text = typeof record === "string" ? record : new TextDecoder().decode(record);
  let value = opened(text);
  if (at === undefined) return value;
  for (const segment of at.split("/").slice(1)) {
    value = member(inner(value), segment.replaceAll("~1", "/").replaceAll("~0", "~"));
  }
  return inner(value);
}

/** What a string holds, if it is one, and so on inwards. */
function inner(value: unknown): unknown {
  let found = value;
  for (let depth = 0; typeof found === "string" && depth < MAX_DEPTH; depth += 1) found = opened(found);
  return found;
}

function opened(text: string): unknown {
  try {
    return parseExactly(text.trim()); // which takes a byte order mark away, too
  } catch {
    return undefined;
  }
}

const member = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;

// What a caller hands in, made ready to cross the border.
import { formats } from "./border.js";
import { UsageError } from "./errors.js";
import type { Format, Input } from "./types.js";

/** The largest piece that crosses at once, in bytes: what keeps memory flat however large a chunk is. */
export const PIECE = 1 << 20;

/** The same for text, in UTF-16 units: each takes at most three bytes. */
const TEXT_PIECE = PIECE >> 2;

const numberOf = new Map<string, number>(formats.map((name, number) => [name, number]));

/** The number by which the border knows a format. */
export function formatNumber(format: Format | undefined): number {
  const number = format === undefined ? 0 : numberOf.get(format);
  if (number === undefined) throw new UsageError("W904", `format: expected one of ${formats.join(", ")}`);
  return number;
}

/**
 * What the caller hands in: its text, or its bytes without a copy. Runs no code of the caller's.
 *
 * @throws {UsageError} `W904` where it is neither, or its bytes are gone: the buffer was transferred, or cut short
 */
export function toPiece(input: Input): Uint8Array | string {
  if (typeof input === "string") return input;
  try {
    // By their kind and not by their class: bytes may come from another realm (a frame, a test's sandbox).
    if (kind(input) === "Uint8Array") {
      lengthOf(input as Uint8Array);
      return input as Uint8Array;
    }
    if (ArrayBuffer.isView(input)) return plainView(input);
    // A DataView takes buffers of either kind, nothing else, and none that is detached.
    return new Uint8Array(new DataView(input).buffer);
  } catch {
    throw new UsageError(
      "W904",
      "input: expected a string, or a Uint8Array or ArrayBuffer whose bytes have not been transferred",
    );
  }
}

/** Whether it is bytes: a view of any kind, or a buffer. */
export const isBytes = (value: unknown): value is Uint8Array | ArrayBuffer =>
  ArrayBuffer.isView(value) ||
  /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(value));

/**
 * How many bytes there are. The engine is asked, and not the object, whose class may have a `length` of its own.
 * Throws where they are gone.
 */
export function lengthOf(bytes: Uint8Array): number {
  const length = array.length(bytes);
  if (length === 0) typedArray.keys.call(bytes); // which refuses what has lost its buffer
  return length;
}

/** A view of the same bytes that no class of the caller's has a say in. Throws where they are gone. */
export function plainView(bytes: ArrayBufferView): Uint8Array {
  if (kind(bytes) === undefined) {
    return new Uint8Array(data.buffer(bytes), data.offset(bytes), data.length(bytes));
  }
  return new Uint8Array(array.buffer(bytes), array.offset(bytes), lengthOf(bytes as Uint8Array));
}

const typedArray: Uint8Array = Object.getPrototypeOf(Uint8Array.prototype);
const array = getters(typedArray);
const data = getters(DataView.prototype);
/** The name of an array's kind; undefined for anything else. */
const kind = getter<string | undefined>(typedArray, Symbol.toStringTag);

function getters(prototype: ArrayBufferView) {
  return {
    buffer: getter<ArrayBuffer>(prototype, "buffer"),
    offset: getter<number>(prototype, "byteOffset"),
    length: getter<number>(prototype, "byteLength"),
  };
}

function getter<T>(prototype: object, name: PropertyKey): (of: unknown) => T {
  const get = Object.getOwnPropertyDescriptor(prototype, name)?.get as () => T;
  return (of) => get.call(of);
}

/** Cuts chunks into pieces, and joins the halves of a character that two chunks of text share. */
export class Cutter {
  /** The first half of a surrogate pair whose second half is in a chunk to come. */
  #half = "";

  /** The pieces of a chunk, none of them empty, none over `PIECE` bytes. */
  cut(chunk: Input): (Uint8Array | string)[] {
    const piece = toPiece(chunk);
    if (typeof piece === "string") return this.#cutText(piece);
    const pieces: (Uint8Array | string)[] = this.rest();
    const length = lengthOf(piece);
    if (length <= PIECE) {
      if (length > 0) pieces.push(piece);
      return pieces;
    }
    const view = plainView(piece);
    for (let at = 0; at < length; at += PIECE) pieces.push(view.subarray(at, at + PIECE));
    return pieces;
  }

  /** What is left when the input ends: half a character, which becomes U+FFFD as it would in one string. */
  rest(): string[] {
    if (this.#half === "") return [];
    const rest = [this.#half];
    this.#half = "";
    return rest;
  }

  #cutText(chunk: string): string[] {
    let text = this.#half + chunk;
    this.#half = "";
    if (endsInHalf(text, text.length)) {
      this.#half = text.slice(-1);
      text = text.slice(0, -1);
    }
    const pieces: string[] = [];
    let at = 0;
    while (at < text.length) {
      let end = Math.min(at + TEXT_PIECE, text.length);
      if (end < text.length && endsInHalf(text, end)) end -= 1;
      pieces.push(text.slice(at, end));
      at = end;
    }
    return pieces;
  }
}

/** Whether the text up to `end` stops after the first half of a surrogate pair. */
function endsInHalf(text: string, end: number): boolean {
  if (end === 0) return false;
  const unit = text.charCodeAt(end - 1);
  return unit >= 0xd800 && unit <= 0xdbff;
}

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

/** The caller's bytes, without a copy, or its text. */
export function toPiece(input: Input): Uint8Array | string {
  if (input instanceof Uint8Array || typeof input === "string") return input;
  // By their kind and not by their class: bytes may come from another realm (a frame, a test's sandbox).
  if (ArrayBuffer.isView(input)) {
    const view = input as ArrayBufferView;
    return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  }
  const kind = Object.prototype.toString.call(input);
  if (kind === "[object ArrayBuffer]" || kind === "[object SharedArrayBuffer]") return new Uint8Array(input);
  throw new UsageError("W904", "input: expected a Uint8Array, an ArrayBuffer or a string");
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
    if (piece.length <= PIECE) {
      if (piece.length > 0) pieces.push(piece);
      return pieces;
    }
    for (let at = 0; at < piece.length; at += PIECE) pieces.push(piece.subarray(at, at + PIECE));
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

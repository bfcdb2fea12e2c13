// The one copy in: from the caller's bytes or text into the memory of the wasm instance.
import { lengthOf, plainView } from "./input.js";
import type { Instance } from "./instance.js";

const encoder = new TextEncoder();

/** Text longer than this is encoded on this side, as it may take three bytes a unit and mostly takes one. */
const LONG_TEXT = 1 << 20;

/**
 * Writes a piece to where the other side wants it and gives its length in bytes.
 *
 * @param target makes room for so many bytes and gives its address; may move the memory
 */
export function copyIn(
  instance: Instance,
  target: { input(length: number): number },
  piece: Uint8Array | string,
): number {
  if (typeof piece === "string") {
    if (piece.length > LONG_TEXT) return copyIn(instance, target, encoder.encode(piece));
    const room = piece.length * 3;
    const at = target.input(room);
    return encoder.encodeInto(piece, instance.bytes.subarray(at, at + room)).written;
  }
  const length = lengthOf(piece);
  // A view that an earlier call gave out: making room could detach it.
  const source = piece.buffer === instance.bytes.buffer ? plainView(piece).slice() : piece;
  const at = target.input(length);
  instance.bytes.set(source, at);
  return length;
}

// The one copy in: from the caller's bytes or text into the memory of the wasm instance.
import { lengthOf, plainView } from "./input.js";
import type { Instance } from "./instance.js";

const encoder = new TextEncoder();

/** Text longer than this is encoded on this side, as it may take three bytes a unit and mostly takes one. */
const LONG_TEXT = 1 << 20;

/** Makes room for so many bytes and gives its address, or 0 after a fault; may move the memory. */
interface Target {
  input(length: number): number;
}

/** Writes a piece to where the other side wants it and gives its length in bytes. */
export function copyIn(instance: Instance, target: Target, piece: Uint8Array | string): number {
  const source = settled(instance, piece);
  const room = most(source);
  return put(instance, source, addressOf(target, room), room);
}

/** A room that is used again as long as it is large enough: that saves a call across the border. */
export class Room {
  readonly #instance: Instance;
  readonly #target: Target;
  #at = 0;
  /** Its length; before it is made, less than any. */
  #length = -1;

  /** @param target whose room stays where it is until more is asked for */
  constructor(instance: Instance, target: Target) {
    this.#instance = instance;
    this.#target = target;
  }

  /** Writes a piece to the room and gives its length in bytes. */
  write(piece: Uint8Array | string): number {
    const room = most(piece);
    return room <= this.#length ? put(this.#instance, piece, this.#at, room) : this.#writeLonger(piece);
  }

  #writeLonger(piece: Uint8Array | string): number {
    const source = settled(this.#instance, piece);
    const room = most(source);
    if (room > this.#length) {
      this.#at = addressOf(this.#target, room);
      this.#length = room;
    }
    return put(this.#instance, source, this.#at, room);
  }
}

/** The bytes that a piece can take at most. */
const most = (piece: Uint8Array | string) => (typeof piece === "string" ? piece.length * 3 : lengthOf(piece));

/** What stays as it is while room is made: not a view that an earlier call gave out, which growth would detach. */
function settled(instance: Instance, piece: Uint8Array | string): Uint8Array | string {
  if (typeof piece === "string") return piece.length > LONG_TEXT ? encoder.encode(piece) : piece;
  return piece.buffer === instance.bytes.buffer ? plainView(piece).slice() : piece;
}

function addressOf(target: Target, room: number): number {
  const at = target.input(room);
  if (at === 0) throw { fault: true };
  return at;
}

function put(instance: Instance, piece: Uint8Array | string, at: number, room: number): number {
  if (typeof piece === "string")
    return encoder.encodeInto(piece, instance.bytes.subarray(at, at + room)).written;
  instance.bytes.set(piece, at);
  return lengthOf(piece);
}

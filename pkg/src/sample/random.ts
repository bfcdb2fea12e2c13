// Numbers that only look random: sfc32, integer arithmetic alone, so that every engine gives the same for the same seed.
// (sfc32: Chris Doty-Humphrey, PractRand.)

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
const BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's, as in ULIDs

/** A seeded source of numbers, and of the ids that platforms make of such. */
export class Random {
  #a = 0x9e3779b9 | 0;
  #b = 0x243f6a88;
  #c: number;
  #d = 1;

  /** @param seed any integer; only its lowest 32 bits count */
  constructor(seed: number) {
    this.#c = seed | 0;
    for (let turn = 0; turn < 16; turn += 1) this.next();
  }

  /** An unsigned 32-bit integer. */
  next(): number {
    const t = (((this.#a + this.#b) | 0) + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + t) | 0;
    return t >>> 0;
  }

  /** An integer from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + (this.next() % (high - low + 1));
  }

  /** True in so many cases of a hundred. */
  chance(percent: number): boolean {
    return this.next() % 100 < percent;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.next() % list.length] as T;
  }

  /** Brings a list into another order, in place (Fisher and Yates). */
  shuffle<T>(list: T[]): T[] {
    for (let last = list.length - 1; last > 0; last -= 1) {
      const other = this.next() % (last + 1);
      const held = list[last] as T;
      list[last] = list[other] as T;
      list[other] = held;
    }
    return list;
  }

  /** A UUID of version 4 (RFC 9562, section 5.4). */
  uuid(): string {
    const [a, b, c, d] = [this.next(), this.next(), this.next(), this.next()];
    const version = ((b >>> 8) & 0x0f) | 0x40;
    const variant = (c & 0x3f) | 0x80;
    return (
      `${byte(a)}${byte(a >>> 8)}${byte(a >>> 16)}${byte(a >>> 24)}-${byte(b)}${byte(b >>> 16)}-` +
      `${HEX[version]}${byte(b >>> 24)}-${HEX[variant]}${byte(c >>> 8)}-` +
      `${byte(c >>> 16)}${byte(c >>> 24)}${byte(d)}${byte(d >>> 8)}${byte(d >>> 16)}${byte(d >>> 24)}`
    );
  }

  /** So many bytes, in hexadecimal digits. */
  hex(bytes: number): string {
    let out = "";
    for (let count = 0; count < bytes; count += 1) out += byte(this.next());
    return out;
  }

  /** So many letters and digits. */
  key(length: number): string {
    return this.#from(LETTERS, length);
  }

  /** So many digits of a ULID. */
  base32(length: number): string {
    return this.#from(BASE32, length);
  }

  #from(letters: string, length: number): string {
    let out = "";
    for (let count = 0; count < length; count += 1) out += letters[this.next() % letters.length];
    return out;
  }
}

const byte = (bits: number): string => HEX[bits & 0xff] as string;

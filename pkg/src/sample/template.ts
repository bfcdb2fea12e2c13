// A sample of the catalogue with slots, and how a slot is filled. pkg/tools/samples.mjs tells what slots there are.
import { type Cast, placeOf } from "./cast.js";
import type { Random } from "./random.js";
import { timeFormat } from "./time.js";

/** What a template needs to know. */
export interface Setting {
  readonly cast: Cast;
  readonly random: Random;
  /** When the event happens, in milliseconds since 1970. */
  at: number;
  /** When its run began. */
  start: number;
}

type Slot = (setting: Setting, event: Own) => string;

/** What an event has to itself: its ids by their letters, and how slow its steps are, in sixty-fourths. */
interface Own {
  readonly ids: Record<string, string>;
  readonly pace: number;
}

export class Template {
  readonly #texts: readonly string[];
  readonly #slots: readonly Slot[];

  /** @param text JSON text with slots as `‹slot›` */
  constructor(text: string) {
    const parts = text.split(/[‹›]/);
    this.#texts = parts.filter((_, index) => index % 2 === 0);
    this.#slots = parts.filter((_, index) => index % 2 === 1).map(toSlot);
  }

  /** The JSON text of an event, in one line. */
  fill(setting: Setting): string {
    const own = { ids: {}, pace: setting.random.int(24, 160) };
    let out = this.#texts[0] as string;
    for (let index = 0; index < this.#slots.length; index += 1) {
      out += (this.#slots[index] as Slot)(setting, own) + (this.#texts[index + 1] as string);
    }
    return out;
  }
}

function toSlot(text: string): Slot {
  const [kind = "", first = "", second = ""] = text.split(" ");
  switch (kind) {
    case "uuid":
      return ({ random }, { ids }) => (ids[first] ??= random.uuid());
    case "hex":
      return ({ random }, { ids }) => (ids[first] ??= random.hex(16));
    case "key":
      return ({ random }, { ids }) => (ids[first] ??= random.key(22));
    case "like":
      return like(first);
    case "seconds": {
      const units = Number(first);
      return (_, { pace }) => seconds(paced(units, pace));
    }
    case "sum": {
      const parts = first.split(",").map(Number);
      return (_, { pace }) => seconds(parts.reduce((sum, units) => sum + paced(units, pace), 0));
    }
    case "at":
    case "start": {
      const after = Number(first);
      const format = timeFormat(second);
      return (setting) => format(setting[kind] + after);
    }
    default: {
      const place = placeOf(kind);
      return ({ cast }) => cast.texts[place] as string;
    }
  }
}

/** Numbers with as many digits: none begins or ends with a zero that the pattern does not have. */
function like(pattern: string): Slot {
  const begin = pattern.search(/[1-9]/);
  const end = pattern.length - 1 - [...pattern].reverse().findIndex((letter) => /[1-9]/.test(letter));
  return ({ random }) => {
    let out = pattern.slice(0, begin);
    for (let index = begin; index < pattern.length; index += 1) {
      const letter = pattern[index] as string;
      const isDigit = letter >= "0" && letter <= "9";
      const low = index === begin || (index === end && pattern.includes(".")) ? 1 : 0;
      out += isDigit ? random.int(low, 9) : letter;
    }
    return out;
  };
}

const paced = (units: number, pace: number) => Math.floor((units * pace) / 64) + 1;

/** Hundred-thousandths of a millisecond as seconds, written as Ruby writes them: `0.00041207`, `3.41e-06`. */
function seconds(units: number): string {
  const digits = `${units}`;
  const power = digits.length - 9;
  if (power < -4) return `${digits[0]}.${digits.slice(1).replace(/0+$/, "") || "0"}e-0${-power}`;
  const padded = digits.padStart(9, "0");
  return `${padded.slice(0, -8)}.${padded.slice(-8).replace(/0+$/, "") || "0"}`;
}

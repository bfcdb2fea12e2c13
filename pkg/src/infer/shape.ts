// What was seen of the values at one place, over any number of samples, in bounded memory.
import { type Format, formatsOf } from "./text.js";

/** JSON Schema's words for kinds of values. */
export type Kind = "null" | "boolean" | "integer" | "number" | "string" | "array" | "object";

/** Names that one object's members may have before they count as data: an id each, say. */
const MOST_NAMES = 100;
/** Different words that are kept of a place. */
const MOST_WORDS = 12;
/** Places that are kept altogether, and how deep they lie. */
const MOST_SHAPES = 5_000;
const DEEPEST = 12;

/** A word as an enum has it; anything else is text, or somebody's name. */
const WORD = /^[A-Za-z][A-Za-z0-9_.:-]{0,31}$/;

/** Names of members that are data themselves. */
const DATA_NAME = /@|^\d+$|^[0-9a-f]{8}-[0-9a-f]{4}-|^[0-9a-fA-F]{16,}$/;

/** Counts the places of a draft, so that its memory stays flat. */
export class Budget {
  left = MOST_SHAPES;
}

/** The values at one place. */
export class Shape {
  /** How many values there were, and how many of each kind. */
  count = 0;
  readonly kinds = new Map<Kind, number>();
  /** Null and the empty string say nothing. */
  present = 0;
  /** Members by name, in the order in which they were met. */
  readonly members = new Map<string, Shape>();
  /** What members have whose names are data. */
  others: Shape | undefined;
  items: Shape | undefined;
  /** What the strings hold that hold JSON, and how many do. */
  held: Shape | undefined;
  holding = 0;
  /** How many of the strings are of each format. */
  readonly formats = new Map<Format, number>();
  /** The different words, how often each; undefined once there are too many, or something that is no word. */
  words: Map<string, number> | undefined = new Map();
  longest = 0;
  least = Number.POSITIVE_INFINITY;
  most = Number.NEGATIVE_INFINITY;
  readonly #budget: Budget;
  readonly #depth: number;

  constructor(budget: Budget, depth = 0) {
    this.#budget = budget;
    this.#depth = depth;
    budget.left -= 1;
  }

  /** Strings among the values. */
  get strings(): number {
    return this.kinds.get("string") ?? 0;
  }

  /** Objects among the values. */
  get objects(): number {
    return this.kinds.get("object") ?? 0;
  }

  /** Takes a value into account. */
  add(value: unknown): void {
    this.count += 1;
    const kind = kindOf(value);
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
    if (value !== null && value !== "") this.present += 1;
    if (typeof value === "string") this.#addText(value);
    else if (typeof value === "number") {
      this.least = Math.min(this.least, value);
      this.most = Math.max(this.most, value);
    } else if (Array.isArray(value)) {
      this.items ??= this.#below();
      for (const item of value) this.items?.add(item);
    } else if (typeof value === "object" && value !== null) {
      for (const [name, member] of Object.entries(value)) this.#member(name)?.add(member);
    }
  }

  #addText(text: string): void {
    this.longest = Math.max(this.longest, text.length);
    for (const format of formatsOf(text)) this.formats.set(format, (this.formats.get(format) ?? 0) + 1);
    const document = held(text);
    if (document !== undefined) {
      this.holding += 1;
      this.held ??= this.#below();
      this.held?.add(document);
    }
    if (text === "" || !this.words) return;
    if (WORD.test(text)) this.words.set(text, (this.words.get(text) ?? 0) + 1);
    if (!WORD.test(text) || this.words.size > MOST_WORDS) this.words = undefined;
  }

  #member(name: string): Shape | undefined {
    const known = this.members.get(name);
    if (known) return known;
    if (DATA_NAME.test(name) || this.members.size >= MOST_NAMES) {
      this.others ??= this.#below();
      return this.others;
    }
    const shape = this.#below();
    if (shape) this.members.set(name, shape);
    return shape;
  }

  #below(): Shape | undefined {
    if (this.#depth >= DEEPEST || this.#budget.left <= 0) return undefined;
    return new Shape(this.#budget, this.#depth + 1);
  }
}

function kindOf(value: unknown): Kind {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value as Kind;
}

/** The object or array that a text holds as JSON. */
function held(text: string): object | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

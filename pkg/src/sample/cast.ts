// Who and what a scene is about: a text for each slot of the templates that has a name.
import { type SlotName, slotNames } from "../../generated/samples.js";
import type { Person } from "./people.js";

const places = new Map<string, number>(slotNames.map((name, place) => [name, place]));

/** Where a slot's text lies in {@link Cast.texts}. */
export function placeOf(name: string): number {
  const place = places.get(name);
  if (place === undefined) throw new Error(`no sample of the catalogue has a slot ${name}`);
  return place;
}

/** Texts by the names of slots. */
export type Texts = Record<SlotName, string>;

/** The parts that people play. */
export type Part = "person" | "other" | "third";

/** Texts for all slots but those that tell of people. */
export type Things = { [Name in SlotName as Name extends `${Part}.${string}` ? never : Name]: string };

type Trait = keyof Person;
const traits = (part: Part) =>
  ["uuid", "id", "name", "given", "family", "slug", "email", "phone", "confirmed", "external"]
    .map((trait) => [places.get(`${part}.${trait}`), trait as Trait] as const)
    .filter((pair): pair is readonly [number, Trait] => pair[0] !== undefined);
const parts = { person: traits("person"), other: traits("other"), third: traits("third") };

export class Cast {
  /** In a list, not by name: a template reads a dozen of them for each event. */
  readonly texts: string[];

  constructor(texts: string[]) {
    this.texts = texts;
  }

  /** A cast in which every slot has its text, but for the parts that are not given yet. */
  static of(things: Things): Cast {
    const texts: Partial<Texts> = things;
    return new Cast(slotNames.map((name) => texts[name] ?? ""));
  }

  /** One of its own, to be changed. */
  copy(): Cast {
    return new Cast(this.texts.slice());
  }

  get(name: SlotName): string {
    return this.texts[placeOf(name)] as string;
  }

  set(texts: Partial<Texts>): void {
    for (const name in texts) this.texts[placeOf(name)] = texts[name as SlotName] as string;
  }

  /** Gives a part to somebody. */
  give(part: Part, who: Person): void {
    for (const [place, trait] of parts[part]) this.texts[place] = who[trait];
  }
}

// JSON whose numbers keep their text, for cases that are about it: JSON.parse rounds them.
import { parse, write } from "../bench/lib/reference.mjs";

/** The texts of an object's members, by name; of an array's elements, by number. */
export type Texts = Readonly<Record<string, string>>;

/** The text of each member or element of a JSON text. */
export function texts(json: string): Texts {
  const value = parse(json);
  const members = Array.isArray(value) ? value.map((item, index) => [String(index), item]) : value.list;
  return Object.fromEntries(members.map(([name, item]: [string, unknown]) => [name, write(item)]));
}

/** The texts of an array's elements. */
export const elements = (json = "[]"): string[] => Object.values(texts(json));

// The language of the page: one table of messages for each, all with the same keys.
import { en, type Words } from "./en.js";
import { ja } from "./ja.js";

export type Language = "en" | "ja";
export const languages: Readonly<Record<Language, Words>> = { en, ja };

let current = $state<Language>("en");

/** The messages in the language that was chosen. */
export const t = (): Words => languages[current];

export const language = (): Language => current;

export function speak(next: Language): void {
  current = next;
  document.documentElement.lang = next;
}

/** The first of the browser's languages that there is. */
export const preferred = (wanted: readonly string[]): Language =>
  wanted.map((tag) => tag.slice(0, 2)).find((tag): tag is Language => tag in languages) ?? "en";

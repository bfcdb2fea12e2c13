// What documentation pages do to JSON: commas before a closing bracket, numbers with leading zeros, comments. Strings stay
// as they are.
import { looseParts, without } from "../base/loose.js";

/** The text with those mended that can be; the same text where there is nothing to mend. */
export const repaired = (text: string): string => without(text, looseParts(text), () => "");

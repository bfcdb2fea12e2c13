// Words that the catalogue's schemas know: of the platforms, and not of anybody who uses them.
import { Query } from "logweir/store";

/** Whether a value at a path is one of the words that the schemas have there, in whatever wrapper. */
export function isKnownWord(path: string, value: string): boolean {
  for (
    let rest: string | undefined = path;
    rest;
    rest = rest.includes(".") ? rest.slice(rest.indexOf(".") + 1) : undefined
  ) {
    const query = `${rest}:`;
    for (const { kind, text } of Query.complete(query, query.length))
      if (kind === "value" && text.replace(/^"|"$/g, "").replace(/\\(.)/g, "$1") === value) return true;
  }
  return false;
}

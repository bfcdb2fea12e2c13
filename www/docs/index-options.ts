// How the search index is made and read: both have to be told the same.
import type { Options } from "minisearch";

export const options: Options = {
  fields: ["title", "page", "text"],
  storeFields: ["title", "page"],
  // Names are found by their parts too: `@run.id`, `accept.unknown`, `onQuarantine`.
  tokenize: (text) => text.split(/[^\p{L}\p{N}_]+|(?<=\p{Ll})(?=\p{Lu})/u).filter(Boolean),
  searchOptions: { boost: { title: 4, page: 2 }, combineWith: "AND" },
};

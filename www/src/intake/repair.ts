// What documentation pages do to JSON: commas before a closing bracket, numbers with leading zeros, comments. Strings stay
// as they are.

const piece =
  /"[^"\\]*(?:\\[\s\S][^"\\]*)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|,(?=\s*(?:\/\/[^\n]*\s*)*[\]}])|(?<![\w.+-])(-?)0+(?=\d)/g;

/** The text with those mended that can be; the same text where there is nothing to mend. */
export const repaired = (text: string): string =>
  text.replace(piece, (found, sign: string | undefined) => {
    if (found.startsWith('"')) return found;
    return sign ?? "";
  });

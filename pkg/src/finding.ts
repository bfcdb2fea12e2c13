import type { Finding } from "./types.js";

/**
 * A finding on one line, for people, in the words of the core:
 * `V101 at /id, bytes 6 to 9: expected an integer (/properties/id/type)`.
 */
export function formatFinding({ code, instance, span, expected, help, keyword }: Finding): string {
  const place = `${instance || "the top"}, bytes ${span.start} to ${span.end}`;
  const mend = help === undefined ? "" : `; ${help}`;
  const by = keyword === "" ? "" : ` (${keyword})`;
  return `${code} at ${place}: expected ${expected}${mend}${by}`;
}

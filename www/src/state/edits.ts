// Which rule made which line of a difference.
import { diff, type Line } from "../base/diff.js";
import { parse, unitOf } from "../base/json.js";
import type { Trip } from "../engine/protocol.js";

export interface EditedLine extends Line {
  /** The rules that took it out or changed it. */
  rules: { rule: string; action: string; path: string }[];
}

/** What happened to a record on its way to a route that takes it as it is; undefined where one of the two is no JSON. */
export function edited(before: string, after: string, trip: Trip | undefined): EditedLine[] | undefined {
  const a = parse(before.trim());
  const b = parse(after.trim());
  if (!a || !b) return undefined;
  const shift = before.length - before.trimStart().length;
  const edits = (trip?.edits ?? []).map((edit) => ({
    ...edit,
    unit: unitOf(before, edit.offset - (trip?.offset ?? 0)) - shift,
    used: false,
  }));
  return diff(a, b).map((line) => {
    const { node, sign, inString } = line;
    if (sign !== "-" || !node) return { ...line, rules: [] };
    const outer = inString ?? node;
    // Of a value inside a string the edit tells where the string begins: they come in the order of the lines.
    const mine = edits.filter(
      ({ unit, used, embedded }) =>
        !used && (inString ? embedded > 0 && unit === outer.start : unit >= node.start && unit < node.end),
    );
    const taken = inString ? mine.slice(0, 1) : mine;
    for (const edit of taken) edit.used = true;
    return {
      ...line,
      rules: taken.map(({ rule, action, path }) => ({ rule, action, path })),
    };
  });
}

// An event with the shape of another and none of its values: for a policy's tests, which are written into files.
import { detect, Query } from "logweir/store";

/** Values by what they look like, and what stands in for them; `n` tells one from the next. */
const forms: readonly (readonly [RegExp, (n: number, was: string) => string])[] = [
  [/^[^\s@]+@[^\s@]+\.[^\s@]+$/, (n) => `person${n}@example.com`],
  [
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
    (n) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
  ],
  [
    /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d:\d\d(\.\d+)?.{0,12})?$/,
    (n, was) =>
      was
        .replace(/^\d{4}-\d\d-\d\d/, "2026-05-04")
        .replace(
          /\d\d:\d\d:\d\d(\.\d+)?/,
          (time) => `06:00:${String(n % 60).padStart(2, "0")}${time.slice(8).replace(/\d/g, "0")}`,
        ),
  ],
  [/^\d{1,3}(\.\d{1,3}){3}$/, (n) => `192.0.2.${n % 256}`],
  [/^[a-z]+:\/\//i, (n) => `https://example.com/${n}`],
  [/^\d+$/, (n, was) => String(n).padStart(was.length, "1").slice(-was.length)],
  [/^$/, () => ""],
];

/** Names of members that may stay: words, not data. */
const word = /^[A-Za-z_@][\w.-]{0,40}$/;

/** JSON text like a record's; undefined where it would not be recognised as the same type. */
export function synthetic(record: string): string | undefined {
  const told = new Map<string, string>();
  const text = (was: string, path: string): string => {
    const inner = opened(was);
    if (inner !== undefined) return JSON.stringify(made(inner, path));
    if (path !== "" && knownWords(path).has(was)) return was;
    const known = told.get(was);
    if (known !== undefined) return known;
    const n = told.size + 1;
    const now = forms.find(([form]) => form.test(was))?.[1](n, was) ?? `text ${n}`;
    told.set(was, now);
    return now;
  };
  const made = (value: unknown, path: string): unknown => {
    if (typeof value === "string") return text(value, path);
    if (typeof value === "number")
      return Number.isInteger(value) ? Number(text(String(Math.abs(value)), "")) : 1.5;
    if (Array.isArray(value)) return value.map((each) => made(each, path));
    if (typeof value !== "object" || value === null) return value;
    let others = 0;
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => {
        const shown = word.test(name) ? name : `key${++others}`;
        return [shown, made(each, path === "" ? shown : `${path}.${shown}`)];
      }),
    );
  };
  const value: unknown = opened(record);
  if (value === undefined) return undefined;
  const now = JSON.stringify(made(value, ""));
  return detect(now).type === detect(record).type ? now : undefined;
}

function opened(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

/** The words that the catalogue's schemas know at a path, in whatever wrapper. */
function knownWords(path: string): Set<string> {
  const found = new Set<string>();
  for (
    let rest: string | undefined = path;
    rest;
    rest = rest.includes(".") ? rest.slice(rest.indexOf(".") + 1) : undefined
  ) {
    const query = `${rest}:`;
    for (const { kind, text } of Query.complete(query, query.length))
      if (kind === "value") found.add(text.replace(/^"|"$/g, "").replace(/\\(.)/g, "$1"));
  }
  return found;
}

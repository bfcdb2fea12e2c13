// An event with the shape of another and none of its values: for a policy's tests, which are written into files.
import { detect } from "logweir/store";
import { isKnownWord } from "./known.js";

/** Values by what they look like, and what stands in for them; `n` tells one from the next. */
const forms: readonly (readonly [RegExp, (n: number, was: string) => string])[] = [
  [/^[^\s@]+@[^\s@]+\.[^\s@]+$/, (n) => `person${n}@example.com`],
  [
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
    (n) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
  ],
  [
    /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d:\d\d(\.\d+)?( ?(Z|UTC|GMT|[+-]\d\d:?\d\d))?)?$/,
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

/** Names of members that may stay: words, and not data, as ids with their digits are. */
const isWord = (name: string): boolean =>
  /^[A-Za-z_@][\w.-]{0,40}$/.test(name) && (name.length < 6 || !/\d.*\d/.test(name));

/** JSON text like a record's; undefined where it would not be recognised as the same type. */
export function synthetic(record: string): string | undefined {
  const told = new Map<string, string>();
  const text = (was: string, path: string): string => {
    const inner = opened(was);
    if (inner !== undefined) return JSON.stringify(made(inner, path));
    if (path !== "" && isKnownWord(path, was)) return was;
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
      return Number.isInteger(value)
        ? Number(text(String(Math.min(Math.abs(value), Number.MAX_SAFE_INTEGER)), ""))
        : 1.5;
    if (Array.isArray(value)) return value.map((each) => made(each, path));
    if (typeof value !== "object" || value === null) return value;
    let others = 0;
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => {
        const shown = isWord(name) ? name : `key${++others}`;
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

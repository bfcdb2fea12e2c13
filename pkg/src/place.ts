// Paths and conditions of a catalogue's entry, read in a parsed event. The core reads them in bytes.
import { UsageError } from "./errors.js";

/** How deep a path goes into strings that hold JSON. */
const DEEPEST = 4;

/** A reader of the first value at a path (`a.b`, `a[*].b`, `a[0]`; a backslash before a dot or bracket of a name). */
export function path(text: string): (event: unknown) => unknown {
  const steps: Step[] = [];
  let read = 0;
  for (const [all, index, name] of text.matchAll(/\[(\d+|\*)\]|\.?((?:[^.[\]\\]|\\.)+)/gy)) {
    steps.push(index ?? { name: (name ?? "").replace(/\\(.)/g, "$1") });
    read += all.length;
  }
  if (read === 0 || read < text.length)
    throw new UsageError("W904", `${JSON.stringify(text)}: expected a path`);
  return (event) => step(event, steps, 0);
}

type Step = string | { readonly name: string };

function step(value: unknown, [first, ...rest]: readonly Step[], opened: number): unknown {
  if (first === undefined) return value;
  if (typeof value === "string")
    return opened < DEEPEST ? step(inner(value), [first, ...rest], opened + 1) : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  if (typeof first === "object" && !Array.isArray(value))
    return Object.hasOwn(value, first.name)
      ? step((value as Record<string, unknown>)[first.name], rest, opened)
      : undefined;
  if (!Array.isArray(value)) return undefined;
  // A name steps through arrays.
  if (typeof first === "string" && first !== "*") return step(value[Number(first)], rest, opened);
  for (const element of value) {
    const found = step(element, typeof first === "object" ? [first, ...rest] : rest, opened);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What a string holds, if that is an object or array. */
function inner(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether the value at a path meets a condition (`const`, `enum`, `type`, `like`; none: it is there and says something). */
export function condition(at: string, of: unknown): (event: unknown) => boolean {
  const read = path(at);
  const { const: only, enum: some, type, like } = (of ?? {}) as Record<string, unknown>;
  const values = only === undefined ? some : [only];
  const list = (words: unknown) => (Array.isArray(words) ? words : [words]) as readonly string[];
  return (event) => {
    const value = read(event);
    if (value === undefined || value === null || value === "") return false;
    if (Array.isArray(values)) return values.includes(value);
    if (like !== undefined)
      return typeof value === "string" && list(like).some((form) => isLike(value, form));
    return type === undefined || list(type).some((word) => isOf(value, word));
  };
}

function isOf(value: unknown, type: string): boolean {
  if (type === "array" || type === "object")
    return typeof value === "object" && Array.isArray(value) === (type === "array");
  return type === "integer" ? Number.isInteger(value) : typeof value === type;
}

/** A star at the beginning or end of a form stands for any text; ASCII case does not matter. */
function isLike(value: string, form: string): boolean {
  const [text, wanted] = [value.toLowerCase(), form.toLowerCase().replace(/^\*|\*$/g, "")];
  if (form.startsWith("*")) return form.endsWith("*") ? text.includes(wanted) : text.endsWith(wanted);
  return form.endsWith("*") ? text.startsWith(wanted) : text === wanted;
}

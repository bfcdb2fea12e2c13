// Options that callers give, checked: a name that nobody reads is a misspelt one, and would pass in silence.
import { UsageError } from "./errors.js";
import { hint } from "./near.js";

/**
 * What an option has to be: one of some words, a number within bounds, of a type, or `checked` where whoever uses it
 * looks itself.
 */
export type Rule =
  | readonly string[]
  | { readonly from: number; readonly to: number }
  | "boolean"
  | "checked"
  | "function"
  | "object"
  | "signal";

/** A rule for each option that there is. */
export type Rules<T> = { readonly [name in keyof T]-?: Rule };

/**
 * @param rules what each option has to be that there is; left out or `undefined`, any may be
 * @throws {UsageError} `W904` for an option of another name, or one that is something else
 */
export function checkOptions<T extends object>(options: T | undefined, rules: Rules<T>): void {
  if (options === undefined) return;
  if (!isObject(options)) throw new UsageError("W904", "options: expected an object");
  for (const name of Object.keys(options) as (keyof T & string)[]) {
    if (!Object.hasOwn(rules, name)) {
      const names = Object.keys(rules);
      const expected = names.length === 1 ? "the option" : "one of the options";
      throw new UsageError("W904", `${name}: expected ${expected} ${names.join(", ")}${hint(name, names)}`);
    }
    const value: unknown = options[name];
    const expected = value === undefined ? undefined : fault(value, rules[name]);
    if (expected !== undefined) throw new UsageError("W904", `${name}: expected ${expected}`);
  }
}

function fault(value: unknown, rule: Rule): string | undefined {
  if (rule === "checked") return undefined;
  if (rule === "boolean") return typeof value === "boolean" ? undefined : "true or false";
  if (rule === "function") return typeof value === "function" ? undefined : "a function";
  if (rule === "object") return isObject(value) ? undefined : "an object";
  if (rule === "signal") return isSignal(value) ? undefined : "an AbortSignal";
  if (!("from" in rule)) return rule.includes(value as string) ? undefined : rule.join(" or ");
  const { from, to } = rule;
  const isWithin = typeof value === "number" && value >= from && value <= to;
  return isWithin ? undefined : `a number from ${from} to ${to}`;
}

/** By what it has: it may come from another realm. */
const isSignal = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "aborted" in value && "addEventListener" in value;

/** A plain one: what a Map or an array holds would not be seen. */
export const isObject = (value: unknown): value is object =>
  Object.prototype.toString.call(value) === "[object Object]";

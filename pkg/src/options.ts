// Options that callers give, checked: a name that nobody reads is a misspelt one, and would pass in silence.
import { UsageError } from "./errors.js";

/** What an option has to be: one of some words, a type, or `checked` where whoever uses it looks itself. */
type Rule = readonly string[] | "boolean" | "object" | "checked";

/**
 * @param rules what each option has to be that there is; left out or `undefined`, any may be
 * @throws {UsageError} `W904` for an option of another name, or one that is something else
 */
export function checkOptions<T extends object>(
  options: T | undefined,
  rules: { readonly [name in keyof T]-?: Rule },
): void {
  if (options === undefined) return;
  if (!isObject(options)) throw new UsageError("W904", "options: expected an object");
  for (const [name, value] of Object.entries(options)) {
    const rule: Rule | undefined = Object.hasOwn(rules, name) ? rules[name as keyof T] : undefined;
    if (rule === undefined)
      throw new UsageError("W904", `${name}: expected one of the options ${Object.keys(rules).join(", ")}`);
    const expected = value === undefined ? undefined : fault(value, rule);
    if (expected !== undefined) throw new UsageError("W904", `${name}: expected ${expected}`);
  }
}

function fault(value: unknown, rule: Rule): string | undefined {
  if (rule === "checked") return undefined;
  if (rule === "boolean") return typeof value === "boolean" ? undefined : "true or false";
  if (rule === "object") return isObject(value) ? undefined : "an object";
  return rule.includes(value as string) ? undefined : rule.join(" or ");
}

/** A plain one: what a Map or an array holds would not be seen. */
export const isObject = (value: unknown): boolean =>
  Object.prototype.toString.call(value) === "[object Object]";

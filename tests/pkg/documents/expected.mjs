// What an example says of its values. `…` as an object's last member stands for others that there may be.
import { deepStrictEqual } from "node:assert/strict";

export const more = Symbol("…");

/** @param actual what the expressions gave, `expected` what stands behind `//=>` */
export function same(actual, expected) {
  deepStrictEqual(cut(actual, expected), cut(expected, expected));
}

/** @param text the error's class, and its code if it has one: `PolicyError P101` */
export function throws(work, text) {
  try {
    work();
  } catch (error) {
    return deepStrictEqual([error.name, error.code].join(" ").trim(), text);
  }
  throw new Error(`expected ${text}, and nothing was thrown`);
}

/** Plain values; of objects with `…` only the members that are told. */
function cut(value, expected) {
  if (Array.isArray(value)) return value.map((each, index) => cut(each, expected?.[index]));
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  const names = Object.keys(expected?.[more] ? expected : value);
  return Object.fromEntries(names.map((name) => [name, cut(value[name], expected?.[name])]));
}

// No example speaks to anybody: whoever is asked takes everything.
globalThis.fetch = async () => new Response(null, { status: 202 });

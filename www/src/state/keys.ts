// The keyboard: one map for what it does and for what the page says of it.
import type { Words } from "../words/en.js";

export type Action = keyof Words["keys"];

/** Keys as `KeyboardEvent.key` says them. */
export const keys: readonly (readonly [Action, readonly string[]])[] = [
  ["search", ["/"]],
  ["next", ["j", "n"]],
  ["previous", ["k", "p"]],
  ["open", ["o", "Enter"]],
  ["close", ["Escape"]],
  ["top", ["g"]],
  ["bottom", ["G"]],
  ["files", ["O"]],
  ["facets", ["f"]],
  ["context", ["c"]],
  ["run", ["r"]],
  ["views", ["v"]],
  ["help", ["?"]],
];

/** What a key asks for; nothing where it belongs to a field, or to the browser. */
export function actionOf(event: KeyboardEvent): Action | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return undefined;
  const target = event.composedPath()[0];
  if (target instanceof HTMLElement) {
    if (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return undefined;
    if (event.key === "Enter" && target.closest("button, a, summary, [role=grid]")) return undefined;
    if (target.closest("dialog, [role=menu]")) return undefined;
  }
  return keys.find(([, all]) => all.includes(event.key))?.[0];
}

// Keys for keyed hashes.
import { UsageError } from "./errors.js";
import { isBytes, toPiece } from "./input.js";

/** Names and bytes by turns, as the other side takes them. */
export function keyParts(keys: Readonly<Record<string, unknown>> = {}): (string | Uint8Array)[] {
  return Object.entries(keys).flatMap(([name, key]) => {
    if (typeof key === "string") return [name, new TextEncoder().encode(key)];
    if (isBytes(key)) return [name, toPiece(key)];
    throw new UsageError("W904", `keys: expected bytes or text for ${JSON.stringify(name)}`);
  });
}

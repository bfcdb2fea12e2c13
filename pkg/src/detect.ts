import { Catalog } from "./catalog.js";
import type { UnknownEvent } from "./event.js";
import { instance } from "./instance.js";
import type { Input, KnownEvent } from "./types.js";

/** Of the built-in event types, and the instance that it was made in: made by the first call, anew after a fault. */
let builtIn: { readonly home: object; readonly catalog: Catalog } | undefined;

/**
 * Which event of the catalogue a record is: its `type` (which tells TypeScript what the `event` is), where in the record
 * it stands (`at`), and the event itself, which is parsed when it is first asked for. A number that JavaScript would round
 * is text in it, digit by digit as it stood, also where its type says number.
 *
 * @param input one record: UTF-8 bytes, or text; a wrapped event is found under any key, also in a string that holds JSON
 * @returns an `UnknownEvent`, whose `type` is null, if no built-in type recognises it; `Catalog` takes types of your own
 * @example
 * const found = detect(line);
 * if (found.type === "workato.job") console.log(found.event.title, found.at);
 */
export function detect(input: Input): Readonly<KnownEvent> | UnknownEvent {
  const home = instance("catalog");
  if (builtIn?.home !== home) builtIn = { home, catalog: new Catalog() };
  try {
    return builtIn.catalog.detect(input);
  } catch (thrown) {
    // A fault costs the handle; nobody else holds this one, so the next call has another.
    if (thrown instanceof Error && thrown.name === "FaultError") builtIn = undefined;
    throw thrown;
  }
}

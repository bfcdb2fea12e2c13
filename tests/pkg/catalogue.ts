// The catalogue's folders, as the tests of types and samples read them.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { EventType } from "logweir";
import { at } from "./tools.js";

/** What an event.json says that the tests ask about. */
export interface EventFile {
  readonly type: EventType;
  readonly recognise: { readonly require: Record<string, object> };
  readonly fields: Record<string, unknown>;
  readonly links?: readonly {
    readonly title: string;
    readonly to: EventType;
    readonly on: Record<string, string>;
    readonly when?: Record<string, object>;
  }[];
}

export interface Entry {
  readonly type: EventType;
  readonly event: EventFile;
  readonly schema: { readonly title: string };
  /** The events of its samples, by name. */
  readonly samples: Record<string, unknown>;
  /** The common fields that are expected of them. */
  readonly fields: Record<string, unknown>;
}

const home = at("src", "catalog");
const folders = (path: string) =>
  readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
const read = (...parts: string[]) => JSON.parse(readFileSync(join(...parts), "utf8"));

/** Every event type of the catalogue. */
export const catalogue: readonly Entry[] = folders(home).flatMap((platform) =>
  folders(join(home, platform)).map((name) => {
    const folder = join(home, platform, name);
    const files = readdirSync(join(folder, "samples")).filter((file) => !file.endsWith(".fields.json"));
    return {
      type: `${platform}.${name}` as EventType,
      event: read(folder, "event.json"),
      schema: read(folder, "schema.json"),
      samples: Object.fromEntries(
        files.map((file) => [file.replace(/\.json$/, ""), read(folder, "samples", file)]),
      ),
      fields: Object.fromEntries(
        files.map((file) => [
          file.replace(/\.json$/, ""),
          read(folder, "samples", file.replace(/\.json$/, ".fields.json")),
        ]),
      ),
    };
  }),
);

/** The event type of that name. */
export function entryOf(type: EventType): Entry {
  const entry = catalogue.find((each) => each.type === type);
  if (!entry) throw new Error(`there is no ${type}`);
  return entry;
}

// Which event each record is, and the earlier ones that belong to it.
import type { Catalog } from "../entry/inline.js";
import { type Link, Links, type LinksOptions } from "../links.js";
import type { Fields, Output } from "../types.js";

/** What is told of a record: numbers of records, also in links, go on through all inputs. */
export interface LinkedRecord {
  readonly record: number;
  readonly type: string | null;
  readonly at: string | null;
  readonly code?: string;
  readonly fields?: Fields;
  readonly links: readonly Linked[];
}

/** An earlier event, by the number of its record. */
type Linked = Pick<Link, "title" | "type" | "duration"> & { readonly record: number };

/** Looks at records as a run gives them that changes nothing: those that can be read a line each, the others by number. */
export class LinkedReader {
  readonly #catalog: Catalog;
  readonly #fields: boolean;
  readonly #links: Links;
  #record = 0;

  constructor(catalog: Catalog, fields: boolean, own: LinksOptions["own"]) {
    this.#catalog = catalog;
    this.#fields = fields;
    this.#links = new Links({ own });
  }

  /** The records of a step of the run, in their order. */
  take({ batches, quarantined }: Output): LinkedRecord[] {
    const lines = batches.flatMap(({ body }) => new TextDecoder().decode(body).split("\n").slice(0, -1));
    const withheld = new Map(quarantined.map(({ record, code }) => [record, code]));
    let next = 0;
    return Array.from({ length: lines.length + withheld.size }, () => {
      const record = this.#record++;
      const code = withheld.get(record);
      if (code !== undefined) return { record, type: null, at: null, code, links: [] };
      return this.#look(record, lines[next++] ?? "");
    });
  }

  #look(record: number, line: string): LinkedRecord {
    const found = this.#catalog.detect(line);
    const fields = this.#catalog.fields(line);
    const told = this.#links.take(found, record, fields?.["@time"]);
    return {
      record,
      type: found.type,
      at: found.at,
      ...("code" in found && { code: found.code }),
      ...(this.#fields && fields && { fields }),
      links: told.map(({ title, type, key, duration }) => ({
        title,
        type,
        record: key,
        ...(duration !== undefined && { duration }),
      })),
    };
  }
}

// The search and what it shows: lines, counts, and the event that is looked at.
import { term, toggled } from "../base/query.js";
import { Refusal } from "../engine/engine.js";
import type { Detail, Facet, Found, Histogram, Near, Problem, Range, Row } from "../engine/protocol.js";
import { Latest } from "./latest.js";
import type { Log } from "./log.svelte.js";
import { Rows } from "./rows.svelte.js";

export type { Detail, Facet, Found, Histogram, Near, Problem, Range, Row };

/** Which common fields have a facet, in order. */
export const faceted = [
  "@level",
  "@status",
  "@platform",
  "@type",
  "@workflow.name",
  "@workflow.id",
  "@connector",
  "@step",
  "@operation",
  "@error.type",
  "@environment",
  "@org.id",
  "@actor.email",
  "@enduser.id",
  "@integration.id",
  "@resource.type",
];
/** Every common field that a column can show. */
export const allFields: readonly string[] = [
  "@type",
  "@status",
  "@message",
  "@workflow.name",
  "@workflow.id",
  "@run.id",
  "@parent.id",
  "@trace.id",
  "@step",
  "@connector",
  "@operation",
  "@duration",
  "@error.type",
  "@error.message",
  "@platform",
  "@environment",
  "@id",
  "@org.id",
  "@customer.id",
  "@customer.external_id",
  "@integration.id",
  "@resource.type",
  "@resource.id",
  "@actor.id",
  "@actor.email",
  "@actor.ip",
  "@impersonator.id",
  "@enduser.id",
];
export const usualColumns: readonly string[] = ["@type", "@status", "@message"];
export const levels = ["debug", "info", "warn", "error", "fatal"];

export class Explore {
  query = $state("");
  range = $state.raw<Range>();
  /** Only the broken records are shown, whatever the query. */
  broken = $state(false);
  columns = $state.raw<readonly string[]>(usualColumns);
  sort = $state.raw({ field: "@time", descending: false });

  found = $state.raw<Found>();
  searching = $state(false);
  problem = $state.raw<string>();
  warnings = $state.raw<readonly Problem[]>([]);
  histogram = $state.raw<Histogram>();
  facets = $state.raw<readonly Facet[]>([]);

  /** The place in the list of the event that is looked at, and the event. */
  cursor = $state(-1);
  detail = $state.raw<Detail>();
  showDetail = $state(false);
  /** An event that others are compared with. */
  other = $state.raw<Detail>();

  readonly rows: Rows;
  readonly #log: Log;
  readonly #search = new Latest();
  readonly #count = new Latest();
  readonly #look = new Latest();

  constructor(log: Log) {
    this.#log = log;
    this.rows = new Rows(log.engine, () => [...this.columns]);
  }

  /** Searches anew; a search that a newer one has overtaken changes nothing. */
  async search({ keep = false } = {}): Promise<void> {
    const { engine } = this.#log;
    const ask = { query: this.query, range: this.range, broken: this.broken, sort: this.sort };
    this.searching = true;
    await this.#search.run(async (signal) => {
      try {
        const told = (found: Found) => {
          this.found = found;
        };
        const { found, warnings } = await engine.call("search", ask, { signal, told });
        this.problem = undefined;
        this.warnings = warnings;
        this.found = found;
        this.rows.reset();
        if (!keep) this.cursor = -1;
        this.searching = false;
        await this.count();
        const looked = this.detail?.row;
        if (looked !== undefined) this.cursor = await engine.call("place", { row: looked }, { signal });
      } catch (error) {
        if (error instanceof Refusal) {
          this.problem = error.message;
          this.searching = false;
        } else throw error;
      }
    });
  }

  /** Counts what was found. */
  async count(): Promise<void> {
    const { engine } = this.#log;
    await this.#count.run(async (signal) => {
      // Each is shown as it comes: both at once would keep the page from answering for longer than one notices.
      await Promise.all([
        engine.call("histogram", { bins: 140, by: "@level" }, { signal }).then((histogram) => {
          this.histogram = histogram;
        }),
        engine.call("facets", { fields: faceted, most: 50 }, { signal }).then((facets) => {
          this.facets = facets;
        }),
      ]);
    });
  }

  showBroken(on: boolean): void {
    this.broken = on;
    void this.search();
  }

  ask(query: string): void {
    this.broken = false;
    this.query = query.trim();
    void this.search();
  }

  /** Asks for a value of a field or forbids it; takes that back if it was so. */
  toggle(field: string, value: string, want: "asked" | "forbidden"): void {
    this.ask(toggled(this.query, term(field, value), want));
  }

  within(range: Range | undefined): void {
    this.range = range;
    void this.search();
  }

  order(field: string): void {
    this.sort = { field, descending: this.sort.field === field ? !this.sort.descending : false };
    void this.search();
  }

  choose(columns: readonly string[]): void {
    this.columns = columns;
    this.rows.reset();
  }

  /** Columns and order that come from elsewhere: only fields that there are can be shown, each once, and sorted by. */
  arrange(columns: readonly string[] = [], sort?: { field: string; descending: boolean }): void {
    const known = [...new Set(columns)].filter((name) => allFields.includes(name));
    if (known.length > 0) this.columns = known;
    if (sort && sort.field !== "@message" && ["@time", "@level", ...allFields].includes(sort.field))
      this.sort = sort;
  }

  /** Looks at the event at a place of the list. */
  async look(index: number, { open = true } = {}): Promise<void> {
    if (!this.found || this.found.count === 0) return;
    this.cursor = Math.min(Math.max(index, 0), this.found.count - 1);
    if (open) this.showDetail = true;
    if (!this.showDetail) return;
    const at = this.cursor;
    const row = await this.rows.wait(at);
    // The line that one sees may be of the search before: its place is another then.
    if (row) await this.show(row.row, this.rows.isCurrent(at) ? at : undefined);
  }

  /** Looks at an event, be it in the list or not. */
  async show(row: number, cursor?: number): Promise<void> {
    await this.#look.run(async (signal) => {
      const { engine } = this.#log;
      const [detail, place] = await Promise.all([
        engine.call("detail", { row }, { signal }),
        cursor === undefined ? engine.call("place", { row }, { signal }) : cursor,
      ]);
      this.detail = detail;
      this.cursor = place;
      this.showDetail = true;
    });
  }

  near(row: number, how: Near): Promise<{ rows: Row[]; query: string | undefined }> {
    return this.#log.engine.call("near", { row, how, most: 200, columns: ["@type", "@message"] });
  }

  close(): void {
    this.showDetail = false;
  }

  /** Nothing lies open any more, or something else does. */
  clear(): void {
    this.broken = false;
    this.found = undefined;
    this.histogram = undefined;
    this.facets = [];
    this.detail = undefined;
    this.other = undefined;
    this.showDetail = false;
    this.cursor = -1;
    this.rows.reset();
  }
}

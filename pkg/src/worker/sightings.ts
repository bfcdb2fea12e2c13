// What came from which source, and since when nothing has: a part of the ledger of requests.
import type { Report } from "../types.js";
import type { Database } from "./database.js";
import type { Expectation, Sighting, Silence } from "./entries.js";

/** A row of `silence`: what is watched; `begun` until its silence has ended and that was told, else 0. */
const TABLES = `
CREATE TABLE IF NOT EXISTS sighting (
  source TEXT, type TEXT, records INTEGER, first INTEGER, last INTEGER, PRIMARY KEY (source, type)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS silence (
  source TEXT, type TEXT, seconds INTEGER, watched INTEGER, begun INTEGER, since INTEGER, PRIMARY KEY (source, type)
) WITHOUT ROWID;
`;

interface Watched {
  /** From when on it is watched: milliseconds since 1970. */
  readonly watched: number;
  readonly begun: number;
  readonly since: number;
}

/** When what was seen last, and which silences have been told. */
export class Sightings {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
    database.rows(TABLES);
  }

  /** Something came. Of the empty type: records of whatever type. */
  add(source: string, { records, events }: Report, now: number): void {
    const types = Object.entries(events).map(([type, counts]) => [type, counts.records] as const);
    for (const [type, count] of [["", records] as const, ...types]) {
      if (count === 0) continue;
      this.#database.rows(
        `INSERT INTO sighting VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
           SET records = records + excluded.records, last = max(last, excluded.last)`,
        ...[source, type, count, now, now],
      );
    }
  }

  /** All that was ever seen. */
  all(): Sighting[] {
    return this.#database.rows("SELECT * FROM sighting ORDER BY source, type");
  }

  /** The silences that last, as far as they were told. */
  silent(): Silence[] {
    return this.#database.rows(
      "SELECT source, type, 'begun' AS state, since, seconds FROM silence WHERE begun > 0 ORDER BY source, type",
    );
  }

  /** Which silences began or ended. Each is given again until it was `told`. */
  watch(expectations: readonly Expectation[], now: number): Silence[] {
    const sources = new Set(this.all().map(({ source }) => source));
    return expectations.flatMap(({ source, type, silence: seconds, always }): Silence[] => {
      if (!always && !sources.has(source)) return [];
      const last = this.#last(source, type);
      const known = this.#watched(source, type);
      if (!known) {
        this.#database.rows("INSERT INTO silence VALUES (?, ?, ?, ?, 0, 0)", ...[source, type, seconds, now]);
      }
      const silent = now - Math.max(last, known?.watched ?? now) > seconds * 1000;
      if (known?.begun) {
        return last > known.since ? [{ source, type, state: "ended", since: known.since, seconds }] : [];
      }
      return silent ? [{ source, type, state: "begun", since: last, seconds }] : [];
    });
  }

  /** A silence's beginning, or its end, is on its way. */
  told({ source, type, state, since }: Silence): void {
    const [begun, from] = state === "begun" ? [1, since] : [0, 0];
    const sql = "UPDATE silence SET begun = ?, since = ? WHERE source = ? AND type = ?";
    this.#database.rows(sql, begun, from, source, type);
  }

  #last(source: string, type: string): number {
    const sql = "SELECT last FROM sighting WHERE source = ? AND type = ?";
    return this.#database.rows<{ last: number }>(sql, source, type)[0]?.last ?? 0;
  }

  #watched(source: string, type: string): Watched | undefined {
    const sql = "SELECT watched, begun, since FROM silence WHERE source = ? AND type = ?";
    return this.#database.rows<Watched>(sql, source, type)[0];
  }
}

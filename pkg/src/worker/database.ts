// The database of a Durable Object, as its parts use it.
import type { LedgerState } from "./platform.js";

/** Statements, and values kept under names. */
export class Database {
  readonly #state: LedgerState;

  constructor(state: LedgerState) {
    this.#state = state;
    this.rows("CREATE TABLE IF NOT EXISTS memo (name TEXT PRIMARY KEY, text TEXT) WITHOUT ROWID");
  }

  /** The rows that a statement gives. */
  rows<T>(query: string, ...values: (string | number | null)[]): T[] {
    return this.#state.storage.sql.exec(query, ...values).toArray() as T[];
  }

  /** The value that is kept under a name. */
  memo<T>(name: string): T | undefined {
    const [row] = this.rows<{ text: string }>("SELECT text FROM memo WHERE name = ?", name);
    return row && JSON.parse(row.text);
  }

  /** Keeps a value. */
  keep(name: string, value: unknown): void {
    this.rows("INSERT OR REPLACE INTO memo VALUES (?, ?)", name, JSON.stringify(value));
  }

  /** All of the work's changes, or none where it throws. */
  whole<T>(work: () => T): T {
    return this.#state.storage.transactionSync(work);
  }
}

// The lines of the table, fetched as they come into view.
import type { Engine } from "../engine/engine.js";
import type { Row } from "../engine/protocol.js";

export type { Row };

const PAGE = 100;
const PAGES_KEPT = 40;

export class Rows {
  /** Grows when lines have come, so that whoever shows them looks again. */
  #version = $state(0);
  #pages = new Map<number, Row[]>();
  /** What was shown before: it stays until the new lines are there. */
  #old = new Map<number, Row[]>();
  #asked = new Set<number>();
  #generation = 0;
  #engine: Engine;
  #columns: () => string[];

  constructor(engine: Engine, columns: () => string[]) {
    this.#engine = engine;
    this.#columns = columns;
  }

  /** Forgets all lines: they are of another search. */
  reset(): void {
    this.#generation += 1;
    this.#old = this.#pages;
    this.#pages = new Map();
    this.#asked.clear();
    this.#version += 1;
  }

  /** The line at a place; undefined until it is there. */
  at(index: number): Row | undefined {
    this.#version;
    const page = Math.floor(index / PAGE);
    const rows = this.#pages.get(page);
    if (!rows) this.#fetch(page);
    return (rows ?? this.#old.get(page))?.[index % PAGE];
  }

  async wait(index: number): Promise<Row | undefined> {
    const page = Math.floor(index / PAGE);
    if (!this.#pages.has(page)) await this.#fetch(page);
    return this.#pages.get(page)?.[index % PAGE];
  }

  async #fetch(page: number): Promise<void> {
    if (this.#asked.has(page)) return;
    this.#asked.add(page);
    const generation = this.#generation;
    try {
      const from = page * PAGE;
      const rows = await this.#engine.call("rows", { from, to: from + PAGE, columns: this.#columns() });
      if (generation !== this.#generation) return;
      this.#pages.set(page, rows);
      this.#old.delete(page);
      for (const old of this.#pages.keys()) {
        if (this.#pages.size <= PAGES_KEPT) break;
        this.#pages.delete(old);
        this.#asked.delete(old);
      }
      this.#version += 1;
    } catch {
      this.#asked.delete(page); // a fault is told elsewhere
    }
  }
}

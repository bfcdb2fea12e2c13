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
  #asked = new Map<number, Promise<void>>();
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

  /** Whether what `at` gives is of the search that is shown, and not of one before. */
  isCurrent(index: number): boolean {
    return this.#pages.has(Math.floor(index / PAGE));
  }

  /** The line at a place, as it is shown; where none is yet, as soon as it comes. */
  async wait(index: number): Promise<Row | undefined> {
    for (;;) {
      const shown = this.at(index);
      if (shown) return shown;
      const generation = this.#generation;
      await this.#fetch(Math.floor(index / PAGE));
      if (generation === this.#generation) return this.at(index);
    }
  }

  #fetch(page: number): Promise<void> {
    const asked = this.#asked.get(page) ?? this.#ask(page);
    this.#asked.set(page, asked);
    return asked;
  }

  async #ask(page: number): Promise<void> {
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
      if (generation === this.#generation) this.#asked.delete(page); // a fault is told elsewhere
    }
  }
}

// The books, in a Durable Object: one of the requests, and one of each destination.
import { Report } from "../account.js";
import { Breaker } from "./breaker.js";
import type { Entry, LedgerCalls, Settlement } from "./entries.js";
import type { LedgerState } from "./platform.js";

/** A batch is `known` once the request it came with is in the books; its records count from then on, and once. */
const TABLES = `
CREATE TABLE IF NOT EXISTS batch (
  id TEXT PRIMARY KEY, parent TEXT, records INTEGER, known INTEGER, settled INTEGER,
  delivered INTEGER, dead INTEGER, at INTEGER
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS batch_parent ON batch (parent) WHERE parent IS NOT NULL;
CREATE INDEX IF NOT EXISTS batch_age ON batch (settled, at);
CREATE TABLE IF NOT EXISTS request (id TEXT PRIMARY KEY, records INTEGER, at INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tally (name TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS memo (name TEXT PRIMARY KEY, text TEXT) WITHOUT ROWID;
`;

interface Row extends Entry {
  readonly known: number;
  readonly settled: number;
  readonly delivered: number;
  readonly dead: number;
}

/**
 * The Durable Object that keeps the forwarder's books: what was taken, what became of it, which batches are settled, and
 * how each destination stands. Export it from the Worker, and bind it as `LEDGER` with a SQLite storage
 * (`new_sqlite_classes`). It has no clock of its own; whoever asks says what time it is.
 */
export class Ledger {
  readonly #state: LedgerState;
  readonly #calls: { readonly [K in keyof LedgerCalls]: (given: LedgerCalls[K][0]) => LedgerCalls[K][1] };

  /** Made by the platform. */
  constructor(state: LedgerState) {
    this.#state = state;
    this.#rows(TABLES);
    this.#calls = {
      seen: ({ request }) => this.#rows("SELECT records FROM request WHERE id = ?", request)[0] ?? {},
      close: (given) => this.#close(given),
      enter: (given) => this.#enter(given),
      begin: (given) => this.#begin(given),
      tried: (given) => this.#tried(given),
      standing: () => this.#standing(),
      report: () => {
        const report = this.#memo<Report>("report");
        return report ? { report } : {};
      },
      forget: ({ before }) => {
        this.#rows("DELETE FROM batch WHERE settled = 1 AND at < ?", before);
        this.#rows("DELETE FROM request WHERE at < ?", before);
        return {};
      },
    };
  }

  /** Answers what `Ledgers` asks. */
  async fetch(request: Request): Promise<Response> {
    const call = new URL(request.url).pathname.slice(1);
    if (!Object.hasOwn(this.#calls, call)) return new Response(null, { status: 404 });
    const given = await request.json();
    // All of a call or nothing: an exception undoes what it had written.
    const answer = this.#state.storage.transactionSync(() =>
      this.#calls[call as keyof LedgerCalls](given as never),
    );
    return Response.json(answer);
  }

  #close({ request, report, now }: LedgerCalls["close"][0]): object {
    if (this.#rows("SELECT id FROM request WHERE id = ?", request).length > 0) return {};
    this.#rows("INSERT INTO request VALUES (?, ?, ?)", request, report.records, now);
    const before = this.#memo<Report>("report");
    this.#keep("report", before ? Report.merge(before, report) : report);
    return {};
  }

  #enter({ entries, settled = false, now }: LedgerCalls["enter"][0]): object {
    for (const entry of entries) {
      const row = this.#row(entry.id);
      if (row?.known) continue;
      this.#add("taken", row?.records ?? entry.records);
      if (row === undefined) this.#insert(entry, now);
      this.#claim(entry.id);
      if (settled) this.#settle({ ...entry, delivered: entry.records, dead: 0, children: [] }, now);
    }
    return {};
  }

  #begin({ batches, quota, now }: LedgerCalls["begin"][0]): LedgerCalls["begin"][1] {
    const breaker = new Breaker(this.#memo("breaker"), now);
    const verdicts = batches.map((batch) =>
      this.#row(batch.id)?.settled ? ("settled" as const) : breaker.admit(batch, quota),
    );
    this.#keep("breaker", breaker.state);
    return { verdicts };
  }

  #tried({ outcome, after, settlement, now }: LedgerCalls["tried"][0]): LedgerCalls["tried"][1] {
    this.#add(`try ${outcome}`, 1);
    const breaker = new Breaker(this.#memo("breaker"), now);
    breaker.learn(outcome, after);
    this.#keep("breaker", breaker.state);
    if (settlement) this.#settle(settlement, now);
    return { wait: breaker.wait };
  }

  /** Closes a batch; what comes of it counts if it is known, or when it becomes so. */
  #settle({ children, ...entry }: Settlement, now: number): void {
    if (this.#row(entry.id) === undefined) this.#insert(entry, now);
    const row = this.#row(entry.id) as Row;
    if (row.settled) return;
    const { delivered, dead, id } = entry;
    this.#rows("UPDATE batch SET settled = 1, delivered = ?, dead = ? WHERE id = ?", delivered, dead, id);
    for (const child of children) {
      // It may have been delivered already: its message was sent first.
      if (this.#row(child.id) === undefined) this.#insert(child, now);
      this.#rows("UPDATE batch SET parent = ? WHERE id = ?", id, child.id);
    }
    if (row.known) this.#count(id);
  }

  /** Makes a batch known, and counts what became of it. */
  #claim(id: string): void {
    this.#rows("UPDATE batch SET known = 1 WHERE id = ?", id);
    if (this.#row(id)?.settled) this.#count(id);
  }

  /** Counts what became of a batch that is known and settled, and claims its children. */
  #count(id: string): void {
    const { delivered, dead } = this.#row(id) as Row;
    this.#add("delivered", delivered);
    this.#add("dead", dead);
    for (const child of this.#rows<Entry>("SELECT id FROM batch WHERE parent = ? AND known = 0", id)) {
      this.#claim(child.id); // as deep as a batch was split: the logarithm of its records
    }
  }

  #standing(): LedgerCalls["standing"][1] {
    const tally = this.#rows<{ name: string; number: number }>("SELECT name, number FROM tally");
    const count = (name: string) => tally.find((each) => each.name === name)?.number ?? 0;
    const [taken, delivered, dead] = [count("taken"), count("delivered"), count("dead")];
    const tries = tally
      .filter(({ name }) => name.startsWith("try "))
      .map(({ name, number }) => [name.slice(4), number] as const);
    const [first] = this.#rows<{ at: number }>(
      "SELECT at FROM batch WHERE settled = 0 AND known = 1 ORDER BY at LIMIT 1",
    );
    const { until: pausedUntil, failures } = new Breaker(this.#memo("breaker"), 0).state;
    return {
      taken,
      delivered,
      dead,
      waiting: taken - delivered - dead,
      oldest: first?.at ?? 0,
      tries: Object.fromEntries(tries),
      pausedUntil,
      failures,
    };
  }

  #insert({ id, records }: Entry, now: number): void {
    this.#rows("INSERT INTO batch VALUES (?, NULL, ?, 0, 0, 0, 0, ?)", id, records, now);
  }

  #row(id: string): Row | undefined {
    return this.#rows<Row>(
      "SELECT id, records, known, settled, delivered, dead FROM batch WHERE id = ?",
      id,
    )[0];
  }

  #add(name: string, number: number): void {
    if (number === 0) return;
    const sql = "INSERT INTO tally VALUES (?, ?) ON CONFLICT DO UPDATE SET number = number + excluded.number";
    this.#rows(sql, name, number);
  }

  #memo<T>(name: string): T | undefined {
    const [row] = this.#rows<{ text: string }>("SELECT text FROM memo WHERE name = ?", name);
    return row && JSON.parse(row.text);
  }

  #keep(name: string, value: unknown): void {
    this.#rows("INSERT OR REPLACE INTO memo VALUES (?, ?)", name, JSON.stringify(value));
  }

  #rows<T>(query: string, ...values: (string | number | null)[]): T[] {
    return this.#state.storage.sql.exec(query, ...values).toArray() as T[];
  }
}

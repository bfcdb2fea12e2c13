// The books, in a Durable Object: one of the requests, and one of each destination.
import { Report } from "../account.js";
import { Breaker, type BreakerStates, withState } from "./breaker.js";
import { Database } from "./database.js";
import type { Allowance, Entry, Fate, LedgerCalls, Settlement } from "./entries.js";
import { Listeners } from "./listeners.js";
import type { LedgerSocket, LedgerState } from "./platform.js";
import { Sightings } from "./sightings.js";

/**
 * A batch is `known` once the request it came with is in the books; its records count from then on, and once. A request
 * has no `records` until it is taken whole.
 */
const TABLES = `
CREATE TABLE IF NOT EXISTS batch (
  id TEXT PRIMARY KEY, parent TEXT, records INTEGER, known INTEGER, settled INTEGER,
  delivered INTEGER, dead INTEGER, at INTEGER, last TEXT
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS batch_parent ON batch (parent) WHERE parent IS NOT NULL;
CREATE INDEX IF NOT EXISTS batch_age ON batch (settled, at);
CREATE TABLE IF NOT EXISTS request (id TEXT PRIMARY KEY, records INTEGER, at INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bundle (key TEXT PRIMARY KEY, open INTEGER, at INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tally (name TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, text TEXT, at INTEGER) WITHOUT ROWID;
`;

/** For how long a repetition is known as one, in milliseconds: a week. */
export const MEMORY = 7 * 24 * 3_600_000;

/** So many notes are kept. */
const NOTES = 50;

const MINUTE = 60_000;

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
  readonly #database: Database;
  readonly #sightings: Sightings;
  readonly #listeners: Listeners;
  /** What was taken in a minute. Not kept: it may begin anew. */
  #taken = { minute: 0, records: 0, bytes: 0 };
  readonly #calls: { readonly [K in keyof LedgerCalls]: (given: LedgerCalls[K][0]) => LedgerCalls[K][1] };

  /** Made by the platform. */
  constructor(state: LedgerState) {
    this.#database = new Database(state);
    this.#rows(TABLES);
    this.#sightings = new Sightings(this.#database);
    this.#listeners = new Listeners(state);
    this.#calls = {
      open: (given) => this.#open(given),
      close: (given) => this.#close(given),
      show: ({ showings }) => {
        this.#listeners.show(showings);
        return {};
      },
      sources: () => ({ sightings: this.#sightings.all(), silent: this.#sightings.silent() }),
      watch: ({ expectations, now }) => ({ silences: this.#sightings.watch(expectations, now) }),
      told: ({ silence }) => {
        this.#sightings.told(silence);
        return {};
      },
      note: (given) => this.#note(given),
      noted: ({ name }) => this.#rows("SELECT text FROM note WHERE name = ?", name)[0] ?? {},
      fates: ({ ids }) => ({ fates: ids.map((id) => this.#fate(id)) }),
      enter: (given) => this.#enter(given),
      begin: (given) => this.#begin(given),
      tried: (given) => this.#tried(given),
      standing: () => this.#standing(),
      report: () => {
        const report = this.#database.memo<Report>("report");
        return report ? { report } : {};
      },
      forget: ({ before }) => {
        this.#rows("DELETE FROM batch WHERE settled = 1 AND at < ?", before);
        this.#rows("DELETE FROM request WHERE at < ?", before);
        this.#rows("DELETE FROM bundle WHERE at < ?", before);
        return {};
      },
    };
  }

  /** Answers what `Ledgers` asks. */
  async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const call = pathname.slice(1);
    if (call === "listen") return this.#listeners.add(searchParams.get("query") ?? "");
    if (!Object.hasOwn(this.#calls, call)) return new Response(null, { status: 404 });
    const given = await request.json();
    // All of a call or nothing: an exception undoes what it had written.
    const answer = this.#database.whole(() => this.#calls[call as keyof LedgerCalls](given as never));
    return Response.json(answer);
  }

  /** Called by the platform: what a listener says is not heard. */
  webSocketMessage(): void {}

  /** Called by the platform: a listener goes. */
  webSocketClose(socket: LedgerSocket): void {
    socket.close();
  }

  #open({ request, quota = {}, now }: LedgerCalls["open"][0]): LedgerCalls["open"][1] {
    const sql = "SELECT records, at FROM request WHERE id = ? AND at >= ?";
    const [known] =
      request === undefined
        ? []
        : this.#rows<{ records: number | null; at: number }>(sql, request, now - MEMORY);
    const { records, at = now } = known ?? {};
    if (typeof records === "number") return { records, at };
    const wait = this.#wait(quota, now);
    if (wait > 0) return { at, wait };
    if (request !== undefined && !known) {
      this.#rows("INSERT OR REPLACE INTO request VALUES (?, NULL, ?)", request, now);
    }
    return { at };
  }

  /** Seconds until a minute begins of which the quota is not used up. */
  #wait(quota: Allowance, now: number): number {
    const minute = Math.floor(now / MINUTE);
    const { minute: counted, ...used } = this.#taken;
    const over = (["records", "bytes"] as const).some((name) => used[name] >= (quota[name] ?? Infinity));
    return over && counted === minute ? Math.ceil(((minute + 1) * MINUTE - now) / 1000) : 0;
  }

  #close({ request, source, records, report, now }: LedgerCalls["close"][0]): LedgerCalls["close"][1] {
    const listeners = this.#listeners.all();
    const [known] = this.#rows<{ records: number | null }>(
      "SELECT records FROM request WHERE id = ?",
      request,
    );
    if (typeof known?.records === "number") return { listeners };
    const sql = "INSERT INTO request VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET records = excluded.records";
    this.#rows(sql, request, records, now);
    const before = this.#database.memo<Report>("report");
    this.#database.keep("report", before ? Report.merge(before, report) : report);
    if (source !== "") {
      this.#sightings.add(source, report, now);
      this.#countTaken(report, now);
    }
    return { listeners };
  }

  #countTaken({ records, bytes }: Report, now: number): void {
    const minute = Math.floor(now / MINUTE);
    const used = this.#taken.minute === minute ? this.#taken : { records: 0, bytes: 0 };
    this.#taken = { minute, records: used.records + records, bytes: used.bytes + bytes.in };
  }

  #note({ name, text, now }: LedgerCalls["note"][0]): object {
    this.#rows("INSERT OR REPLACE INTO note VALUES (?, ?, ?)", name, text, now);
    this.#rows("DELETE FROM note WHERE name NOT IN (SELECT name FROM note ORDER BY at DESC LIMIT ?)", NOTES);
    return {};
  }

  #fate(id: string): Fate {
    const [fate] = this.#rows<{ records: number; delivered: number; dead: number; last: string | null }>(
      `WITH RECURSIVE tree (id) AS (
         VALUES (?) UNION SELECT batch.id FROM batch JOIN tree ON batch.parent = tree.id
       )
       SELECT (SELECT records FROM batch WHERE id = ?) AS records,
         sum(delivered) AS delivered, sum(dead) AS dead, max(last) AS last
       FROM batch WHERE id IN tree`,
      ...[id, id],
    );
    const { records, delivered, dead, last } = fate ?? {};
    return {
      records: records ?? 0,
      delivered: delivered ?? 0,
      dead: dead ?? 0,
      ...(typeof last === "string" && { last }),
    };
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
    const verdicts = batches.map((batch) =>
      this.#row(batch.id)?.settled
        ? ("settled" as const)
        : this.#ask(batch.address, now, (breaker) => breaker.admit(batch, quota)),
    );
    return { verdicts };
  }

  /** Asks the breaker of an address, and keeps what it learns. */
  #ask<T>(address: string, now: number, work: (breaker: Breaker) => T): T {
    const states = this.#breakers();
    const breaker = new Breaker(Object.hasOwn(states, address) ? states[address] : undefined, now);
    const told = work(breaker);
    this.#database.keep("breakers", withState(states, address, breaker.state));
    return told;
  }

  #breakers(): BreakerStates {
    return this.#database.memo<BreakerStates>("breakers") ?? {};
  }

  #tried({
    id,
    address,
    outcome,
    reason,
    after,
    settlement,
    now,
  }: LedgerCalls["tried"][0]): LedgerCalls["tried"][1] {
    this.#add(`try ${outcome}`, 1);
    const wait = this.#ask(address, now, (breaker) => {
      breaker.learn(outcome, after);
      return breaker.wait;
    });
    const spent = settlement !== undefined && this.#settle(settlement, now);
    const told = reason === undefined ? outcome : `${outcome}: ${reason}`;
    this.#rows("UPDATE batch SET last = ? WHERE id = ?", told, id);
    return { wait, spent };
  }

  /** Closes a batch; what comes of it counts if it is known, or when it becomes so. Gives whether its bundle is spent. */
  #settle({ children, bundle, ...entry }: Settlement, now: number): boolean {
    if (this.#row(entry.id) === undefined) this.#insert(entry, now);
    const row = this.#row(entry.id) as Row;
    if (row.settled) return false;
    const { delivered, dead, id } = entry;
    this.#rows("UPDATE batch SET settled = 1, delivered = ?, dead = ? WHERE id = ?", delivered, dead, id);
    for (const child of children) {
      // It may have been delivered already: its message was sent first.
      if (this.#row(child.id) === undefined) this.#insert(child, now);
      this.#rows("UPDATE batch SET parent = ? WHERE id = ?", id, child.id);
    }
    if (row.known) this.#count(id);
    return bundle !== undefined && this.#spend(bundle, now);
  }

  /** Takes one of the bodies off a bundle; gives whether it was the last one. */
  #spend({ key, parts }: NonNullable<Settlement["bundle"]>, now: number): boolean {
    const sql =
      "INSERT INTO bundle VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET open = open - 1 RETURNING open";
    const [row] = this.#rows<{ open: number }>(sql, key, parts - 1, now);
    if (row?.open !== 0) return false;
    this.#rows("DELETE FROM bundle WHERE key = ?", key);
    return true;
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
    const breakers = Object.values(this.#breakers());
    return {
      taken,
      delivered,
      dead,
      waiting: taken - delivered - dead,
      oldest: first?.at ?? 0,
      tries: Object.fromEntries(tries),
      pausedUntil: Math.max(0, ...breakers.map(({ until }) => until)),
      failures: Math.max(0, ...breakers.map(({ failures }) => failures)),
    };
  }

  #insert({ id, records }: Entry, now: number): void {
    this.#rows("INSERT INTO batch VALUES (?, NULL, ?, 0, 0, 0, 0, ?, NULL)", id, records, now);
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

  #rows<T>(query: string, ...values: (string | number | null)[]): T[] {
    return this.#database.rows(query, ...values);
  }
}

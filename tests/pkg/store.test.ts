// The log store through the package: what it tells of a log is what the log says.
import { readFileSync } from "node:fs";
import type * as slim from "logweir/slim";
import { Catalog, detect, LogStore, Query, QueryError, type Row, RowSet, UsageError } from "logweir/store";
import { describe, expect, test } from "vitest";
import { at, copyOfPackage, thrownBy } from "./tools.js";

const event = (n: number) => ({
  logType: "execution_event",
  eventType: n % 3 === 0 ? "failed" : "created",
  executionId: `run-${n >> 1}`,
  workflowId: `w${n % 4}`,
  created: new Date(Date.UTC(2026, 4, 1, 10, 0, n)).toISOString(),
  note: n % 5 === 0 ? "Salmon upstream" : "trout",
});
const lines = [
  ...Array.from({ length: 40 }, (_, n) => JSON.stringify(event(n))),
  '{"broken":',
  '{"unknown":true}',
  JSON.stringify({ log: event(41) }),
];
const log = `${lines.join("\n")}\n`;

function loaded(options: ConstructorParameters<typeof LogStore>[0] = {}, text = log): LogStore {
  const store = new LogStore(options);
  store.begin("log.ndjson");
  store.push(text);
  store.end();
  return store;
}

function found(store: LogStore, query: string, within?: RowSet): number[] {
  const search = store.search(query, { within, now: 0 });
  while (!search.step(7).done);
  return [...store.numbers(search.found())];
}

describe("loading", () => {
  test("every record is a row, with its place", () => {
    const store = loaded();
    expect(store.progress).toMatchObject({ rows: 43, broken: 1, unknown: 1, bytes: log.length });
    expect(store.sources).toEqual([{ source: 0, name: "log.ndjson", first: 0, rows: 43, bytes: log.length }]);
    for (const [row, line] of lines.entries()) {
      expect(new TextDecoder().decode(store.record(row))).toBe(line);
      const { offset, length, line: number } = store.row(row);
      expect([log.slice(offset, offset + length), number]).toEqual([line, row + 1]);
    }
    expect(store.row(40)).toMatchObject({ type: null, code: "S101", at: log.indexOf('{"broken":') + 10 });
    expect(store.row(41)).toMatchObject({ type: null, time: null, fields: {} });
  });

  test("however it is cut, and while it goes on", () => {
    const whole = loaded();
    const store = new LogStore();
    store.begin("log.ndjson");
    let rows = 0;
    for (let at = 0; at < log.length; at += 97) {
      rows = store.push(log.slice(at, at + 97));
      if (rows > 0) expect(store.row(rows - 1).row).toBe(rows - 1);
    }
    expect(rows).toBeGreaterThan(30);
    store.end();
    expect(store.rows(store.all())).toEqual(whole.rows(whole.all()));
  });

  test("several sources, in several formats", () => {
    const store = new LogStore();
    store.begin("a.json");
    store.push(`[${lines[0]},\n${lines[1]}]`);
    store.begin("b.ndjson");
    store.push(new TextEncoder().encode(`\n${lines[2]}\n${lines[3]}`));
    store.end();
    expect(store.sources.map(({ name, first, rows }) => [name, first, rows])).toEqual([
      ["a.json", 0, 2],
      ["b.ndjson", 2, 2],
    ]);
    expect(store.rows(store.all()).map(({ source, offset, line }) => [source, offset, line])).toEqual([
      [0, 1, undefined],
      [0, 3 + (lines[0] as string).length, undefined],
      [1, 1, 2],
      [1, 2 + (lines[2] as string).length, 3],
    ]);
  });

  test("fields are those that the catalogue tells", () => {
    const [store, catalog] = [loaded(), new Catalog()];
    for (const [row, line] of lines.entries()) {
      const { "@message": message, ...fields } = catalog.fields(line) ?? {};
      expect(store.row(row).fields).toEqual(fields);
      expect(store.fields(row)).toEqual(catalog.fields(line));
      expect(store.rows(store.set([row]), { fields: ["@message"] })[0]?.fields["@message"]).toBe(message);
    }
  });

  test("the index may come later", () => {
    const [store, now] = [loaded({ index: "later" }), loaded()];
    expect(store.progress).toMatchObject({ rows: 43, indexed: 0, unknown: 0, broken: 1 });
    expect(store.rows(store.all())).toEqual(now.rows(now.all()));
    expect(found(store, "@status:failed")).toEqual(found(now, "@status:failed"));
    expect(store.facets("@status", store.all()).missing).toBe(43);
    while (store.index(10).indexed < 43);
    expect(store.progress).toEqual(now.progress);
    expect(store.facets("@status", store.all())).toEqual(now.facets("@status", now.all()));
  });

  test("a full store says so, and stays", () => {
    const store = new LogStore({ limits: { memory: 1e6 } });
    const record = JSON.stringify({ long: "x".repeat(100_000) });
    const full = thrownBy(() => {
      for (let n = 0; n < 100; n += 1) store.push(`${record}\n`);
    });
    expect(full).toBeInstanceOf(UsageError);
    expect(full).toMatchObject({ code: "W910" });
    expect(store.progress.rows).toBeGreaterThan(0);
    expect(store.record(0)).toHaveLength(record.length);
  });
});

describe("searching", () => {
  test("finds what the query selects", () => {
    const store = loaded();
    for (const text of [
      "salmon",
      "@status:failed",
      "-@status:failed",
      "@workflow.id:(w1 OR w2) AND note:trout",
      "_exists_:@run.id",
      "@time:>=2026-05-01T10:00:30Z",
      "*:*",
    ]) {
      const query = new Query(text, { now: 0 });
      const matches = lines.flatMap((line, row) => (query.matches(line) ? [row] : []));
      expect(found(store, text), text).toEqual(matches);
      const some = store.set([3, 5, 6, 42]);
      expect(found(store, text, some), text).toEqual(matches.filter((row) => some.has(row)));
    }
  });

  test("step by step", () => {
    const search = loaded().search("@status:failed");
    expect(search.indexed).toBe(true);
    expect(search.step(10)).toEqual({ scanned: 10, total: 43, found: 4, done: false });
    expect(search.found().count).toBe(4);
    expect(search.step()).toMatchObject({ scanned: 43, done: true });
  });

  test("without bytes, asks for them", () => {
    const store = loaded({ bytes: "asked" });
    expect(store.progress.kept).toBe(0);
    const bytes = new TextEncoder().encode(log);
    const search = store.search("salmon");
    for (let { done, wants } = search.step(); !done; { done, wants } = search.step()) {
      expect(wants).toBeDefined();
      expect(thrownBy(() => search.give("short"))).toMatchObject({ code: "W904" });
      if (wants) search.give(bytes.subarray(wants.start, wants.end));
    }
    expect([...store.numbers(search.found())]).toEqual(found(loaded(), "salmon"));
    expect(thrownBy(() => store.record(0))).toMatchObject({ code: "W911" });
    expect(store.fields(0, lines[0])).toEqual(new Catalog().fields(lines[0] as string));
    expect(found(store, "@status:failed")).toEqual(found(loaded(), "@status:failed"));
  });

  test("says what is wrong with a query", () => {
    const thrown = thrownBy(() => loaded().search("@nobody:1"));
    expect(thrown).toBeInstanceOf(QueryError);
    expect(thrown).toMatchObject({ code: "Q103" });
  });
});

describe("looking", () => {
  test("sets are sets", () => {
    const store = loaded();
    const [failed, salmon] = [store.where("@status", "failed"), store.set([0, 1, 5, 10])];
    expect([...store.numbers(failed.and(salmon))]).toEqual([0]);
    expect(failed.or(salmon).count).toBe(failed.count + 3);
    expect([...store.numbers(salmon.minus(failed))]).toEqual([1, 5, 10]);
    expect(store.all().minus(failed).has(0)).toBe(false);
    expect([...store.numbers(store.broken())]).toEqual([40]);
    failed.free();
    expect(thrownBy(() => failed.count)).toMatchObject({ code: "W902" });
  });

  test("pages, orders and places agree", () => {
    const store = loaded();
    const set = store.all();
    for (const by of ["@time", "@status", "@workflow.id", "size", "row"] as const) {
      for (const descending of [false, true]) {
        const sort = { by, descending };
        const all = [...store.numbers(set, { sort })];
        expect([...all].sort((a, b) => a - b)).toEqual(lines.map((_, row) => row));
        expect(store.rows(set, { sort, from: 3, count: 4 }).map(({ row }) => row)).toEqual(all.slice(3, 7));
        expect(all.map((row) => store.position(set, row, sort))).toEqual(all.map((_, place) => place));
      }
    }
    const times = store.rows(set, { sort: { by: "@time", descending: true } }).map(({ time }: Row) => time);
    expect(times.slice(-2)).toEqual([null, null]);
    expect(times.slice(0, 2)).toEqual([Date.UTC(2026, 4, 1, 10, 0, 41), Date.UTC(2026, 4, 1, 10, 0, 39)]);
    expect(store.position(store.set([1]), 2)).toBe(-1);
  });

  test("neighbours", () => {
    const store = loaded();
    expect([...store.numbers(store.same(4, "@run.id"))]).toEqual([4, 5]);
    expect([...store.numbers(store.same(41, "@run.id"))]).toEqual([41]);
    expect([...store.numbers(store.trace(42))]).toEqual([42]);
    const ten = Date.UTC(2026, 4, 1, 10);
    expect([...store.numbers(store.during(ten + 3000, ten + 5000))]).toEqual([3, 4]);
    expect(store.runs(store.set([4, 5, 6]))).toEqual([
      {
        run: "run-2",
        parent: null,
        trace: null,
        rows: 2,
        first: 4,
        last: 5,
        from: ten + 4000,
        to: ten + 5000,
        level: "info",
        status: store.row(5).fields["@status"],
      },
      expect.objectContaining({ run: "run-3", level: "error", rows: 1 }),
    ]);
  });

  test("counts", () => {
    const store = loaded();
    const all = store.all();
    expect(store.facets("@workflow.id", all, { top: 2 })).toEqual({
      values: [
        { value: "w1", count: 11 },
        { value: "w0", count: 10 },
      ],
      distinct: 4,
      missing: 2,
      unindexed: 0,
    });
    const { series, untimed, outside, from, to } = store.histogram(all, {
      buckets: 4,
      by: "@status",
      top: 1,
    });
    expect(series).toHaveLength(2);
    const sum = series.flatMap(({ counts }) => [...counts]).reduce((a, b) => a + b, 0);
    expect([sum, untimed, outside]).toEqual([41, 2, 0]);
    expect([from, to]).toEqual([Date.UTC(2026, 4, 1, 10), Date.UTC(2026, 4, 1, 10, 0, 41) + 1]);
    const groups = store.group(all, { by: ["@workflow.id", "@status"], value: "@duration" });
    expect(groups.reduce((rows, { count }) => rows + count, 0)).toBe(43);
    expect(groups[0]?.duration).toEqual({ count: 0, sum: 0, percentiles: [] });
    expect(store.rows(all, { count: 2, fields: [] }).map(({ fields }) => fields)).toEqual([{}, {}]);
  });

  test("durations by percentile", () => {
    const ended = (n: number) =>
      JSON.stringify({
        logType: "execution_event",
        eventType: "successful",
        executionId: `${n}`,
        executionCreated: "2026-05-01T10:00:00.000Z",
        created: new Date(Date.UTC(2026, 4, 1, 10, 0, n)).toISOString(),
      });
    const store = loaded({}, Array.from({ length: 100 }, (_, n) => ended((n * 37) % 100)).join("\n"));
    const percentiles = [0, 50, 99, 100];
    const [group] = store.group(store.all(), { by: ["@platform"], value: "@duration", percentiles });
    expect(group).toEqual({
      values: ["tray"],
      count: 100,
      duration: { count: 100, sum: 4950, percentiles: [0, 49, 98, 99] },
    });
    const sorted = store.rows(store.all(), { sort: { by: "@duration" } });
    expect(sorted.map(({ duration }) => duration)).toEqual(Array.from({ length: 100 }, (_, n) => n));
  });
});

describe("the module", () => {
  test("everything is there, of one instance", () => {
    expect(detect(lines[0] as string).type).toBe("tray.execution");
    expect(new LogStore().types).toEqual(new Catalog().types.map(({ type }) => type));
    expect(
      new LogStore({
        own: {
          type: "acme.order",
          title: "Order",
          recognise: { require: { order: {} } },
          fields: { "@platform": { const: "acme" } },
        } as never,
      }).types,
    ).toContain("acme.order");
  });

  test("a module without a store says so", async () => {
    const file = copyOfPackage();
    const { initSync } = (await file("dist", "entry", "slim.js")) as typeof slim;
    initSync(readFileSync(at("pkg", "wasm", "core_bg.wasm")));
    const { LogStore } = (await file("dist", "store.js")) as { LogStore: new () => unknown };
    const message = expect.stringContaining('drop the import of "logweir"');
    expect(thrownBy(() => new LogStore())).toMatchObject({ code: "W903", message });
  });

  test("what was freed refuses", () => {
    const store = loaded();
    const search = store.search("salmon");
    const set = store.all();
    store.free();
    store.free();
    for (const use of [() => store.progress, () => search.step(), () => store.rows(set)])
      expect(thrownBy(use)).toMatchObject({ code: "W902" });
    expect(set).toBeInstanceOf(RowSet);
  });

  test("what is no argument is refused, and costs nothing", () => {
    const store = loaded();
    const others = loaded().all();
    for (const use of [
      () => store.rows(others),
      () => store.facets("@status", others),
      () => store.search("salmon", { within: others }),
      () => store.all().and(others),
      () => store.rows([1] as never),
      () => store.row(43),
      () => store.row(-1),
      () => store.record(0.5),
      () => store.set([99]),
      () => store.facets("@message" as never, store.all()),
      () => store.rows(store.all(), { fields: ["@nobody" as never] }),
      () => store.rows(store.all(), { sort: { by: "nothing" as never } }),
      () => store.histogram(store.all(), { buckets: 0 }),
      () => store.group(store.all(), { by: [] }),
      () => store.rows(store.all(), { sort: { by: "@time", descnding: true } as never }),
      () => store.rows(store.all(), { count: Number.NaN }),
      () => store.numbers(store.all(), { form: 1 } as never),
      () => store.facets("@status", store.all(), { tpo: 5 } as never),
      () => store.facets("@status", store.all(), { top: -1 }),
      () => store.histogram(store.all(), { bucket: 5 } as never),
      () => store.group(store.all(), { by: ["@status"], valeu: "@duration" } as never),
      () => store.group(store.all(), { by: ["@status"], value: "@time" as never }),
      () => store.runs(store.all(), { from: -1 }),
      () => store.push(7 as never),
      () => new LogStore({ format: "xml" as never }),
      () => new LogStore({ bytes: "some" as never }),
    ])
      expect(thrownBy(use), String(use)).toMatchObject({ code: "W904" });
    expect(store.progress.rows).toBe(43);
  });
});

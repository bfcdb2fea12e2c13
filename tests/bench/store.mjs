// npm run bench:store: a log of a million events in a LogStore: how fast it loads, what it takes, how soon queries answer.
import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { detect, LogStore } from "logweir/store";
import * as glue from "../../pkg/wasm/core.js";
import { VERSION } from "./corpus/recipes.mjs";
import { DEFAULT_SEED, parseSize, writeCorpus } from "./corpus.mjs";
import { median } from "./lib/measure.mjs";
import { bar } from "./lib/record.mjs";

const HELP = `npm run bench:store -- [options]
  --size SIZE    of the log; default 1.15GB, a million events
  --file FILE    a log of your own: answers are not checked then
  --quick        64 MB: a look, not a measurement`;

const { values } = parseArgs({
  options: {
    size: { type: "string" },
    file: { type: "string" },
    quick: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

/** Bytes that are timed together: the tape over them, then loading them. */
const ROUND = 16 << 20;
const CHUNK = 1 << 20;
/** Rows of which each answer is checked by hand. */
const CHECKED = 40_000;
const PAGE = 100;

/** The texts within a value, JSON in strings opened. */
function* texts(value) {
  if (typeof value === "string" && /^\s*[{[]/.test(value)) {
    try {
      return yield* texts(JSON.parse(value));
    } catch {}
  }
  if (typeof value === "object" && value !== null)
    for (const inner of Object.values(value)) yield* texts(inner);
  else if (value !== null) yield String(value);
}

const has = (word) => (_event, record) => {
  for (const text of texts(record)) if (text.toLowerCase().includes(word)) return true;
  return false;
};

/** The queries, and the same by hand over `JSON.parse`: of the event, its type, and the record that it is in. */
const QUERIES = [
  { query: "@type:workato.job", js: (_, __, type) => type === "workato.job" },
  {
    query: "@type:workato.job AND @status:failed",
    js: (event, _, type) => type === "workato.job" && event.status === "failed",
  },
  { query: "@type:(workato.job OR tray.execution) @level:>=error @time:>2026-05-01" },
  { query: "@actor.email:*a*" },
  { query: "_exists_:@error.type" },
  { query: "salesforce", js: has("salesforce") },
  { query: "zebrafish", js: has("zebrafish") },
  { query: "e", js: has("e") },
  { query: '"not found"', js: has("not found") },
  { query: "details.request.user_agent:*Firefox*" },
  { query: "NOT status:succeeded" },
  { query: "**.status:failed" },
];

function corpus() {
  if (values.file) return values.file;
  const bytes = parseSize(values.size ?? (values.quick ? "64MB" : "1.15GB"));
  const path = fileURLToPath(
    new URL(`./data/store-${bytes}-${DEFAULT_SEED}-v${VERSION}.ndjson`, import.meta.url),
  );
  if (!existsSync(path)) writeCorpus({ path, corpus: "mixed", seed: DEFAULT_SEED, bytes });
  return path;
}

/** Milliseconds of the processor, which others that are busy do not add to. */
const worked = (work) => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return { user: user / 1e3, system: system / 1e3 };
};

const timed = (work) => {
  const start = performance.now();
  const result = work();
  return [performance.now() - start, result];
};

function main() {
  if (values.help) return console.log(HELP);
  const path = corpus();
  const size = statSync(path).size;
  const { memory } = glue.initSync({ module: new Uint8Array() }); // which is there already
  const store = new LogStore({ format: "ndjson", index: "later" });
  const probe = new glue.Probe();
  const file = openSync(path, "r");
  const round = Buffer.alloc(Math.min(ROUND, size));
  const ratios = [];
  const own = [];
  let [first, whole, taped] = [0, 0, 0];
  store.begin(path);
  const room = probe.probe_input(round.length);
  for (let at = 0; at < size; ) {
    const length = readSync(file, round, 0, round.length, at);
    at += length;
    // Whole lines: a tape of a piece of one ends at once.
    const from = at === length ? 0 : round.indexOf(10) + 1;
    const lines = round.subarray(from, round.lastIndexOf(10, length - 1) + 1);
    const tape = worked(() => {
      new Uint8Array(memory.buffer, room >>> 0, lines.length).set(lines);
      if (probe.tape(lines.length) < lines.length / 1000) throw new Error("the tape did not reach the end");
    });
    const load = worked(() => {
      for (let from = 0; from < length; from += CHUNK) {
        const [took] = timed(() => store.push(round.subarray(from, Math.min(from + CHUNK, length))));
        whole += took;
        if (first === 0 && store.progress.rows > PAGE) first = whole;
      }
    });
    ratios.push((tape.user + tape.system) / lines.length / ((load.user + load.system) / length));
    own.push(tape.user / lines.length / (load.user / length));
    taped = lines.length;
  }
  whole += timed(() => store.end())[0];
  closeSync(file);
  const shown = timed(() => store.rows(store.all(), { count: PAGE }))[0];
  const [early] = timed(() => {
    const search = store.search("zebrafish");
    while (!search.step().done);
  });
  // The last whole lines once more between pieces of the index.
  const piece = Math.ceil((store.progress.rows * ROUND) / size);
  const later = [];
  let [longest, indexing] = [0, 0];
  for (let indexed = 0; indexed < store.progress.rows; ) {
    const before = indexed;
    const tape = worked(() => probe.tape(taped));
    const index = worked(() => {
      while (indexed < Math.min(before + piece, store.progress.rows)) {
        const [took, progress] = timed(() => store.index());
        indexed = progress.indexed;
        longest = Math.max(longest, took);
        indexing += took;
      }
    });
    const bytes = ((indexed - before) / store.progress.rows) * size;
    if (indexed - before >= piece) later.push(tape.user / taped / (index.user / bytes));
  }
  probe.free();
  const { rows, broken, unknown, kept, index } = store.progress;
  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;
  console.log(
    `${rows} rows (${broken} broken, ${unknown} unknown) of ${megabytes(size)} in ${(whole / 1000).toFixed(2)} s`,
  );
  console.log(
    `   ${(size / whole / 1e3).toFixed(0)} MB/s; first ${PAGE} rows after ${first.toFixed(0)} ms, a page of them read in ${shown.toFixed(1)} ms, a word searched in all before the index ${early.toFixed(0)} ms`,
  );
  console.log(
    `   kept ${megabytes(kept)}, index ${megabytes(index)} (${(index / rows).toFixed(0)} bytes a row), wasm memory ${megabytes(memory.buffer.byteLength)}`,
  );
  console.log(
    `   index in ${(indexing / 1000).toFixed(2)} s, ${(size / indexing / 1e3).toFixed(0)} MB/s, longest step ${longest.toFixed(0)} ms`,
  );
  const both = 1 / (1 / median(own) + 1 / median(later.length > 0 ? later : own));
  bar({ what: "loading (index later), × the core's own tape", figure: median(own), least: 0.5 });
  bar({ what: "loading and the index, × the core's own tape", figure: both, least: 0.5 });
  console.log(`   with what the system takes for fresh pages of memory: ${median(ratios).toFixed(2)}`);
  bar({
    what: "memory, share of what is allowed (1.6 × the file)",
    figure: (1.6 * size) / memory.buffer.byteLength,
    least: size > 2e8 ? 1 : 0,
  });

  const expected = values.file ? undefined : byHand(path);
  let [slowestPage, slowestCount] = [0, 0];
  for (const { query, js } of QUERIES) {
    const begun = performance.now();
    const before = process.cpuUsage();
    const search = store.search(query, { now: Date.UTC(2026, 10, 22) });
    let page = 0;
    let step = 5_000;
    let longest = 0;
    for (let done = false; !done; step = 50_000) {
      const [took, progress] = timed(() => search.step(step));
      longest = Math.max(longest, took);
      done = progress.done;
      if (page === 0 && (done || progress.found >= PAGE)) {
        store.rows(search.found(), { count: PAGE });
        page = performance.now() - begun;
      }
    }
    const count = performance.now() - begun;
    const { user, system } = process.cpuUsage(before);
    const busy = (user + system) / 1e3;
    const found = search.found();
    slowestPage = Math.max(slowestPage, found.count >= PAGE ? page : 0);
    slowestCount = Math.max(slowestCount, busy);
    console.log(
      `   ${query.padEnd(72)} ${String(found.count).padStart(8)}  page ${page.toFixed(0).padStart(5)} ms, count ${count.toFixed(0).padStart(5)} ms (processor ${busy.toFixed(0).padStart(5)}), longest step ${longest.toFixed(0).padStart(3)} ms${search.indexed ? ", indexed" : ""}`,
    );
    if (js && expected) {
      const ours = store.numbers(found).filter((row) => row < expected.rows);
      const theirs = expected.found.get(query);
      if (ours.length !== theirs.length || ours.some((row, i) => row !== theirs[i]))
        throw new Error(
          `${query}: ${ours.length} of the first ${expected.rows} rows, by hand ${theirs.length}`,
        );
    }
    search.free();
    found.free();
  }
  bar({ what: "first page of a query, 100 ms by", figure: 100 / Math.max(slowestPage, 0.1), least: 1 });
  bar({ what: "full count of a query, 2 s of the processor by", figure: 2000 / slowestCount, least: 1 });

  const all = store.all();
  const figures = [
    ["facet of @status", () => store.facets("@status", all)],
    ["facet of @run.id", () => store.facets("@run.id", all)],
    ["histogram by @level", () => store.histogram(all, { by: "@level" })],
    ["sort by @time", () => store.rows(all, { sort: { by: "@time", descending: true } })],
    ["sort by @workflow.name", () => store.rows(all, { sort: { by: "@workflow.name" } })],
    ["sort by @run.id", () => store.rows(all, { sort: { by: "@run.id" } })],
    [
      "group by @connector, @status, percentiles",
      () => store.group(all, { by: ["@connector", "@status"], value: "@duration" }),
    ],
    ["runs", () => store.runs(all, { count: 100 })],
    ["trace of a row", () => store.trace(1000)],
    ["a page of 100 rows", () => store.rows(all, { from: rows >> 1 })],
    [
      "@level:error and not @status:failed",
      () => store.where("@level", "error").minus(store.where("@status", "failed")).count,
    ],
  ];
  for (const [name, work] of figures)
    console.log(`   ${name.padEnd(48)} ${timed(work)[0].toFixed(1).padStart(8)} ms`);
  console.log(`   wasm memory ${megabytes(memory.buffer.byteLength)}`);
}

/** The rows that match, of the first ones. */
function byHand(path) {
  const file = openSync(path, "r");
  const bytes = Buffer.alloc(Math.min(64 << 20, statSync(path).size));
  readSync(file, bytes, 0, bytes.length, 0);
  closeSync(file);
  const found = new Map(QUERIES.map(({ query }) => [query, []]));
  let [rows, at] = [0, 0];
  for (; rows < CHECKED; rows += 1) {
    const end = bytes.indexOf(10, at);
    if (end < 0) break;
    const line = bytes.toString("utf8", at, end);
    at = end + 1;
    const { type, event } = detect(line);
    const record = JSON.parse(line);
    for (const { query, js } of QUERIES) if (js?.(event, record, type)) found.get(query).push(rows);
  }
  return { rows, found };
}

main();

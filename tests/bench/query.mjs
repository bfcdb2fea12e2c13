// npm run bench:query: how fast records are selected, from the bytes of NDJSON to the records that match.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { VERSION } from "./corpus/recipes.mjs";
import { CORPORA, CORPUS_BYTES, DEFAULT_SEED, loadCorpus, parseSeed, writeCorpus } from "./corpus.mjs";
import { forms } from "./lib/input.mjs";
import { measure } from "./lib/measure.mjs";
import { loadPackage } from "./lib/ours.mjs";
import { sink } from "./lib/peers.mjs";
import { bar, figures as show } from "./lib/record.mjs";
import { corpusLine, head } from "./lib/table.mjs";

const HELP = `npm run bench:query -- [options]
  --corpus NAME     mixed, small or shuffled; default mixed
  --rounds N        default 9; a figure is the median of the rounds' ratios
  --quick           3 rounds over 4 MiB: a look, not a measurement
  --only REGEX      rows by name; the baseline always runs
  --seed N          of the corpora; default ${DEFAULT_SEED}
  --package FOLDER  what to measure instead of pkg
  --file            also logweir grep against grep -F and jq, each a process of its own, on a file of 256 MB`;

/**
 * The work. `js` is the same by hand, over parsed records; `liqe` the query for liqe. Both know no wrappers and no JSON in
 * strings: what they select is part of what the query does. `least`: the wanted multiple of JSON.parse. `literal`: what
 * grep looks for instead.
 */
const QUERIES = [
  {
    name: "two fields",
    query: "resource.type:Flow -details.error:false",
    liqe: 'resource.type:"Flow" AND NOT details.error:false',
    js: (record) => record?.resource?.type === "Flow" && record.details?.error !== false,
    least: 6,
    options: {},
  },
  {
    name: "two fields, many wrapped",
    query: "status:succeeded is_repeat:false",
    liqe: 'status:"succeeded" AND is_repeat:false',
    js: (record) => record?.status === "succeeded" && record.is_repeat === false,
    least: 6,
    options: {},
  },
  {
    name: "a literal, raw search",
    query: "status:failed",
    liqe: 'status:"failed"',
    js: (record) => record?.status === "failed",
    least: 12,
    options: { passOver: true },
    literal: "failed",
  },
  { name: "a word anywhere", query: "salesforce", liqe: "salesforce", options: {} },
  { name: "a common field", query: "@level:>=error", options: {} },
  { name: "no literal to look for", query: "NOT status:succeeded", options: {} },
];

const { values } = parseArgs({
  options: {
    corpus: { type: "string", default: "mixed" },
    rounds: { type: "string" },
    quick: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    seed: { type: "string", default: String(DEFAULT_SEED) },
    package: { type: "string", default: fileURLToPath(new URL("../../pkg", import.meta.url)) },
    file: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

async function main() {
  if (values.help) return console.log(HELP);
  if (!(values.corpus in CORPORA)) throw new Error(`--corpus: expected ${Object.keys(CORPORA).join(", ")}`);
  const seed = parseSeed(values.seed);
  const rounds = Number(values.rounds ?? (values.quick ? 3 : 9));
  const timing = values.quick ? { minMs: 40, warmMs: 120 } : { minMs: 80, warmMs: 400 };
  console.log(head({ seed, rounds, ...timing }));
  const { Query, skip } = await loadPackage(values.package);
  if (!Query) throw new Error(skip ?? "the package exports no Query");
  const bytes = values.quick ? CORPUS_BYTES / 4 : CORPUS_BYTES;
  const { data, stats } = loadCorpus({ name: values.corpus, seed, bytes });
  console.log(corpusLine(values.corpus, stats));
  const input = forms(data);
  const rows = [parseRow(input), ...QUERIES.flatMap((work) => rowsOf(input, Query, work))];
  const wanted = rows.filter(({ name }, i) => i === 0 || new RegExp(values.only, "i").test(name));
  const figures = measure(
    wanted.filter((row) => row.pass),
    { rounds, ...timing },
  );
  show(
    values.corpus,
    wanted.map(({ name, skip: why }) => ({ name, skip: why, ...figures.get(name) })),
  );
  for (const { name, least } of QUERIES.filter((work) => work.least)) {
    const figure = figures.get(`logweir: ${name}`);
    if (figure) bar({ what: `a query, ${name}, × JSON.parse`, figure: figure.ratio, least });
  }
  if (figures.disturbed)
    console.log(`   other processes disturbed ${figures.disturbed} of ${figures.samples} samples`);
  if (values.file) files(seed);
}

function parseRow({ lines, bytes }) {
  const pass = () => {
    for (const chunk of lines) for (const line of chunk) if (JSON.parse(line) !== undefined) sink.value++;
  };
  return { name: "JSON.parse", bytes, pass };
}

/** Ours, and what JavaScript has; answers are checked first, and what is wrong is not timed. */
function rowsOf({ chunks, lines, bytes }, Query, { name, query: text, liqe, js, options }) {
  const query = new Query(text);
  const select = () => {
    const run = query.run({ format: "ndjson", ...options });
    let found = 0;
    for (const chunk of chunks) found += run.push(chunk).length;
    found += run.finish().length;
    return found;
  };
  const all = lines.flat();
  const ours = all.map((line) => query.matches(line));
  const found = select();
  const share = ((100 * found) / all.length).toFixed(1);
  console.log(`checked  ${name}: ${text} selects ${found} of ${all.length} records (${share} %)`);
  const rows = [];
  const add = (row, wrong, pass) => {
    rows.push(wrong ? { ...row, skip: wrong } : { ...row, bytes, pass });
    if (wrong) process.exitCode = 1;
  };
  const same = found === ours.filter(Boolean).length;
  add({ name: `logweir: ${name}` }, !same && "its answers are wrong", () => (sink.value += select()));
  const peers = [
    ["by hand", js],
    ["liqe", liqe && liqeTest(liqe)],
  ];
  for (const [peer, holds] of peers.filter(([, holds]) => holds)) {
    const row = { name: `JSON.parse + ${peer}: ${name}` };
    if (typeof holds === "string") {
      rows.push({ ...row, skip: holds });
      continue;
    }
    const theirs = all.map((line) => holds(JSON.parse(line)));
    const count = theirs.filter(Boolean).length;
    const missed = theirs.filter((is, i) => is && !ours[i]).length;
    console.log(`            ${peer} selects ${count}, of which the query misses ${missed}`);
    add(row, missed > 0 && "the query misses what it selects", () => (sink.value += filter(lines, holds)));
  }
  return rows;
}

function filter(lines, holds) {
  let found = 0;
  for (const chunk of lines) for (const line of chunk) if (holds(JSON.parse(line))) found++;
  return found;
}

/** What liqe says of a record; or why it cannot. It throws on records that are no objects. */
function liqeTest(text) {
  try {
    const { parse, test } = createRequire(import.meta.url)("liqe");
    const query = parse(text);
    return (record) => typeof record === "object" && record !== null && test(query, record);
  } catch {
    return "liqe is not installed (npm ci)";
  }
}

/** Whole processes on a large file; a line for each. */
function files(seed) {
  const path = fileURLToPath(
    new URL(`data/${values.corpus}-${seed}-256MB-v${VERSION}.ndjson`, import.meta.url),
  );
  const size = 256 * 1024 * 1024;
  const { corpus, shuffle } = CORPORA[values.corpus];
  if (!existsSync(path) || statSync(path).size < size)
    writeCorpus({ path, corpus, shuffle, seed, bytes: size });
  const logweir = fileURLToPath(new URL("../../pkg/bin/logweir.js", import.meta.url));
  console.log(`\n${(statSync(path).size / 1e6).toFixed(0)} MB from a file, whole processes`);
  for (const { query, literal } of QUERIES.filter((work) => work.literal)) {
    const counts = [];
    for (const [name, tool, args] of [
      ["logweir grep", process.execPath, [logweir, "grep", "-c", query, path]],
      ["grep -F", "grep", ["-c", "-F", literal, path]],
      // Records that are no objects would stop it.
      [
        "jq",
        "jq",
        ["-n", `reduce (inputs | objects | select(.status == "${literal}")) as $_ (0; . + 1)`, path],
      ],
    ]) {
      const start = process.hrtime.bigint();
      const { status, error, stdout } = spawnSync(tool, args, { stdio: ["ignore", "pipe", "inherit"] });
      const seconds = Number(process.hrtime.bigint() - start) / 1e9;
      if (error || status > 1) {
        console.log(`   ${name.padEnd(14)} ${error?.code === "ENOENT" ? "is not installed" : "failed"}`);
        continue;
      }
      counts.push(Number(String(stdout).trim()));
      console.log(`   ${name.padEnd(14)} ${seconds.toFixed(2)} s, ${counts.at(-1)} records`);
    }
    // Of the lines that hold the word, those whose field says it; jq sees no wrappers.
    if (counts.length === 3 && !(counts[1] >= counts[0] && counts[0] >= counts[2])) {
      console.log("   the answers do not go together");
      process.exitCode = 1;
    }
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 2;
});

// npm run bench: how fast the pipeline is, as ratios to V8's JSON.parse on the same bytes. `--help` tells the options.
import { writeFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { VERSION } from "./corpus/recipes.mjs";
import { CORPORA, CORPUS_BYTES, DEFAULT_SEED, loadCorpus, parseSeed } from "./corpus.mjs";
import { checkPackage, checkPeer, expectation } from "./lib/check.mjs";
import { forms } from "./lib/input.mjs";
import { measure, median } from "./lib/measure.mjs";
import { native } from "./lib/native.mjs";
import { copyRow, loadPackage, packageRows, probeRows } from "./lib/ours.mjs";
import { pinoRow, v8Rows } from "./lib/peers.mjs";
import { policiesFor, REPLACEMENT } from "./lib/policies.mjs";
import { bar, figures as show } from "./lib/record.mjs";
import { corpusLine, head } from "./lib/table.mjs";

const HELP = `npm run bench -- [options]
  --corpus NAME     mixed, small or shuffled (mixed with random key order); may be repeated; default mixed and small
  --rounds N        default 9; a figure is the median of the rounds' ratios
  --quick           3 rounds over 4 MiB: a look, not a measurement
  --only REGEX      rows by name; the baseline always runs
  --seed N          of the corpora; default ${DEFAULT_SEED}
  --json FILE       all figures, each round's ratio included
  --package FOLDER  what to measure instead of pkg; repeat it to compare builds in one run
  --no-native       leave out the native rows (they need cargo)
  --unchecked       time rows whose answers are wrong too`;

function options() {
  const { values } = parseArgs({
    options: {
      corpus: { type: "string", multiple: true, default: ["mixed", "small"] },
      rounds: { type: "string" },
      quick: { type: "boolean", default: false },
      only: { type: "string", default: "" },
      seed: { type: "string", default: String(DEFAULT_SEED) },
      json: { type: "string" },
      package: {
        type: "string",
        multiple: true,
        default: [fileURLToPath(new URL("../../pkg", import.meta.url))],
      },
      "no-native": { type: "boolean", default: false },
      unchecked: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  for (const name of values.corpus)
    if (!(name in CORPORA))
      throw new Error(`--corpus: expected ${Object.keys(CORPORA).join(", ")}, found ${JSON.stringify(name)}`);
  const rounds = values.rounds === undefined ? (values.quick ? 3 : 9) : Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds: expected a whole number from 1, found ${JSON.stringify(values.rounds)}`);
  return {
    ...values,
    rounds,
    seed: parseSeed(values.seed),
    only: new RegExp(values.only, "i"),
    bytes: values.quick ? CORPUS_BYTES / 4 : CORPUS_BYTES,
    timing: values.quick ? { minMs: 40, warmMs: 120 } : { minMs: 80, warmMs: 400 },
  };
}

/** Every package under test, with the name its rows get. */
async function packages(folders) {
  const names =
    folders.length === 1 ? ["logweir"] : folders.map((folder, i) => `${i + 1}:${basename(resolve(folder))}`);
  return Promise.all(
    folders.map(async (folder, i) => ({ folder, label: names[i], module: await loadPackage(folder) })),
  );
}

/** All rows of a corpus, those that cannot run carrying `skip`; answers are checked on the way. */
async function rowsFor(input, corpus, builds, opts) {
  const rows = [...v8Rows(input)];
  const wrong = [];
  const wants = (name) => opts.only.test(name);
  const policies = policiesFor(corpus);

  const pino = pinoRow(input, policies[0], REPLACEMENT);
  if (pino.one && wants(pino.name)) {
    const { same, total } = checkPeer(input, policies[0], pino.one);
    console.log(
      `checked  @pinojs/redact [${policies[0].name}]: ${same} of ${total} records as the reference without JSON in strings`,
    );
  }
  rows.push(pino);

  for (const policy of policies) {
    let expected;
    for (const { label, module } of builds) {
      const every = policy === policies[0];
      if (!module.compile) {
        rows.push({
          name: `${label} [${policy.name}]`,
          skip: module.skip ?? "the package exports no compile",
        });
        continue;
      }
      const own = packageRows(input, module, policy, { every, label });
      if (!own.some(({ name }) => wants(name))) continue;
      expected ??= expectation(input, policy);
      const { problems, summary } = checkPackage(input, module, policy, expected);
      console.log(`checked  ${label} [${policy.name}]: ${problems.length ? "WRONG" : "right"}; ${summary}`);
      for (const problem of problems) console.log(`         ${problem}`);
      if (problems.length) wrong.push(`${corpus}: ${label} [${policy.name}]`);
      rows.push(
        ...own.map((row) =>
          problems.length && !opts.unchecked ? { name: row.name, skip: "its answers are wrong" } : row,
        ),
      );
    }
  }
  for (const { folder, label } of builds) rows.push(...(await probeRows(input, folder, label)));
  rows.push(copyRow(input));
  return { rows: rows.filter((row, i) => i === 0 || wants(row.name)), wrong, goal: policies[0] };
}

async function bench(corpus, builds, opts) {
  const { path, data, stats } = loadCorpus({ name: corpus, seed: opts.seed, bytes: opts.bytes });
  console.log(corpusLine(corpus, stats));
  const input = forms(data);
  const { rows, wrong, goal } = await rowsFor(input, corpus, builds, opts);
  const running = rows.filter((row) => row.pass);
  const tty = process.stderr.isTTY;
  const figures = measure(running, {
    rounds: opts.rounds,
    ...opts.timing,
    onRound: tty ? (round) => process.stderr.write(`\rround ${round + 1} of ${opts.rounds}`) : undefined,
  });
  if (tty) process.stderr.write("\r\x1b[K");

  const all = rows.map(({ name, skip }) => ({ name, skip, ...figures.get(name) }));
  if (!opts["no-native"] && opts.only.test("native")) all.push(...nativeRows(path, goal, all[0].rate));
  show(corpus, all);
  for (const { label } of builds) {
    const share = detectionShare(label, figures);
    const what = `${label}: what telling the event type adds to scan + tape, in percent, on ${corpus}`;
    if (share !== undefined) bar({ what, figure: 100 * share, most: 10 });
    const own = figures.get(`${label} batches, views [${goal.name}]`);
    if (own) bar({ what: `${label}: six paths on ${corpus}, × JSON.parse`, figure: own.ratio, least: 4 });
  }
  const { disturbed, samples } = figures;
  if (disturbed)
    console.log(`   other processes disturbed ${disturbed} of ${samples} samples, retries included`);
  return { corpus, stats, rows: all, wrong, disturbed, samples };
}

/** What finding out the event type adds to the tape, and what it may: a tenth. */
function detectionShare(label, figures) {
  const [tape, both] = ["tape only", "tape + event type only"].map((row) =>
    figures.get(`${label} scan + ${row}`),
  );
  if (!tape || !both) return undefined;
  return median(tape.ratios.map((ratio, round) => ratio / both.ratios[round] - 1));
}

function nativeRows(path, { name, policy }, base) {
  const { rows, skip } = native(path, policy);
  if (skip) return [{ name: "native (own process)", skip }];
  return rows.map(({ stage, mbps }) => ({
    name: `native ${stage} [${name}] (own process)`,
    ratio: mbps / base,
    rate: mbps,
  }));
}

async function main() {
  const opts = options();
  if (opts.help) return console.log(HELP);
  const { rounds, seed, timing } = opts;
  console.log(head({ seed, rounds, ...timing }));
  const builds = await packages(opts.package);
  const results = [];
  for (const corpus of opts.corpus) results.push(await bench(corpus, builds, opts));
  if (opts.json) {
    const { node, v8 } = process.versions;
    const figures = { node, v8, seed, version: VERSION, rounds, results };
    writeFileSync(opts.json, `${JSON.stringify(figures, null, 1)}\n`);
  }
  const wrong = results.flatMap((result) => result.wrong);
  if (wrong.length) {
    console.log(`\nwrong answers: ${wrong.join("; ")}`);
    process.exitCode = 1;
  }
}

main().catch((error) => {
  console.error(error.code?.startsWith("ERR_PARSE_ARGS") ? `${error.message}\n${HELP}` : error);
  process.exitCode = 2;
});

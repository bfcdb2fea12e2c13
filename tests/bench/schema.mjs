// npm run bench:schema: how fast a verdict comes of bytes, ours against the validators that JavaScript has.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { DEFAULT_SEED, parseSeed } from "./corpus.mjs";
import { CHUNK_BYTES } from "./lib/input.mjs";
import { measure, median } from "./lib/measure.mjs";
import { nativeSchema } from "./lib/native.mjs";
import { loadPackage } from "./lib/ours.mjs";
import { bar, figures as show } from "./lib/record.mjs";
import { workloads } from "./lib/schemas.mjs";
import { head } from "./lib/table.mjs";
import { checkVerdicts, formsOf, ownRows, parseRows, peerRows, roomRows } from "./lib/validators.mjs";

const HELP = `npm run bench:schema -- [options]
  --rounds N        default 7; a figure is the median of the rounds' ratios
  --quick           3 rounds over 1 MiB: a look, not a measurement
  --only REGEX      workloads by name
  --rows REGEX      rows by name; the baseline always runs
  --seed N          default ${DEFAULT_SEED}
  --json FILE       all figures, each round's ratio included
  --package FOLDER  what to measure instead of pkg
  --no-native       leave out the native rows (they need cargo, and minutes the first time)`;

/** What is asked of the figures: one row against another, at least or at most so much. */
const BARS = [
  { of: "isValid", to: "+ ajv", least: 3, text: "isValid against JSON.parse + ajv" },
  { of: "run,", to: "+ ajv", least: 3, text: "run against JSON.parse + ajv" },
  { of: "+ tape only", to: "+ check only", most: 4 / 3, text: "time with checking against scan + tape" },
  { of: "+ framing only", to: "+ check only", most: 4 / 3, text: "the same, framing aside" },
];

const { values } = parseArgs({
  options: {
    rounds: { type: "string" },
    quick: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    rows: { type: "string", default: "" },
    seed: { type: "string", default: String(DEFAULT_SEED) },
    json: { type: "string" },
    package: { type: "string", default: fileURLToPath(new URL("../../pkg", import.meta.url)) },
    "no-native": { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

async function main() {
  if (values.help) return console.log(HELP);
  const seed = parseSeed(values.seed);
  const rounds = Number(values.rounds ?? (values.quick ? 3 : 7));
  const timing = values.quick ? { minMs: 40, warmMs: 120 } : { minMs: 80, warmMs: 400 };
  console.log(head({ seed, version: 1, rounds, ...timing }));
  const module = await loadPackage(values.package);
  if (!module.Schema) throw new Error(module.skip ?? "the package exports no Schema");
  const results = [];
  for (const workload of workloads({ seed, bytes: values.quick ? 1 << 20 : 4 << 20 })) {
    if (!new RegExp(values.only, "i").test(workload.name)) continue;
    results.push(await bench(workload, module, { rounds, timing }));
  }
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ seed, rounds, results }, null, 1)}\n`);
}

async function bench(workload, module, { rounds, timing }) {
  const input = formsOf(workload, CHUNK_BYTES);
  const { count, bytes } = input;
  console.log(`\n== ${workload.name}: ${count} documents by ${input.parts.length} schemas, ${bytes} bytes`);
  const own = ownRows(input, module, "logweir");
  const peers = await peerRows(input);
  const answers = checkVerdicts(input, [...own, ...peers]);
  for (const { name, wrong, spoilt } of answers)
    console.log(`checked  ${name}: ${wrong} sound documents refused, ${spoilt} spoilt ones judged otherwise`);
  if (answers.some(({ name, wrong, spoilt }) => name.startsWith("logweir") && wrong + spoilt > 0))
    process.exitCode = 1;
  // What refuses sound documents is not timed: it does not do the work.
  const sound = (row) => {
    const wrong = answers.find(({ name }) => name === row.name)?.wrong ?? 0;
    return wrong > 0 ? { name: row.name, skip: `refuses ${wrong} sound documents` } : row;
  };
  const rows = [
    ...parseRows(input),
    ...[...peers, ...own].map(sound),
    ...(await roomRows(input, values.package, "logweir")),
  ].filter(({ name }, i) => i === 0 || new RegExp(values.rows, "i").test(name));
  const figures = measure(
    rows.filter((row) => row.pass),
    { rounds, ...timing },
  );
  const all = rows.map(({ name, skip }) => ({ name, skip, ...figures.get(name) }));
  if (!values["no-native"] && new RegExp(values.rows, "i").test("native"))
    all.push(...nativeRows(workload, all[0].rate));
  show(workload.name, all);
  for (const wanted of BARS) compare(workload, wanted, all);
  if (figures.disturbed)
    console.log(
      `   other processes disturbed ${figures.disturbed} of ${figures.samples} samples, retries included`,
    );
  return { workload: workload.name, documents: count, bytes, answers, rows: all };
}

function nativeRows(workload, base) {
  const { rows, skip } = nativeSchema(workload);
  if (skip) return [{ name: "native (own process)", skip }];
  return rows.map(({ stage, mbps }) => ({
    name: `native ${stage} (own process)`,
    ratio: mbps / base,
    rate: mbps,
  }));
}

/** One row against another, round by round. */
function compare(workload, { of, to, least, most, text }, rows) {
  const find = (part) => rows.find(({ name, ratios }) => ratios && name.includes(part))?.ratios;
  const [above, below] = [find(of), find(to)];
  if (!above || !below) return;
  const figure = median(above.map((ratio, round) => ratio / below[round]));
  bar({ what: `${text}, on ${workload.name}`, figure, least, most });
}

main().catch((error) => {
  console.error(error.code?.startsWith("ERR_PARSE_ARGS") ? `${error.message}\n${HELP}` : error);
  process.exitCode = 2;
});

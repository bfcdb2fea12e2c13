// npm run bench:policy: a whole policy, bytes → bytes (recognise, validate, filter, redact by class, key and path, render,
// batch), against JSON.parse and against what a service would write for the same; and how long a policy takes to compile.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { CORPUS_BYTES, DEFAULT_SEED, loadCorpus, parseSeed } from "./corpus.mjs";
import { forms } from "./lib/input.mjs";
import { measure } from "./lib/measure.mjs";
import { loadPackage } from "./lib/ours.mjs";
import { sink, v8Rows } from "./lib/peers.mjs";
import { bar, figures as show } from "./lib/record.mjs";
import { catalog } from "./lib/schemas.mjs";
import { corpusLine, head } from "./lib/table.mjs";

const HELP = `npm run bench:policy -- [options]
  --corpus NAME     mixed or small; may be repeated; default both
  --rounds N        default 7; a figure is the median of the rounds' ratios
  --quick           3 rounds over 4 MiB: a look, not a measurement
  --package FOLDER  what to measure instead of pkg`;

const { values } = parseArgs({
  options: {
    corpus: { type: "string", multiple: true, default: ["mixed", "small"] },
    rounds: { type: "string" },
    quick: { type: "boolean", default: false },
    package: { type: "string", default: fileURLToPath(new URL("../../pkg", import.meta.url)) },
    help: { type: "boolean", default: false },
  },
});

const now = "2026-05-04T06:00:00Z";
const ENVELOPE = `{"source":"platform","env":"prod","at":{{{now_utc_micro}}},"log":{{{log_message}}} }`;
const KEYS = ["password", "authorization", "token"];
const PATHS = ["lines[*].input.message", "user.name", "context.user_name", "details.email"];
/** What the classes of the catalogue come to, for who has to write it by hand. */
const CLASSES = ["user.email", "calledBy.email", "impersonatedBy.email", "context.user_email"];
const POLICY = {
  logweir: 1,
  accept: {},
  keep: "-status:dropped",
  redact: [
    { class: ["email", "person"], with: { replace: "[redacted]" } },
    { key: KEYS, with: { replace: "[redacted]" } },
    { path: PATHS, with: { replace: "[redacted]" } },
  ],
  routes: [{ name: "out", template: ENVELOPE }],
};

function ownRow({ chunks, bytes }, weir) {
  const run = weir.run({ format: "ndjson", views: true, now });
  return {
    name: "logweir: the whole policy",
    bytes,
    pass: () => {
      for (const chunk of chunks) for (const { body } of run.push(chunk).batches) sink.value += body.length;
    },
  };
}

const encoder = new TextEncoder();
const target = new Uint8Array(8 << 20);

/** Which events are of which type is given to it; JSON in strings stays as it is, and keys are looked for three deep. */
function peerRow({ chunks, lines, bytes }, { Catalog }) {
  const load = createRequire(import.meta.url);
  let ajv, pino, mustache;
  try {
    [ajv, pino, mustache] = [load("ajv/dist/2020.js").default, load("@pinojs/redact"), load("mustache")];
  } catch (error) {
    return { name: "by hand", skip: `not installed (npm ci): ${error.message.split("\n")[0]}` };
  }
  const one = new ajv({ strict: false, validateFormats: false });
  const valid = new Map(catalog().map(({ type, schema }) => [type, one.compile(schema)]));
  const known = new Catalog();
  const types = lines.map((texts) => texts.map((text) => known.detect(text)?.type));
  const keys = KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);
  const redact = pino({ paths: [...keys, ...PATHS, ...CLASSES], censor: "[redacted]", strict: false });
  mustache.parse(ENVELOPE);
  return {
    name: "Buffer + JSON.parse + ajv + filter + @pinojs/redact + mustache",
    bytes,
    pass: () => {
      chunks.forEach((chunk, number) => {
        let out = "";
        let record = 0;
        for (let start = 0; start < chunk.length; ) {
          const end = chunk.indexOf(10, start);
          const event = JSON.parse(chunk.utf8Slice(start, end));
          const check = valid.get(types[number][record]);
          record += 1;
          start = end + 1;
          if (event === null || (check && !check(event)) || event.status === "dropped") continue;
          out += `${mustache.render(ENVELOPE, { log_message: redact(event), now_utc_micro: 1777874400000000 })}\n`;
        }
        sink.value += encoder.encodeInto(out, target).written;
      });
    },
  };
}

/** A policy of a hundred rules, each of its own kind. */
function hundred() {
  const types = catalog().map(({ type }) => type);
  const rule = (i) =>
    [
      { key: [`secret_${i}`, `*token${i}`], with: "remove" },
      { path: [`details.part_${i}.email`, `lines[*].field_${i}`], with: { replace: "[redacted]" } },
      { path: `**.note_${i}`, with: { mask: { last: 4 } } },
      { class: ["email"], when: `@type:${types[i % types.length]} status:s${i}` },
    ][i % 4];
  return { ...POLICY, redact: Array.from({ length: 100 }, (_, i) => rule(i)) };
}

function compileRows({ lines }, { compile }) {
  const five = [];
  let held = 0;
  while (held < 5_000_000) {
    const text = lines.flat()[five.length % lines.flat().length];
    five.push(text);
    held += text.length;
  }
  const policy = JSON.stringify(hundred());
  return [
    {
      name: "JSON.parse of 5 MB",
      bytes: held,
      pass: () => {
        for (const text of five) sink.value += JSON.parse(text) === null ? 1 : 0;
      },
    },
    {
      name: "compile of 100 rules",
      bytes: held,
      pass: () => {
        const weir = compile(policy);
        sink.value += weir.warnings.length;
        weir.free();
      },
    },
  ];
}

async function main() {
  if (values.help) return console.log(HELP);
  const rounds = Number(values.rounds ?? (values.quick ? 3 : 7));
  const timing = values.quick ? { minMs: 40, warmMs: 120 } : { minMs: 80, warmMs: 400 };
  const seed = parseSeed(String(DEFAULT_SEED));
  console.log(head({ seed, rounds, ...timing }));
  const module = await loadPackage(values.package);
  for (const corpus of values.corpus) {
    const bytes = values.quick ? CORPUS_BYTES / 4 : CORPUS_BYTES;
    const { data, stats } = loadCorpus({ name: corpus, seed, bytes });
    console.log(corpusLine(corpus, stats));
    const input = forms(data);
    const weir = module.compile(POLICY);
    const { report } = weir.process(data);
    console.log(
      `checked  ${report.records} records: ${report.kept} kept, ${report.quarantined} quarantined, ${report.redacted ?? "?"} values redacted`,
    );
    const rows = [v8Rows(input)[0], peerRow(input, module), ownRow(input, weir)];
    const figures = measure(
      rows.filter((row) => row.pass),
      { rounds, ...timing },
    );
    show(
      corpus,
      rows.map(({ name, skip }) => ({ name, skip, ...figures.get(name) })),
    );
    const [ours, theirs] = [figures.get(rows[2].name)?.ratio, figures.get(rows[1].name)?.ratio];
    bar({ what: `a whole policy on ${corpus}, × JSON.parse`, figure: ours, least: 3.5 });
    if (theirs)
      bar({
        what: `a whole policy on ${corpus}, × by hand with libraries`,
        figure: ours / theirs,
        least: 12,
      });
    if (corpus === values.corpus[0]) {
      const compiling = compileRows(input, module);
      const took = measure(compiling, { rounds, ...timing });
      bar({
        what: "compile of 100 rules, × the time of JSON.parse for 5 MB",
        figure: 1 / took.get(compiling[1].name).ratio,
        most: 1,
      });
    }
  }
}

main().catch((error) => {
  console.error(error.code?.startsWith("ERR_PARSE_ARGS") ? `${error.message}\n${HELP}` : error);
  process.exitCode = 2;
});

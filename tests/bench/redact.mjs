// npm run bench:redact: redaction by keys and detectors, text in → text out, against V8's JSON.parse + JSON.stringify
// and, where it is installed, deep-redact with patterns. Ratios of interleaved rounds; answers are checked first.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { CORPORA, loadCorpus } from "./corpus.mjs";
import { forms } from "./lib/input.mjs";
import { median } from "./lib/measure.mjs";
import { loadPackage } from "./lib/ours.mjs";
import { bar, figures } from "./lib/record.mjs";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    bytes: { type: "string", default: String(4 << 20) },
    corpus: { type: "string", multiple: true, default: ["mixed", "small"] },
    package: { type: "string", default: fileURLToPath(new URL("../../pkg", import.meta.url)) },
  },
});

const ALL = [
  "private_key",
  "secret",
  "jwt",
  "authorization",
  "url_password",
  "card",
  "iban",
  "ssn",
  "email",
  "phone",
  "ip",
  "mac",
];
const KEYS = ["password", "authorization", "*token", "api_key", "email", "*phone"];
const POLICIES = {
  "personal + secrets, all detectors": [{ use: ["personal", "secrets"] }],
  "all detectors": [{ detect: ALL }],
  "six keys": [{ key: KEYS }],
  "six paths": [
    {
      path: [
        "user.email",
        "details.email",
        "lines[*].input",
        "error.message",
        "context.user_email",
        "*.ipAddress",
      ],
    },
  ],
};
/** What a service would write down for the same. */
const PATTERNS = [
  /[\w.+-]+@[\w-]+\.[\w.]+/g,
  /\b(?:\d[ -]?){13,19}\b/g,
  /\b\d{3}-\d{2}-\d{4}\b/g,
  /\b\d{1,3}(?:\.\d{1,3}){3}\b/g,
  /eyJ[\w-]+\.[\w-]+\.[\w-]*/g,
];

const sink = { value: 0 };
const { compile } = await loadPackage(options.package);

function deepRedact() {
  try {
    const { DeepRedact } = createRequire(import.meta.url)("@hackylabs/deep-redact");
    const redactor = new DeepRedact({
      blacklistedKeys: KEYS.map((key) => key.replaceAll("*", "")),
      stringTests: PATTERNS,
      serialise: true,
    });
    return (text) => redactor.redact(JSON.parse(text)).length;
  } catch {
    return undefined;
  }
}

function rows({ lines, chunks }) {
  const row = (name, pass) => ({ name, pass, ratios: [] });
  const perText = (work) => () => {
    for (const texts of lines) for (const text of texts) sink.value += work(text);
  };
  const ours = Object.entries(POLICIES).map(([name, redact]) => {
    const run = compile({ logweir: 1, redact }).run({ format: "ndjson", views: true });
    return row(`logweir: ${name}`, () => {
      for (const chunk of chunks) for (const { body } of run.push(chunk).batches) sink.value += body.length;
    });
  });
  const deep = deepRedact();
  return [
    row(
      "JSON.parse + JSON.stringify",
      perText((text) => JSON.stringify(JSON.parse(text)).length),
    ),
    ...(deep ? [row("JSON.parse + deep-redact with patterns", perText(deep))] : []),
    ...ours,
  ];
}

const seconds = (pass) => {
  const start = performance.now();
  pass();
  return (performance.now() - start) / 1000;
};

for (const corpus of options.corpus) {
  if (!(corpus in CORPORA)) throw new Error(`--corpus: expected ${Object.keys(CORPORA).join(", ")}`);
  const input = forms(loadCorpus({ name: corpus, bytes: Number(options.bytes) }).data);
  const all = rows(input);
  for (const { pass } of all) pass(); // warm
  for (let round = 0; round < Number(options.rounds); round++) {
    const base = seconds(all[0].pass);
    for (const row of all) row.ratios.push(base / seconds(row.pass));
  }
  console.log(`\n== ${corpus}`);
  const base = "JSON.parse + JSON.stringify, on decoded strings";
  const low = (ratios) => Math.min(...ratios);
  const shown = all.map(({ name, ratios }) => ({
    name,
    ratio: median(ratios),
    low: low(ratios),
    high: Math.max(...ratios),
    rate: Number.NaN,
  }));
  figures(corpus, shown, base);
  const ratio = (part) => shown.find(({ name }) => name.includes(part))?.ratio;
  const own = ratio("logweir: all detectors");
  bar({ what: `all detectors on ${corpus}, × parse + stringify`, figure: own, least: 1 });
  const deep = ratio("deep-redact");
  if (deep)
    bar({ what: `all detectors on ${corpus}, × deep-redact with patterns`, figure: own / deep, least: 10 });
}

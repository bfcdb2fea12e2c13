// npm run bench:template: how fast templates render, bytes → bytes with redaction on, ours against those of JavaScript.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { CORPUS_BYTES, DEFAULT_SEED, loadCorpus, parseSeed } from "./corpus.mjs";
import { forms } from "./lib/input.mjs";
import { measure } from "./lib/measure.mjs";
import { loadPackage } from "./lib/ours.mjs";
import { sink, v8Rows } from "./lib/peers.mjs";
import { policiesFor } from "./lib/policies.mjs";
import { bar, figures as show } from "./lib/record.mjs";
import { corpusLine, head } from "./lib/table.mjs";

const HELP = `npm run bench:template -- [options]
  --corpus NAME     mixed or small; may be repeated; default both
  --rounds N        default 7; a figure is the median of the rounds' ratios
  --quick           3 rounds over 4 MiB: a look, not a measurement
  --only REGEX      rows by name; the baseline always runs
  --package FOLDER  what to measure instead of pkg`;

const { values } = parseArgs({
  options: {
    corpus: { type: "string", multiple: true, default: ["mixed", "small"] },
    rounds: { type: "string" },
    quick: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    package: { type: "string", default: fileURLToPath(new URL("../../pkg", import.meta.url)) },
    help: { type: "boolean", default: false },
  },
});

const now = "2023-06-02T01:30:01.0022139-04:00";

/** Workato's own form; the same with fields of the event beside it. */
const TEMPLATES = {
  envelope: `{"source":"tray","env":"prod","log":{{{log_message}}},"at":{{{now_utc_micro}}}}`,
  string: `{"source":"tray","env":"prod","log_str":{{{log_message_str}}},"at":{{{now_utc_micro}}}}`,
  fields: `{"source":"tray","time":{{@time}},"level":{{@level}},"id":{{@id}},"run":"{{@run.id}}","who":{{user.name}},"log":{{{log_message}}}}`,
};

/** One chunk after the other through a policy, batches as views. */
function policyRow({ chunks, bytes }, { compile }, policy, name, template) {
  const weir = compile({ ...policy.policy, routes: [{ name: "out", ...(template && { template }) }] });
  const run = weir.run({ format: "ndjson", views: true, now });
  return {
    name: `logweir, six redactions${template ? `, template ${name}` : ", no template"} [${policy.name}]`,
    bytes,
    pass: () => {
      for (const chunk of chunks) for (const { body } of run.push(chunk).batches) sink.value += body.length;
    },
  };
}

/** The same to a destination: bodies of requests. */
function destinationRow({ chunks, bytes }, { compile }, policy) {
  const to = { datadog: { service: "{{@workflow.name}}", tags: ["env:prod"] } };
  const run = compile({ ...policy.policy, routes: [{ name: "out", to }] }).run({
    format: "ndjson",
    views: true,
    now,
  });
  return {
    name: `logweir, six redactions, to datadog [${policy.name}]`,
    bytes,
    pass: () => {
      for (const chunk of chunks) for (const { body } of run.push(chunk).batches) sink.value += body.length;
    },
  };
}

/** Templates alone, redacting nothing. */
function aloneRow({ chunks, bytes }, { Template }, name) {
  const run = new Template(TEMPLATES[name]).run({ format: "ndjson", now });
  return {
    name: `logweir, template ${name} alone`,
    bytes,
    pass: () => {
      for (const chunk of chunks) sink.value += run.push(chunk).body.length;
    },
  };
}

const target = new Uint8Array(4 << 20);
const encoder = new TextEncoder();

/** Slice each line out of the buffer, parse, render with what JSON.stringify makes of the event, encode. No redaction. */
function peerRow({ chunks, bytes }, label, load, compile) {
  let render;
  try {
    // Four braces in a row are no end of a tag to them.
    render = compile(createRequire(import.meta.url)(load), TEMPLATES.envelope.replace("}}}}", "}}} }"));
  } catch {
    return { name: label, skip: `${load} is not installed (npm install)` };
  }
  return {
    name: label,
    bytes,
    pass: () => {
      for (const chunk of chunks) {
        let out = "";
        for (let start = 0; start < chunk.length; ) {
          const end = chunk.indexOf(10, start);
          const event = JSON.parse(chunk.utf8Slice(start, end));
          out += `${render({ log_message: JSON.stringify(event), now_utc_micro: 1685683801002213 })}\n`;
          start = end + 1;
        }
        sink.value += encoder.encodeInto(out, target).written;
      }
    },
  };
}

/** Every line that comes out holds what went in. */
function check({ lines }, { compile }, policy) {
  const texts = lines.flat().slice(0, 2000);
  const input = `${texts.join("\n")}\n`;
  const text = (template) => {
    const weir = compile({ ...policy.policy, routes: [{ name: "out", ...(template && { template }) }] });
    const { batches } = weir.process(input, { format: "ndjson", now });
    return Buffer.concat(batches.map(({ body }) => body))
      .toString()
      .split("\n");
  };
  const plain = text(undefined);
  const rendered = text(TEMPLATES.envelope);
  const strings = text(TEMPLATES.string);
  return plain.every((line, i) => {
    if (line === "") return rendered[i] === "";
    const around = `{"source":"tray","env":"prod","log":${line},"at":1685683801002213}`;
    return rendered[i] === around && JSON.parse(strings[i]).log_str === line;
  });
}

async function main() {
  if (values.help) return console.log(HELP);
  const rounds = Number(values.rounds ?? (values.quick ? 3 : 7));
  const timing = values.quick ? { minMs: 40, warmMs: 120 } : { minMs: 80, warmMs: 400 };
  const seed = parseSeed(String(DEFAULT_SEED));
  console.log(head({ seed, rounds, ...timing }));
  const module = await loadPackage(values.package);
  if (!module.Template) throw new Error(module.skip ?? "the package exports no Template");
  for (const corpus of values.corpus) {
    const bytes = values.quick ? CORPUS_BYTES / 4 : CORPUS_BYTES;
    const { data, stats } = loadCorpus({ name: corpus, seed, bytes });
    console.log(corpusLine(corpus, stats));
    const input = forms(data);
    const [policy] = policiesFor(corpus);
    const right = check(input, module, policy);
    console.log(`checked  envelopes hold the redacted records: ${right ? "right" : "WRONG"}`);
    if (!right) process.exitCode = 1;
    const rows = [
      ...v8Rows(input),
      peerRow(input, "Buffer + parse + stringify + mustache", "mustache", (mustache, text) => {
        mustache.parse(text);
        return (view) => mustache.render(text, view);
      }),
      peerRow(input, "Buffer + parse + stringify + handlebars", "handlebars", (handlebars, text) =>
        handlebars.compile(text, { noEscape: true }),
      ),
      policyRow(input, module, policy, "", undefined),
      ...Object.entries(TEMPLATES).map(([name, text]) => policyRow(input, module, policy, name, text)),
      destinationRow(input, module, policy),
      ...Object.keys(TEMPLATES).map((name) => aloneRow(input, module, name)),
    ].filter(({ name }, i) => i === 0 || new RegExp(values.only, "i").test(name));
    const figures = measure(
      rows.filter((row) => row.pass),
      { rounds, ...timing },
    );
    const all = rows.map(({ name, skip }) => ({ name, skip, ...figures.get(name) }));
    show(corpus, all);
    for (const what of ["template envelope [", "to datadog ["]) {
      const ratio = all.find(({ name }) => name.includes(what))?.ratio;
      if (ratio !== undefined)
        bar({ what: `${what.slice(0, -2)} on ${corpus}, × JSON.parse`, figure: ratio, least: 3 });
    }
  }
}

main().catch((error) => {
  console.error(error.code?.startsWith("ERR_PARSE_ARGS") ? `${error.message}\n${HELP}` : error);
  process.exitCode = 2;
});

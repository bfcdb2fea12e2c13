// The main job on six sample events: what went in, what came out, what was withheld, and the report.
import { readFileSync } from "node:fs";
import { at, isMain, mainly } from "./shell.mjs";

const folder = "tests/examples/first";
const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const bold = (text) => (colour ? `\x1b[1m${text}\x1b[0m` : text);
const print = (text = "") => process.stdout.write(`${text}\n`);

function section(title, lines) {
  print(`\n${bold(title)}`);
  for (const line of lines) print(`  ${line}`);
}

export async function demo() {
  const { compile } = await import("logweir");
  const policy = readFileSync(at(folder, "policy.json"), "utf8");
  const events = readFileSync(at(folder, "events.ndjson"));
  const lines = (bytes) => new TextDecoder().decode(bytes).trimEnd().split("\n");

  const weir = compile(policy);
  const { batches, quarantined, report } = weir.process(events);
  const trips = weir.explain(events);
  weir.free();

  section(`The policy (${folder}/policy.json)`, lines(Buffer.from(policy)));
  section(`What went in (${folder}/events.ndjson; every name and address is made up)`, lines(events));
  for (const { route, records, body } of batches)
    section(`What came out: route "${route}", ${records} records`, lines(body));
  section("What was changed, and by which rule", trips.flatMap(changesOf));
  section(
    "What was withheld (where and why; never a value)",
    quarantined.map(
      ({ code, line, at, expected }) => `line ${line}: ${code} at byte ${at}: expected ${expected}`,
    ),
  );
  section("The report", JSON.stringify(report, null, 2).split("\n"));
  section("Where to go next", [
    `npm run -s logweir -- run --policy ${folder}/policy.json ${folder}/events.ndjson`,
    `npm run -s logweir -- explain --policy ${folder}/policy.json ${folder}/events.ndjson`,
    "npm run forward     a forwarder on this machine, with queues, a bucket and ledgers",
    "npm run page        the inspector: open a log in the browser, search, try policies on it",
    "npm test            everything that proves it; CONTRIBUTING.md tells the rest",
    "README.md           the package, the command, the policy",
  ]);
}

const changesOf = ({ record, edits }) =>
  edits.map(({ rule, path, action, length, becomes, embedded }) => {
    const where = embedded > 0 ? " inside a string that holds JSON" : "";
    return `record ${record}: ${rule} ${action} ${path}${where} (${length} → ${becomes} bytes)`;
  });

if (isMain(import.meta.url)) await mainly(demo);

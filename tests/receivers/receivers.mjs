// What destinations send, read by parts that others wrote: node tests/receivers/receivers.mjs
// Makes a Python environment under target/ when it is first run. Prints how many records each part took; says why where
// there is no Python or it cannot be furnished (exit status 3).
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "logweir";
import { sample } from "logweir/sample";

const here = fileURLToPath(new URL(".", import.meta.url));
const target = join(here, "..", "..", "target", "receivers");
const python = join(target, "venv", "bin", "python");

const destinations = {
  datadog: { service: "{{@workflow.name}}", tags: ["env:prod"] },
  otlp: { url: "https://otel.example" },
  cloudevents: { url: "https://events.example" },
  ocsf: { url: "https://ocsf.example" },
};

function furnish() {
  const wanted = readFileSync(join(here, "requirements.txt"), "utf8");
  const mark = join(target, "furnished.txt");
  if (existsSync(mark) && readFileSync(mark, "utf8") === wanted) return;
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const step = (command, args, why) => {
    const { status } = spawnSync(command, args, { stdio: ["ignore", "ignore", "inherit"], timeout: 300_000 });
    if (status !== 0) {
      console.log(`not checked by others' parts: ${why}`);
      process.exit(3);
    }
  };
  step("python3", ["-m", "venv", join(target, "venv")], "python3 with venv is needed (Debian: python3-venv)");
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
  step(python, [...pip, "-r", join(here, "requirements.txt")], "its packages cannot be installed here");
  writeFileSync(mark, wanted);
}

furnish();
const hostile = [
  { "": null, "a\u0000": ["\ud83d\ude00", '"}}', "\u202e"], n: -0.0, big: "x".repeat(1000) },
  { logType: "execution_event", eventType: "failed", created: "not a time", details: [[[{ a: [] }]]] },
];
const events = [
  ...sample({ count: 300, seed: 7, asText: true }),
  ...hostile.map((each) => JSON.stringify(each)),
];
events.push("[]", "1e400", '"text"', '{"n":123456789012345678901234567890,"e":1e-7}');
for (const [name, options] of Object.entries(destinations)) {
  const weir = compile(
    JSON.stringify({ logweir: 1, accept: {}, routes: [{ name, to: { [name]: options } }] }),
  );
  const { batches, report } = weir.process(events.join("\n"), { format: "ndjson" });
  if (report.kept !== events.length) throw new Error(`${name}: ${report.kept} of ${events.length} were kept`);
  batches.forEach(({ body }, number) => {
    writeFileSync(join(target, `${name}.${number}.json`), body);
  });
}
const { status } = spawnSync(python, [join(here, "check.py"), target, String(events.length)], {
  stdio: "inherit",
});
process.exitCode = status ?? 1;

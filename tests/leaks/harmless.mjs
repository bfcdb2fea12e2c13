// node tests/leaks/harmless.mjs [--events 100000] [--seed N]: in generated events detectors change nothing but the
// invented people's addresses, telephone numbers and machines: no id, time, version, user agent or counter.
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isMain } from "../../pkg/tools/shell.mjs";
import { loadPackage } from "../bench/lib/ours.mjs";
import { DETECTORS } from "./corpus.mjs";

/** What may be found: RFC 2606, RFC 5737, RFC 3849, and the numbers kept for fiction. */
const INVENTED =
  /^([\w.+-]+@example\.(org|net|com)|(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+|2001:db8:[\da-f:]+|\+1 555 01\d\d?[\d -]*)$/;
const REDACTED = "[redacted]";

/** What was replaced in a text: what stands between the parts that stayed. */
function replaced(before, after) {
  const parts = after.split(REDACTED).map((part) => part.replaceAll(/[$()*+.?[\\\]^{|}]/g, "\\$&"));
  return new RegExp(`^${parts.join("(.+?)")}$`, "s").exec(before)?.slice(1);
}

function* changes(before, after, key) {
  if (Object.is(before, after)) return;
  if (typeof before === "object" && before && typeof after === "object" && after) {
    const [keys, others] = [Object.keys(before), Object.keys(after)];
    if (keys.join("\n") !== others.join("\n")) yield [key, "(keys)"];
    for (const name of keys) yield* changes(before[name], after[name], name);
    return;
  }
  if (typeof before === "string" && /^\s*[[{]/.test(before)) {
    try {
      yield* changes(JSON.parse(before), JSON.parse(after), key);
      return;
    } catch {} // no JSON: a text
  }
  const found = replaced(String(before), String(after)) ?? [String(before)];
  for (const value of found) yield [key, value];
}

/** Redacts generated events by all detectors (but `entropy`); gives what they found, and what of it they should not have. */
export async function harmless({ events, seed = 1 }) {
  const { compile } = await loadPackage(fileURLToPath(new URL("../../pkg", import.meta.url)));
  const { sample } = await import("../../pkg/dist/sample/index.js");
  const run = compile({
    logweir: 1,
    redact: [{ detect: DETECTORS.filter((name) => name !== "entropy") }],
  }).run({
    format: "ndjson",
  });
  const decoder = new TextDecoder();
  let found = 0;
  const wrong = [];
  for (const wrapped of [false, true]) {
    for (const line of sample({ count: events / 2, seed, wrapped, asText: true })) {
      const [batch] = run.push(line).batches;
      const after = decoder.decode(batch?.body);
      if (after === line) continue;
      for (const [key, value] of changes(JSON.parse(line), JSON.parse(after), "")) {
        found++;
        if (!INVENTED.test(value)) wrong.push(`${key}: ${value}`);
      }
    }
  }
  return { found, wrong };
}

if (isMain(import.meta.url)) {
  const { values } = parseArgs({
    options: { events: { type: "string", default: "100000" }, seed: { type: "string", default: "1" } },
  });
  const { found, wrong } = await harmless({ events: Number(values.events), seed: Number(values.seed) });
  console.log(`${values.events} events: ${found} values found, ${wrong.length} of them wrongly`);
  for (const line of [...new Set(wrong)].slice(0, 50)) console.log(`  ${line}`);
  if (wrong.length > 0) process.exitCode = 1;
}

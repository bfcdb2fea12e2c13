// Who is held against the leak corpus: each as its manual would have it set up for the job.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { loadPackage } from "../bench/lib/ours.mjs";
import { DETECTORS } from "./corpus.mjs";

const require = createRequire(import.meta.url);

/** What a service would write down for what our detectors find: the patterns that people pass around. */
export const PATTERNS = [
  /[\w.+-]+@[\w-]+\.[\w.]+/g,
  /\b(?:\d[ -]?){13,19}\b/g,
  /\b\d{3}-\d{2}-\d{4}\b/g,
  /\b\d{1,3}(?:\.\d{1,3}){3}\b/g,
  /\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b/gi,
  /\b[A-Z]{2}\d{2}[A-Z0-9 ]{11,30}\b/g,
  /\+\d[\d ()-]{7,}/g,
  /eyJ[\w-]+\.[\w-]+\.[\w-]*/g,
  /\b(?:Bearer|Basic) +[\w.=+/-]+/gi,
  /\b(?:AKIA|ghp_|sk_live_|xox[abp]-|glpat-)[\w-]+/g,
  /-----BEGIN [A-Z ]+-----[\s\S]+?-----END [A-Z ]+-----/g,
];

/** The keys under which the corpus has values, as someone who knows the events would name them. */
const KEYS = [
  "v",
  "k",
  "authorization",
  "phone",
  "userMobile",
  "secretAccessKey",
  "api_key",
  "ssn",
  "user_ssn",
];

/** Path redactors want each depth told: the top, one below, and the elements there. */
const PATHS = KEYS.flatMap((key) => [key, `${key}[*]`, `*.${key}`]);

const load = (name, from = require) => {
  try {
    return from(name);
  } catch {
    return undefined;
  }
};

/** From a name to what it makes of a record's text; who is not installed has none. */
export async function peers() {
  const { compile, skip } = await loadPackage(fileURLToPath(new URL("../../pkg", import.meta.url)));
  if (!compile) throw new Error(skip);
  const run = compile({ logweir: 1, redact: [{ detect: DETECTORS }] });
  const decoder = new TextDecoder();
  const all = {
    logweir: (record) => {
      const { batches } = run.process(record, { format: "json" });
      return batches.map(({ body }) => (typeof body === "string" ? body : decoder.decode(body))).join("");
    },
  };
  const byPath = (make) => make?.({ paths: PATHS, strict: false });
  all["fast-redact"] = byPath(load("fast-redact"));
  const pino = load("@pinojs/redact");
  all["@pinojs/redact"] = byPath(pino?.default ?? pino);
  const { DeepRedact } = load("@hackylabs/deep-redact") ?? {};
  const deep =
    DeepRedact && new DeepRedact({ blacklistedKeys: KEYS.slice(2), stringTests: PATTERNS, serialise: true });
  all["@hackylabs/deep-redact"] = deep && ((value) => deep.redact(value));
  // Brings 140 packages for a service that it can ask; so it has a folder of its own.
  const { SyncRedactor } = load("redact-pii", createRequire(new URL("redact-pii/", import.meta.url))) ?? {};
  const pii = SyncRedactor && new SyncRedactor();
  const ofText = { logweir: true, "redact-pii": true };
  all["redact-pii"] = pii && ((record) => pii.redact(record));
  return Object.entries(all).map(([name, redact]) => ({
    name,
    redact: redact && ((record) => String(redact(ofText[name] ? record : JSON.parse(record)))),
  }));
}

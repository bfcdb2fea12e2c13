import * as logweir from "logweir/store";

/** What the examples in comments take as given: all values of the package, and some names. */
export const given = `import { type Batch, ${Object.keys(logweir).join(", ")} } from "logweir/store";
import { check } from "logweir/check";
import { Links } from "logweir/links";
import { compileFile, transform } from "logweir/node";
import { sample } from "logweir/sample";
import { createSender } from "logweir/send";
import { createReadStream, createWriteStream, writeFileSync } from "node:fs";
import { pipeline } from "node:stream/promises";

const policy = { logweir: 1, redact: [{ path: "**.email", with: "remove" }] } as const;
const keys = {};
const weir = compile(policy);
const catalog = new Catalog();
const lines = [...sample({ count: 50, asText: true })];
const line = lines[0] as string;
const input = line;
const file = new Blob(lines);
const log = new LogStore();
log.push(line);
const pause = async () => {};
const { signal } = new AbortController();
const reports = [compile(policy).process(line).report];
const session = { logToken: async () => "short-lived" };
const show = (_bytes: number, _total?: number) => {};
const send = async (_batch: Batch) => {};
writeFileSync("policy.jsonc", JSON.stringify(policy));
writeFileSync("events.ndjson", lines.join(""));
Object.assign(globalThis, { location: { href: "https://page.example/" } });
`;

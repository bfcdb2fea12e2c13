import * as logweir from "logweir";

/** What the examples in comments take as given: all values of the package, and some names. */
export const given = `import { type Batch, ${Object.keys(logweir).join(", ")} } from "logweir";
import { check } from "logweir/check";
import { Links } from "logweir/links";
import { sample } from "logweir/sample";
import { createSender } from "logweir/send";

const policy = { logweir: 1, redact: [{ path: "**.email", with: "remove" }] } as const;
const keys = {};
const weir = compile(policy);
const catalog = new Catalog();
const lines = [...sample({ count: 50, asText: true })];
const line = lines[0] as string;
const input = line;
const file = new Blob(lines);
const { signal } = new AbortController();
const reports = [weir.process(line).report];
const session = { logToken: async () => "short-lived" };
const show = (_bytes: number, _total?: number) => {};
const send = async (_batch: Batch) => {};
Object.assign(globalThis, { location: { href: "https://page.example/" } });
`;

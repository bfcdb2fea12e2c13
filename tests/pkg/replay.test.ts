// logweir replay over files, logweir worker: what is sealed comes back only with its key.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { createKeys } from "logweir/worker";
import { afterAll, expect, test } from "vitest";
import { seal } from "../../pkg/dist/sealed.js";
import { logweir } from "./tools.js";

const folder = mkdtempSync(join(tmpdir(), "logweir-replay-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const put = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const policy = put("policy.json", JSON.stringify({ logweir: 1, redact: [{ key: "password" }] }));
const strict = put(
  "strict.json",
  JSON.stringify({ logweir: 1, accept: { unknown: "quarantine" }, quarantine: { originals: true } }),
);
const events = '{"n":1,"password":"a"}\n{"n":\n{"n":2,\r"password":"b"}\n';
const bytes = (text: string) => new TextEncoder().encode(text);

test("dead letters of run, all of them, of a code, by a query", async () => {
  const letters = join(folder, "letters.ndjson");
  const run = await logweir(["run", "--policy", strict, "--dead-letter", letters], events);
  expect([run.status, run.stdout]).toEqual([1, ""]);
  const replay = (...more: string[]) => logweir(["replay", "--policy", policy, ...more, letters]);
  expect(await replay()).toMatchObject({
    status: 1,
    stdout: '{"n":1,"password":"[redacted]"}\n{"n":2, "password":"[redacted]"}\n',
  });
  expect(await replay("--code", "S101")).toMatchObject({ status: 1, stdout: "" });
  expect(await replay("--query", "n:2")).toMatchObject({
    status: 0,
    stdout: '{"n":2, "password":"[redacted]"}\n',
  });
});

test("what cannot be run again is told, and is not fine; what can be is", async () => {
  const replay = (...files: string[]) => logweir(["replay", "--policy", policy, ...files]);
  const kept = '{"file":"-","code":"S101","offset":0,"expected":"more","original":"{\\"n\\":1}"}\n';
  // Most policies keep no originals.
  const gone = '{"file":"-","code":"S102","offset":9,"expected":"a value"}\n';
  const some = await replay(put("some.ndjson", kept + gone));
  expect(some).toMatchObject({ status: 1, stdout: '{"n":1}\n' });
  expect(some.stderr).toContain("1 more were not kept");
  expect(await replay("--code", "S101", join(folder, "some.ndjson"))).toMatchObject({ status: 0 });
  // The run that wrote them was stopped in the middle of a line.
  const torn = await replay(put("torn.ndjson", kept + kept.slice(0, 30)));
  expect(torn).toMatchObject({ status: 1, stdout: '{"n":1}\n' });
  expect(torn.stderr).toContain("1 lines among the dead letters are none");
  const [damaged, endless] = [put("damaged.gz", ""), put("some.ndjson.0000", '{"n":2}\n')];
  writeFileSync(damaged, gzipSync('{"n":3}\n').subarray(0, 20));
  const rest = await replay(damaged, endless, put("whole.ndjson", '{"n":4}\n'));
  expect(rest).toMatchObject({ status: 2, stdout: '{"n":4}\n' });
  expect(rest.stderr).toContain("damaged.gz: the gzip data ends too early");
  expect(rest.stderr).toContain("some: the parts up to the last");
});

test("sealed originals in parts, and no key that opens them", async () => {
  const [own, other] = await Promise.all([createKeys(), createKeys()]);
  const key = put("own.jwk", JSON.stringify({ keys: [other.private, own.private] }));
  put("part.array.0000", await seal(own.public, bytes('[{"n":1},{"n":')));
  put("part.array.0001.end", await seal(own.public, bytes('2,"password":"b"}]')));
  const parts = ["part.array.0000", "part.array.0001.end"].map((name) => join(folder, name));
  expect(await logweir(["replay", "--policy", policy, "--key", key, ...parts])).toMatchObject({
    status: 0,
    stdout: '{"n":1}\n{"n":2,"password":"[redacted]"}\n',
  });
  const wrong = put("other.jwk", JSON.stringify(other.private));
  const closed = await logweir(["replay", "--policy", policy, "--key", wrong, ...parts]);
  expect([closed.status, closed.stdout]).toEqual([2, ""]);
  expect(closed.stderr).toContain("no key opens it");
  const [sealed = ""] = parts;
  const text = readFileSync(sealed, "utf8");
  const changed = put(
    "part.array.0000",
    text.replace(/.$/, (last) => (last === "A" ? "Q" : "A")),
  );
  expect((await logweir(["replay", "--policy", policy, "--key", key, changed])).status).toBe(2);
});

test("a forwarder is asked part by part, and again where it fails", async () => {
  const asked: { url: string | undefined; token: string | undefined; body: Record<string, unknown> }[] = [];
  const counts = { objects: 1, records: 2, kept: 2, filtered: 0, quarantined: 0, repeated: 0 };
  const answers = [
    [503, { code: "W928", title: "Not taken" }],
    [200, { ...counts, unreadable: 0, outdated: 0, routes: { ops: 2 }, next: "dead/ops/2026-05-04/06/1" }],
    [200, { ...counts, unreadable: 0, outdated: 0, routes: { ops: 1, siem: 1 } }],
  ] as const;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { url, headers } = request;
    const body = JSON.parse(Buffer.concat(chunks).toString());
    const [status, answer] = answers[asked.length] ?? [400, {}];
    asked.push({ url, token: headers.authorization, body });
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  const words = ["--at", `http://127.0.0.1:${port}`, "--from", "2026-05-04T06:00:00Z", "--tenant", "acme"];
  const token = put("token", "synthetic-token\n");
  const done = await logweir([
    "replay",
    "dead",
    ...words,
    "-r",
    "ops",
    "-r",
    "siem",
    "--token",
    `file:${token}`,
  ]);
  server.close();
  expect([done.status, JSON.parse(done.stdout)]).toEqual([
    0,
    expect.objectContaining({ objects: 2, kept: 4, routes: { ops: 3, siem: 1 } }),
  ]);
  expect(done.stderr).toContain("--after dead/ops/2026-05-04/06/1");
  expect(asked.map(({ body }) => body.after)).toEqual([undefined, undefined, "dead/ops/2026-05-04/06/1"]);
  expect(asked[0]).toMatchObject({
    url: "/replay?tenant=acme",
    token: "Bearer synthetic-token",
    body: { what: "dead", from: "2026-05-04T06:00:00Z", routes: ["ops", "siem"] },
  });
});

test("a pair of keys: the private one in a file of its owner alone, which is never overwritten", async () => {
  const path = join(folder, "mine.jwk");
  const made = await logweir(["worker", "key", path]);
  const open = JSON.parse(made.stdout);
  expect(Object.keys(open)).toEqual(["kty", "crv", "x", "y", "kid"]);
  expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject(open);
  expect(statSync(path).mode & 0o077).toBe(0);
  expect((await logweir(["worker", "key", path])).status).toBe(2);
});

test.each([
  [["replay", "--at", "http://logs.example", "quarantine", "--from", "2026-05-04"], "expected https"],
  [["replay", "--at", "https://logs.example", "elsewhere"], "expected one of quarantine"],
  [["replay", "--at", "https://logs.example", "dead"], "--from is missing"],
  [["replay", "letters.ndjson"], "--policy is missing"],
  [["worker", "inti"], 'did you mean "init"'],
])("%j is refused", async (words, why) => {
  const { status, stderr } = await logweir(words as string[]);
  expect([status, stderr]).toEqual([2, expect.stringContaining(why as string)]);
});

test("names that no queue may have are mended, and none is another's", async () => {
  const to = { http: { url: "https://logs.example" } };
  const names = [
    "spare",
    "ops",
    "ops-",
    "--eu--west--",
    "x".repeat(80),
    `${"x".repeat(80)}y`,
    "監視",
    "SIEM.eu",
  ];
  const own = join(folder, "names.json");
  writeFileSync(own, JSON.stringify({ logweir: 1, routes: names.map((name) => ({ name, to })) }));
  const project = join(folder, "names");
  expect((await logweir(["worker", "init", "--policy", own, "--name", "logs", project])).status).toBe(0);
  const { queues } = JSON.parse(readFileSync(join(project, "wrangler.jsonc"), "utf8"));
  const found: string[] = queues.producers.map(({ queue }: { queue: string }) => queue);
  const consumed: string[] = queues.consumers.map(({ queue }: { queue: string }) => queue);
  for (const queue of consumed) expect(queue).toMatch(/^(?!.*--)[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/);
  expect(new Set(consumed).size).toBe(names.length + 1);
  expect(consumed).toEqual([...found, "logs-spare"]);
  expect([found[1], found[3], found[7]]).toEqual(["logs-ops", "logs-eu-west", "logs-siem-eu"]);
  const manual = readFileSync(join(project, "README.md"), "utf8");
  for (const queue of consumed) expect(manual).toContain(`queues create ${queue}\n`);
});

test.each(["-logs", "logs-", "lo--gs", "Logs", "l.ogs", "x".repeat(41)])(
  "%s is no name of a Worker",
  async (name) => {
    const own = join(folder, "one.json");
    writeFileSync(own, '{"logweir":1}');
    const words = ["worker", "init", "--policy", own, `--name=${name}`, join(folder, "none")];
    expect(await logweir(words)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("--name: expected"),
    });
  },
);

test("keys of a policy with comments are found; none may be bound as something else", async () => {
  const policy = (key: string) => `// Whose they are is hashed.
{ "logweir": 1, /* , } */ "redact": [
  { "class": ["user_id"], "with": { "hash": "${key}" } }, // once
  { "class": ["customer_id"], "with": { "hash": "other.key" } }, /* twice */ ],
  // "quarantine": { "originals": true }
}`;
  const own = join(folder, "own.jsonc");
  writeFileSync(own, policy("pii-key"));
  const project = join(folder, "commented");
  expect((await logweir(["worker", "init", "--policy", own, "--name", "logs", project])).status).toBe(0);
  const text = readFileSync(join(project, "forwarder.js"), "utf8");
  expect(text).toContain('keys: { "pii-key": "PII_KEY", "other.key": "OTHER_KEY" }');
  const list = readFileSync(join(project, ".dev.vars.example"), "utf8");
  expect(list).toMatch(/^PII_KEY=$/m);
  expect(list).not.toContain("ORIGINALS_KEY");
  writeFileSync(own, policy("admin-token"));
  expect(
    await logweir(["worker", "init", "--policy", own, "--name", "logs", join(folder, "none")]),
  ).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("ADMIN_TOKEN and the key admin-token would have one binding"),
  });
});

test("a project's queues: each has another behind it, which the Worker consumes too; no two routes share one", async () => {
  const to = { http: { url: "https://logs.example" } };
  const write = (path: string, routes: string[]) =>
    writeFileSync(path, JSON.stringify({ logweir: 1, routes: routes.map((name) => ({ name, to })) }));
  const own = join(folder, "queues.json");
  write(own, ["ops", "siem"]);
  const project = join(folder, "queues");
  const made = await logweir(["worker", "init", "--policy", own, "--name", "logs", project]);
  expect(made.status).toBe(0);
  const { queues } = JSON.parse(readFileSync(join(project, "wrangler.jsonc"), "utf8"));
  expect(
    queues.consumers.map(({ queue, dead_letter_queue: behind }: Record<string, string>) => [queue, behind]),
  ).toEqual([
    ["logs-ops", "logs-spare"],
    ["logs-siem", "logs-spare"],
    ["logs-spare", undefined],
  ]);
  const shared = join(folder, "shared.json");
  write(shared, ["siem-eu", "siem_eu"]);
  const { status, stderr } = await logweir(["worker", "init", "--policy", shared, join(folder, "shared")]);
  expect([status, stderr]).toEqual([
    2,
    expect.stringContaining("siem-eu and the route siem_eu would have one binding"),
  ]);
});

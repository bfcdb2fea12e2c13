import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { compile, type Quarantined } from "logweir";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import policy from "./policy.json";
import { type Running, serve } from "./workerd.js";

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const utf8 = new TextEncoder();

const events = [
  `{"event":"user_login","user":{"id":7,"email":"ada@example.com"},"details":{"request":{"ip_address":"192.0.2.7"}}}`,
  `{"id":"j-1","title":"顧客を同期 🐟","context":{"user_email":"grace@example.com"},"lines":[{"input":{"a":1}}]}`,
  `{"source":"workato","log_message":"{\\"user\\":{\\"email\\":\\"edsger@example.com\\"},\\"at\\":1694081235979123457}"}`,
];
const ndjson = events.map((event) => `${event}\n`).join("");

/** What Node gives for the same bytes. */
function inNode(body: string): { text: string; quarantined: readonly Quarantined[] } {
  const weir = compile(policy);
  const { batches, quarantined } = weir.process(body);
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  weir.free();
  return { text: batches.map((batch) => utf8.decode(batch.body)).join(""), quarantined };
}

async function post(url: string, body: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const answer = await fetch(url, { method: "POST", body });
  expect(answer.status).toBe(200);
  return answer.text();
}

/** Starts a POST whose body is written piece by piece, each on its way before the next. */
function open(url: string): { outgoing: ClientRequest; answer: Promise<IncomingMessage> } {
  const outgoing = httpRequest(url, { method: "POST" });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.on("response", resolve);
    outgoing.on("error", reject);
  });
  outgoing.setNoDelay(true);
  outgoing.flushHeaders();
  return { outgoing, answer };
}

/** Posts the pieces one by one, with a pause between them, and gives the answer's text. */
async function postPieces(url: string, pieces: Uint8Array[]): Promise<string> {
  const { outgoing, answer } = open(url);
  for (const piece of pieces) {
    outgoing.write(piece);
    await pause(25);
  }
  outgoing.end();
  return text(await answer);
}

// The older date is from before workerd allowed wasm to be compiled from bytes: there only a ready module works.
describe.each(["2025-01-01", "2026-07-01"])("a Worker of %s", (compatibilityDate) => {
  let worker: Running;
  beforeAll(async () => {
    worker = await serve(here("worker.ts"), compatibilityDate);
  });
  afterAll(() => worker?.stop());

  test("gives NDJSON as Node gives it, without the addresses", async () => {
    const redacted = await post(worker.url, ndjson);
    expect(redacted).toBe(inNode(ndjson).text);
    expect(redacted.trimEnd().split("\n")).toHaveLength(events.length);
    expect(redacted).not.toContain("@example.com");
    expect(redacted).not.toContain("192.0.2.7");
    expect(redacted).not.toContain('"lines"');
    expect(redacted).toContain("1694081235979123457");
  });

  test("takes a JSON array", async () => {
    const body = `[${events.join(",\n  ")}]`;
    const redacted = await post(worker.url, body);
    expect(redacted).toBe(inNode(body).text);
    expect(redacted).toBe(inNode(ndjson).text);
  });

  test("withholds a broken line and nothing else", async () => {
    const broken = `${events[0]}\n{"user":{"email":"ada@example.com"},\n${events[1]}\n`;
    const expected = inNode(broken);
    expect(expected.quarantined).toMatchObject([
      { record: 1, line: 2, offset: utf8.encode(events[0]).length + 1 },
    ]);
    const redacted = await post(worker.url, broken);
    expect(redacted).toBe(expected.text);
    expect(redacted).toBe(inNode(`${events[0]}\n${events[1]}\n`).text);
  });

  test("does not mind a body cut inside a character", async () => {
    const bytes = utf8.encode(ndjson);
    const wide = bytes.findIndex((byte) => byte >= 0xf0); // the first byte of the four of 🐟
    const cuts = [wide - 10, wide - 9, wide + 1, wide + 2, wide + 3, bytes.length];
    const pieces = cuts.map((cut, index) => bytes.subarray(index > 0 ? cuts[index - 1] : 0, cut));
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
    expect(await postPieces(worker.url, pieces)).toBe(inNode(ndjson).text);
  });

  test("answers while the body is still on its way", async () => {
    const { outgoing, answer } = open(worker.url);
    outgoing.write(`${events[0]}\n{"next":`);
    const body = (await answer)[Symbol.asyncIterator]();
    const first = await body.next();
    expect(String(first.value)).toBe(inNode(`${events[0]}\n`).text);
    outgoing.end("true}");
    const second = await body.next();
    expect(String(second.value)).toBe(`{"next":true}\n`);
    expect(await body.next()).toMatchObject({ done: true });
  });

  test("keeps requests apart that are served at the same time", async () => {
    const bodies = [0, 1, 2, 3].map((n) => `{"n":${n},"email":"ada@example.com"}\n`.repeat(3));
    const answers = await Promise.all(
      bodies.map((body) => {
        const bytes = utf8.encode(body);
        return postPieces(worker.url, [bytes.subarray(0, 11), bytes.subarray(11, 40), bytes.subarray(40)]);
      }),
    );
    expect(answers).toEqual(bodies.map((body) => inNode(body).text));
  });
});

describe("a Worker that compiles what it is sent", () => {
  let worker: Running;
  beforeAll(async () => {
    worker = await serve(here("problems.ts"), "2025-01-01");
  });
  afterAll(() => worker?.stop());

  test("answers with the problems of a policy, each with its place", async () => {
    const body = `{\n  "logweir": 1,\n  "redcat": []\n}`;
    const answer = await fetch(worker.url, { method: "POST", body });
    expect(answer.status).toBe(422);
    const { problems } = await answer.json();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ severity: "error", pointer: "/redcat", line: 3, column: 3 });
    expect(problems[0].help).toContain("redact");
  });

  test("has nothing to say about a good one", async () => {
    const answer = await fetch(worker.url, { method: "POST", body: JSON.stringify(policy) });
    expect(await answer.json()).toEqual({ problems: [] });
  });
});

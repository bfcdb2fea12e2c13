// What a sender does over a real connection: a forwarder that says no, later, or nothing at all.
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { compile } from "logweir";
import { createSender, type SenderOptions } from "logweir/send";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const weir = compile({ logweir: 1, redact: [{ path: "**.email" }] });
let server: Server;
let taken: { id: string; body: string; at: number }[];
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  taken = [];
  answer = (response) => response.writeHead(202).end("{}");
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      const id = String(request.headers["x-logweir-batch"]);
      taken.push({ id, body: Buffer.concat(parts).toString(), at: performance.now() });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => {
  vi.unstubAllGlobals();
  server.closeAllConnections();
  server.close();
});

const sender = (options: Partial<SenderOptions> = {}) => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/in/send`;
  return createSender({ url, weir, interval: 5, ...options });
};
const pause = (milliseconds: number) => new Promise((wake) => setTimeout(wake, milliseconds));

test("records arrive once, redacted, with the digits of their numbers", async () => {
  const it = sender({ token: async () => "short-lived" });
  it.push({ id: 1694081235979123457n, user: { email: "ana@example.org" } });
  it.push('{"n":2}\n{"n":3}\n');
  await it.flush();
  expect(taken.map(({ body }) => body).join("")).toBe(
    '{"id":1694081235979123457,"user":{"email":"[redacted]"}}\n{"n":2}\n{"n":3}\n',
  );
  await it.close();
  expect(it.report).toEqual({ pushed: 3, sent: 3, waiting: 0, withheld: 0, lost: 0 });
});

test("a forwarder that takes one batch and fails again is tried once, not at once again", async () => {
  answer = (response) => response.writeHead(503).end();
  const it = sender({ interval: 60_000, longestPause: 60_000 });
  for (let n = 0; n < 3; n += 1) it.push({ n, text: "x".repeat(29_000) });
  for (let n = 0; n < 5; n += 1) await it.flush();
  taken.length = 0;
  answer = (response) => response.writeHead(taken.length === 1 ? 202 : 503).end();
  await it.flush();
  await pause(100);
  expect(taken).toHaveLength(2);
  await it.close();
});

test("a page for people in place of an answer is none: the batch is sent again", async () => {
  answer = (response) =>
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end("<html>");
  const it = sender({ longestPause: 10 });
  it.push({ n: 1 });
  await it.flush();
  expect(it.report).toMatchObject({ sent: 0, waiting: 1, lost: 0 });
  answer = (response) => response.writeHead(202).end();
  await vi.waitFor(() => expect(it.report.sent).toBe(1), 3_000);
  await it.close();
});

test("Retry-After is kept to, also by flush()", async () => {
  answer = (response) => response.writeHead(429, { "retry-after": "1" }).end();
  const it = sender({ longestPause: 10 });
  it.push({ n: 1 });
  await it.flush();
  for (let n = 0; n < 5; n += 1) await it.flush();
  expect(taken).toHaveLength(1);
  answer = (response) => response.writeHead(202).end();
  await vi.waitFor(() => expect(it.report.sent).toBe(1), 3_000);
  expect((taken[1]?.at ?? 0) - (taken[0]?.at ?? 0)).toBeGreaterThan(950);
  await it.close();
});

test("close() ends where nobody answers, and the connection is given up", async () => {
  let closed = 0;
  answer = (response) => response.on("close", () => (closed += 1));
  const it = sender({ timeout: 200 });
  it.push({ n: 1 });
  const [first, second] = [it.close(), it.close()];
  await Promise.all([first, second]);
  expect(it.report).toEqual({ pushed: 1, sent: 0, waiting: 0, withheld: 0, lost: 1 });
  await vi.waitFor(() => expect(closed).toBe(1));
});

test("a redirect is not followed, and a refusal told once", async () => {
  const told: unknown[] = [];
  answer = (response) => response.writeHead(403).end("secret");
  const it = sender({ onLoss: (loss) => told.push(loss) });
  it.push({ n: 1 });
  await it.flush();
  expect(told).toEqual([{ records: 1, reason: "refused", status: 403 }]);
  answer = (response) => response.writeHead(302, { location: "/elsewhere" }).end();
  it.push({ n: 2 });
  await it.flush();
  expect(taken).toHaveLength(2);
  await it.close();
});

test("a stack that is used up is no success: the record is lost, and so are the handles", async () => {
  const own = compile({ logweir: 1 });
  const it = sender({ weir: own });
  const lost: boolean[] = [];
  const dig = (): void => {
    try {
      dig();
    } catch {
      // The least room that there is.
    }
    if (lost.length < 40) lost.push(!it.push({ text: "x" }));
  };
  dig();
  const { pushed, waiting, withheld, sent } = it.report;
  expect(pushed).toBe(lost.length);
  expect(waiting + withheld + sent + it.report.lost).toBe(pushed);
  expect(lost.filter(Boolean).length).toBe(it.report.lost);
  const anew = compile({ logweir: 1 });
  expect(anew.process("{}").report.kept).toBe(1);
  await it.close();
});

// What a page sends: redacted, whole, once per id, and never more kept than there is room for.
import { compile } from "logweir";
import { createSender, type Loss, type SenderOptions } from "logweir/send";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { thrownBy } from "./tools.js";

const weir = compile({
  logweir: 1,
  keep: "NOT level:debug",
  redact: [{ path: "**.email" }],
  routes: [
    { name: "all" },
    { name: "errors", when: "level:error" },
    { name: "logs", to: { datadog: { site: "datadoghq.eu" } } },
  ],
});
const mark = "ana@example.org";

interface Sent {
  readonly id: string | null;
  readonly headers: Headers;
  readonly body: string;
  readonly init: RequestInit;
}
let sent: Sent[] = [];
let answers: ((body: string) => Response | Error)[] = [];
let losses: Loss[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  [sent, answers, losses] = [[], [], []];
  vi.stubGlobal("fetch", async (_: unknown, init: RequestInit) => {
    const body = new TextDecoder().decode(init.body as Uint8Array);
    const headers = new Headers(init.headers);
    sent.push({ id: headers.get("x-logweir-batch"), headers, body, init });
    const answer = (answers.shift() ?? (() => new Response(null, { status: 202 })))(body);
    if (answer instanceof Error) throw answer;
    return answer;
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const sender = (options: Partial<SenderOptions> = {}) =>
  createSender({
    url: "https://logs.example/in/send",
    weir,
    route: "all",
    onLoss: (loss) => losses.push(loss),
    ...options,
  });
const status =
  (status: number, headers = {}) =>
  () =>
    new Response(null, { status, headers });
const balanced = ({ pushed, sent, waiting, withheld, lost }: ReturnType<typeof sender>["report"]) =>
  expect(sent + waiting + withheld + lost).toBe(pushed);

describe("a sender", () => {
  test("redacts before it keeps, and sends in batches", async () => {
    const it = sender({ token: async () => "short-lived" });
    it.push({ n: 1, user: { email: mark } });
    it.push(`{"n":2,"json":"{\\"email\\":\\"${mark}\\"}"}\n{"level":"debug"}\n`);
    it.push(new TextEncoder().encode('{"n":3}'));
    expect(it.report).toEqual({ pushed: 4, sent: 0, waiting: 3, withheld: 1, lost: 0 });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sent.map(({ body }) => body)).toEqual([
      '{"n":1,"user":{"email":"[redacted]"}}\n{"n":2,"json":"{\\"email\\":\\"[redacted]\\"}"}\n{"n":3}\n',
    ]);
    expect(sent[0]?.headers.get("authorization")).toBe("Bearer short-lived");
    expect(sent[0]?.init).toMatchObject({ keepalive: true, redirect: "error", credentials: "omit" });
    expect(it.report).toEqual({ pushed: 4, sent: 3, waiting: 0, withheld: 1, lost: 0 });
    expect(it.redaction.records).toBe(4);
  });

  test("tries again with the same id, later each time, and no sooner than it is told", async () => {
    answers = [
      status(503),
      () => new TypeError("failed to fetch"),
      status(429, { "retry-after": "30" }),
      status(401),
    ];
    const it = sender();
    it.push({ n: 1 });
    const times: number[] = [];
    for (let at = 0; at < 120_000 && sent.length < 5; at += 250) {
      const before = sent.length;
      await vi.advanceTimersByTimeAsync(250);
      if (sent.length > before) times.push(at);
    }
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
    const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(pauses[0]).toBeGreaterThanOrEqual(250);
    expect(pauses[0]).toBeLessThanOrEqual(1_250);
    expect(pauses[1]).toBeGreaterThanOrEqual(750);
    expect(pauses[2]).toBeGreaterThanOrEqual(29_750);
    expect(it.report).toMatchObject({ sent: 1, waiting: 0 });
  });

  test("cuts in two what is too large, and gives up what is refused", async () => {
    answers = [status(413), status(202), status(413), status(400), status(202)];
    const it = sender();
    for (let n = 0; n < 4; n += 1) it.push({ n });
    await it.flush();
    expect(sent.map(({ body }) => body.match(/\d/g)?.join(""))).toEqual(["0123", "01", "23", "2", "3"]);
    expect(losses).toEqual([{ records: 1, reason: "refused", status: 400 }]);
    expect(it.report).toEqual({ pushed: 4, sent: 3, waiting: 0, withheld: 0, lost: 1 });
  });

  test("keeps no more than there is room for", async () => {
    answers = Array.from({ length: 99 }, () => status(503));
    const it = sender({ buffer: 1_000 });
    const found = Array.from({ length: 100 }, (_, n) => it.push({ n, text: "x".repeat(40) }));
    expect(found.filter((each) => each).length).toBe(it.report.waiting);
    expect(it.report.waiting).toBeLessThanOrEqual(20);
    expect(it.report.lost).toBe(100 - it.report.waiting);
    expect(new Set(losses.map(({ reason }) => reason))).toEqual(new Set(["full"]));
    balanced(it.report);
    await it.close();
    balanced(it.report);
    expect(losses.at(-1)?.reason).toBe("closed");
    expect(thrownBy(() => it.push({}))).toMatchObject({ code: "W906" });
  });

  test("sends at once when a body is full, and large records by themselves", async () => {
    const it = sender({ interval: 60_000 });
    for (let n = 0; n < 10; n += 1) it.push({ n, text: "x".repeat(7_000) });
    it.push({ n: "large", text: "x".repeat(100_000) });
    await vi.advanceTimersByTimeAsync(1);
    expect(sent.map(({ body }) => body.split("\n").length - 1)).toEqual([4, 4, 2, 1]);
    expect(sent.map(({ init }) => init.keepalive)).toEqual([true, true, true, false]);
    expect(it.report).toMatchObject({ sent: 11, waiting: 0 });
  });

  test("never throws for what is in a record, and sends nothing of what it cannot read", async () => {
    const it = sender();
    const cycle: Record<string, unknown> = { email: mark };
    cycle.self = cycle;
    const throwing = {
      toJSON: () => {
        throw new Error(mark);
      },
    };
    for (const record of [cycle, throwing, { n: 1n }, `{"email":"${mark}`, `${mark}`, () => mark])
      it.push(record as object);
    await it.flush();
    expect(sent.map(({ body }) => body).join("")).not.toContain("ana");
    expect(it.report).toEqual({ pushed: 6, sent: 0, waiting: 0, withheld: 2, lost: 4 });
  });

  test("sends one route alone, of those that give NDJSON", async () => {
    const it = sender({ route: "errors" });
    it.push({ level: "error" });
    it.push({ level: "info" });
    expect(it.report).toMatchObject({ waiting: 1, withheld: 1 });
    expect(thrownBy(() => sender({ route: "logs" }).push({}))).toMatchObject({ code: "W905" });
    expect(thrownBy(() => sender({ route: "none" }))).toMatchObject({ code: "W905" });
    expect(thrownBy(() => createSender({ url: "https://logs.example/", weir }))).toMatchObject({
      code: "W905",
    });
  });

  test.each([
    ["no policy", { weir: undefined }],
    ["no address", { url: "in/send" }],
    ["a negative interval", { interval: -1 }],
  ])("refuses %s", (_, options) => {
    expect(thrownBy(() => sender(options as never))).toMatchObject({ code: "W904" });
  });
});

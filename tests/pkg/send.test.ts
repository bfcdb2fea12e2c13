// What a page sends: redacted, whole, once per id, and never more kept than there is room for.
import { compile, Query } from "logweir";
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
    await Promise.resolve(); // who is told is told in a moment
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
    const gone = new ArrayBuffer(4);
    structuredClone(gone, { transfer: [gone] });
    const unreadable: unknown[] = [cycle, throwing, () => mark, Symbol(mark), undefined, gone];
    // Of these JSON would show nothing.
    const empty = [
      new Map([[mark, 1]]),
      new Error(mark),
      new Blob([mark]),
      new Response(mark),
      new Set([mark]),
    ];
    for (const record of [...unreadable, ...empty]) expect(it.push(record as object)).toBe(false);
    for (const record of [`{"email":"${mark}`, `${mark}`]) expect(it.push(record)).toBe(true);
    await it.flush();
    expect(sent).toEqual([]);
    expect(it.report).toEqual({ pushed: 13, sent: 0, waiting: 0, withheld: 2, lost: 11 });
    expect(new Set(losses.map(({ reason }) => reason))).toEqual(new Set(["unreadable"]));
  });

  test("keeps a BigInt's digits", async () => {
    const it = sender();
    it.push({ id: 1694081235979123457n, texts: ["#5", "$", '"#6"'], "#7": 2n });
    await it.flush();
    expect(sent[0]?.body).toBe('{"id":1694081235979123457,"texts":["#5","$","\\"#6\\""],"#7":2}\n');
  });

  test("what is told of a loss may push, and may fail", async () => {
    const errors: unknown[] = [];
    vi.stubGlobal("reportError", (error: unknown) => errors.push(error));
    let told = 0;
    const it = sender({
      buffer: 10,
      onLoss: () => {
        told += 1;
        it.push({ type: "loss", text: "x".repeat(100) });
        throw new Error("a mistake of the page");
      },
    });
    expect(it.push({ text: "x".repeat(100) })).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(told).toBe(1);
    expect(errors).toHaveLength(1);
    expect(it.report).toEqual({ pushed: 2, sent: 0, waiting: 0, withheld: 0, lost: 2 });
    expect(weir.process("{}").report.kept).toBe(1);
  });

  test("stops at the first failure, also after a success", async () => {
    answers = Array.from({ length: 8 }, () => status(503));
    const it = sender({ interval: 60_000, longestPause: 1 });
    for (let n = 0; n < 3; n += 1) it.push({ n, text: "x".repeat(29_000) });
    for (let n = 0; n < 8; n += 1) await it.flush();
    expect(sent).toHaveLength(8);
    answers = [status(202), ...Array.from({ length: 9 }, () => status(503))];
    await it.flush();
    expect(sent).toHaveLength(10);
  });

  test.each([
    ["seconds", "600"],
    ["a date", new Date(Date.UTC(2026, 0, 1, 0, 10)).toUTCString()],
  ])("keeps to Retry-After in %s, however short its longest pause", async (_, after) => {
    vi.setSystemTime(Date.UTC(2026, 0, 1));
    answers = [status(429, { "retry-after": after })];
    const it = sender({ longestPause: 100 });
    it.push({ n: 1 });
    await it.flush();
    await vi.advanceTimersByTimeAsync(590_000);
    await it.flush();
    expect(sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(11_000);
    expect(it.report).toMatchObject({ sent: 1 });
  });

  test("gives up what is not answered, and who gives no token", async () => {
    const never = () => new Promise<never>(() => {});
    vi.stubGlobal("fetch", never);
    for (const token of ["short-lived", never]) {
      const it = sender({ token, timeout: 2_000 });
      it.push({ n: 1 });
      let closed = false;
      void it.close().then(() => {
        closed = true;
      });
      await vi.advanceTimersByTimeAsync(1_999);
      expect(closed).toBe(false);
      await vi.advanceTimersByTimeAsync(2);
      expect(closed).toBe(true);
      expect(it.report).toMatchObject({ lost: 1, waiting: 0 });
    }
  });

  test("a second close() ends with the first; `await using` closes", async () => {
    const it = sender();
    it.push({ n: 1 });
    const order: string[] = [];
    await Promise.all([
      it.close().then(() => order.push("first")),
      it.close().then(() => order.push("second")),
    ]);
    expect(order).toEqual(["first", "second"]);
    expect(it.report.sent).toBe(1);
    if (typeof Symbol.asyncDispose === "symbol") {
      const other = sender();
      other.push({ n: 1 });
      await other[Symbol.asyncDispose]();
      expect(other.report.sent).toBe(1);
    }
  });

  test("sends one route alone, of those that give NDJSON", async () => {
    const it = sender({ route: "errors" });
    it.push({ level: "error" });
    it.push({ level: "info" });
    expect(it.report).toMatchObject({ waiting: 1, withheld: 1 });
    expect(thrownBy(() => sender({ route: "logs" }))).toMatchObject({ code: "W905" });
    const array = compile({ logweir: 1, routes: [{ name: "a", to: "json" }] });
    expect(thrownBy(() => createSender({ url: "https://logs.example/", weir: array }))).toMatchObject({
      code: "W905",
    });
    expect(thrownBy(() => sender({ route: "none" }))).toMatchObject({ code: "W905" });
    expect(thrownBy(() => createSender({ url: "https://logs.example/", weir }))).toMatchObject({
      code: "W905",
    });
  });

  test.each([
    ["no policy", { weir: undefined }],
    ["no address", { url: "in/send" }],
    ["a file's address", { url: "ftp://logs.example/" }],
    ["a script's address", { url: "javascript:1" }],
    ["a query for a policy", { weir: new Query("a") }],
    ["a negative interval", { interval: -1 }],
    ["an interval longer than timers wait", { interval: 1e12 }],
    ["an interval without end", { interval: Number.POSITIVE_INFINITY }],
    ["a buffer without end", { buffer: Number.POSITIVE_INFINITY }],
    ["a buffer in text", { buffer: "100" }],
    ["a pause that is no number", { longestPause: Number.NaN }],
    ["a pause in text", { longestPause: "60s" }],
    ["no time for an answer", { timeout: 0 }],
    ["a token that is a number", { token: 5 }],
    ["who is told of losses, but no function", { onLoss: "x" }],
    ["a misspelt option", { intervall: 3 }],
  ])("refuses %s", (_, options) => {
    expect(thrownBy(() => sender(options as never))).toMatchObject({ name: "UsageError", code: "W904" });
  });

  test("refuses no options at all", () => {
    for (const options of [undefined, null, 5])
      expect(thrownBy(() => createSender(options as never))).toMatchObject({ code: "W904" });
  });
});

// A page that goes while records wait: each goes once, as many as browsers let go.
import { compile } from "logweir";
import { createSender, type SenderOptions } from "logweir/send";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

const weir = compile({ logweir: 1 });
const never = () => new Promise<never>(() => {});

let listeners: Record<string, (() => void)[]>;
let calls: { id: string; bytes: number; keepalive: boolean; token: string | null }[];
let answer: () => Promise<Response>;

beforeEach(() => {
  vi.useFakeTimers();
  [listeners, calls] = [{}, []];
  answer = never;
  const addEventListener = (name: string, heard: () => void) => {
    listeners[name] = [...(listeners[name] ?? []), heard];
  };
  const removeEventListener = () => {};
  vi.stubGlobal("document", { visibilityState: "visible", addEventListener, removeEventListener });
  vi.stubGlobal("addEventListener", addEventListener);
  vi.stubGlobal("removeEventListener", removeEventListener);
  vi.stubGlobal("fetch", (_: unknown, init: RequestInit) => {
    const headers = new Headers(init.headers);
    calls.push({
      id: headers.get("x-logweir-batch") ?? "",
      bytes: (init.body as Uint8Array).length,
      keepalive: init.keepalive === true,
      token: headers.get("authorization"),
    });
    return answer();
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const sender = (options: Partial<SenderOptions> = {}) =>
  createSender({ url: "https://logs.example/in/send", weir, interval: 3_600_000, ...options });
const hear = (name: string) => {
  for (const heard of listeners[name] ?? []) heard();
};
/** As a page is left: both events, one after the other. */
const leave = () => {
  Object.assign(globalThis.document, { visibilityState: "hidden" });
  hear("visibilitychange");
  hear("pagehide");
};
const some = (count: number, bytes = 20_000) =>
  Array.from({ length: count }, (_, n) => ({ n, text: "x".repeat(bytes) }));
/** Lets promises settle; no timer. */
const settle = async () => {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
};

describe.runIf("keepalive" in Request.prototype)("a page that goes", () => {
  test("sends each batch once, and no more than browsers let go", () => {
    const it = sender({ token: "t" });
    for (const record of some(4)) it.push(record);
    leave();
    expect(calls).toHaveLength(3);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(3);
    expect(calls.every(({ keepalive }) => keepalive)).toBe(true);
    expect(calls.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(65_536);
    hear("pagehide");
    expect(calls).toHaveLength(3);
  });

  test("sends what is behind one that is too large, and a large one that fits", () => {
    const it = sender();
    it.push({ text: "x".repeat(70_000) });
    it.push({ text: "x".repeat(40_000) });
    it.push({ n: 1 });
    leave();
    expect(calls.map(({ bytes }) => bytes > 30_000)).toEqual([true, false]);
  });

  test("counts what is on its way", async () => {
    const it = sender();
    it.push(some(1, 25_000)[0] as object);
    void it.flush();
    await settle();
    expect(calls).toHaveLength(1);
    for (const record of some(3)) it.push(record);
    leave();
    expect(calls.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(65_536);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(calls.length);
  });

  test("if it lives on, tries again what failed, and counts what arrived", async () => {
    let failures = 1;
    answer = async () => new Response(null, { status: failures-- > 0 ? 503 : 202 });
    const it = sender({ longestPause: 1 });
    for (const record of some(2)) it.push(record);
    leave();
    await vi.advanceTimersByTimeAsync(10);
    expect(it.report).toMatchObject({ pushed: 2, sent: 2, waiting: 0 });
    expect(calls).toHaveLength(3);
    await it.close();
  });

  test("with a token that comes later, sends all with the last one", async () => {
    answer = async () => new Response(null, { status: 202 });
    const it = sender({ token: async () => "short-lived" });
    for (const record of some(3)) it.push(record);
    await settle(); // one was asked for as soon as there was something to send
    expect(calls).toHaveLength(0);
    answer = never;
    leave();
    expect(calls).toHaveLength(3);
    expect(new Set(calls.map(({ token }) => token))).toEqual(new Set(["Bearer short-lived"]));
  });

  test("in the middle of asking for a token, sends with the last one", async () => {
    let token: () => PromiseLike<string> = async () => "short-lived";
    const it = sender({ token: () => token() });
    it.push({ n: 1 });
    await settle();
    token = never;
    void it.flush();
    await settle();
    leave();
    expect(calls.map(({ token }) => token)).toEqual(["Bearer short-lived"]);
  });

  test("without any token yet, sends when one comes; also from what is no native promise", async () => {
    // biome-ignore lint/suspicious/noThenProperty: such an object is what is tried
    const thenable = { then: (heard: (token: string) => void) => heard("late") } as PromiseLike<string>;
    const it = sender({ token: () => thenable });
    for (const record of some(2)) it.push(record);
    leave();
    await settle();
    expect(calls.map(({ token }) => token)).toEqual(["Bearer late", "Bearer late"]);
  });

  test.each([
    ["is refused", () => Promise.reject(new Error("signed out"))],
    [
      "fails",
      () => {
        throw new Error("signed out");
      },
    ],
  ])("sends nothing where the token %s, and nothing is unhandled", async (_, token) => {
    const unhandled: unknown[] = [];
    const hear = (error: unknown) => unhandled.push(error);
    process.on("unhandledRejection", hear);
    const it = sender({ token });
    it.push({ n: 1 });
    leave();
    await settle();
    await settle();
    process.off("unhandledRejection", hear);
    expect([calls, unhandled]).toEqual([[], []]);
  });

  test("an engine that refuses the request at once keeps the records", async () => {
    answer = () => {
      throw new TypeError("not now");
    };
    const it = sender();
    it.push({ n: 1 });
    leave();
    await settle();
    expect(it.report).toMatchObject({ pushed: 1, waiting: 1 });
  });

  test("where the forwarder wants to be left alone, only what is really left sends", async () => {
    answer = async () => new Response(null, { status: 429, headers: { "retry-after": "600" } });
    const it = sender();
    it.push({ n: 1 });
    await it.flush();
    Object.assign(globalThis.document, { visibilityState: "hidden" });
    hear("visibilitychange");
    expect(calls).toHaveLength(1);
    hear("pagehide");
    expect(calls).toHaveLength(2);
    await settle();
    await it.close();
  });
});

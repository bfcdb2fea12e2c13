// Sources of every kind, read in chunks: the same batches, and nothing left behind when somebody stops.
import { Readable } from "node:stream";
import { compile, type Progress, type Source, UsageError } from "logweir";
import { describe, expect, test } from "vitest";

const weir = compile({
  logweir: 1,
  redact: [{ path: "email" }],
  routes: [{ name: "a" }, { name: "b", when: "n:1" }],
});
const lines = Array.from({ length: 400 }, (_, n) => `{"n":${n},"email":"ana@example.org","é":"💧"}\n`).join(
  "",
);
const bytes = new TextEncoder().encode(lines);
const expected = joined(weir.process(bytes).batches);

function joined(batches: readonly { route: string; body: Uint8Array }[]): Record<string, string> {
  const bodies: Record<string, string> = {};
  const decoders: Record<string, TextDecoder> = {};
  for (const { route, body } of batches) {
    decoders[route] ??= new TextDecoder();
    bodies[route] = (bodies[route] ?? "") + decoders[route].decode(body, { stream: true });
  }
  return bodies;
}

async function collected(source: Source, options = {}) {
  const batches = weir.batches(source, options);
  const all = [];
  for await (const batch of batches) all.push(batch);
  return { bodies: joined(all), report: batches.report };
}

function streamed(size: number, onCancel = (_: unknown) => {}): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
    cancel: onCancel,
  });
}

async function* generated(size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

const sources: [string, () => Source][] = [
  ["text", () => lines],
  ["bytes", () => bytes],
  ["a buffer", () => bytes.buffer.slice(0)],
  ["a view of another kind", () => new DataView(bytes.buffer) as unknown as Source],
  ["a Blob", () => new Blob([bytes])],
  ["a File", () => new File([bytes], "events.ndjson")],
  ["a Response", () => new Response(bytes)],
  ["a Request", () => new Request("http://localhost/", { method: "POST", body: bytes })],
  ["a stream", () => streamed(7)],
  ["an async generator", () => generated(1001)],
  ["an array of chunks", () => [lines.slice(0, 1000), lines.slice(1000)]],
  [
    "a set of chunks of both kinds",
    () => new Set([lines.slice(0, 1000), bytes.slice(new TextEncoder().encode(lines.slice(0, 1000)).length)]),
  ],
  ["a Node stream", () => Readable.from(generated(333))],
];

describe("weir.batches()", () => {
  test.each(sources)("reads %s", async (_, source) => {
    const { bodies, report } = await collected(source());
    expect(bodies).toEqual(expected);
    expect([report.records, report.kept]).toEqual([400, 400]);
  });

  test("reads nothing where there is nothing", async () => {
    for (const source of ["", [], new Response(null), new Blob([])]) {
      expect((await collected(source)).report.records).toBe(0);
    }
  });

  test.each([
    ["a number", 7],
    ["null", null],
    ["an object", {}],
  ])("refuses %s", (_, source) => {
    expect(() => weir.batches(source as unknown as Source)).toThrow(UsageError);
  });

  test("refuses a body that was read", async () => {
    const response = new Response("{}");
    await response.text();
    expect(() => weir.batches(response)).toThrow(UsageError);
  });

  test.each(sources)("tells how far it is in %s", async (_, source) => {
    const told: Progress[] = [];
    await collected(source(), { onProgress: (progress: Progress) => told.push(progress) });
    expect(told.at(-1)?.bytes).toBe(bytes.length);
    expect([undefined, bytes.length]).toContain(told[0]?.total);
    for (const [index, { bytes }] of told.entries())
      expect(bytes).toBeGreaterThan(told[index - 1]?.bytes ?? 0);
  });

  test("knows how long a file is, and a response that says so", async () => {
    const totals: unknown[] = [];
    const onProgress = ({ total }: Progress) => totals.push(total);
    await collected(new Blob([bytes]), { onProgress });
    await collected(new Response("{}\n", { headers: { "content-length": "3" } }), { onProgress });
    await collected(
      new Response("{}\n", { headers: { "content-length": "3", "content-encoding": "gzip" } }),
      { onProgress },
    );
    expect([...new Set(totals)]).toEqual([bytes.length, 3, undefined]);
  });

  test("cancels the source when the reader stops", async () => {
    let cancelled = false;
    const batches = weir.batches(
      streamed(500, () => {
        cancelled = true;
      }),
      { format: "ndjson" },
    );
    for await (const _ of batches) break;
    expect(cancelled).toBe(true);
    expect(batches.report.records).toBeLessThan(400);
  });

  test("stops at a signal, also where nothing comes", async () => {
    const reason = new Error("enough");
    let cancelled = false;
    const silent = new ReadableStream<Uint8Array>({
      cancel() {
        cancelled = true;
      },
    });
    const controller = new AbortController();
    const waiting = collected(silent, { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 5);
    await expect(waiting).rejects.toBe(reason);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(cancelled).toBe(true);
    await expect(collected(lines, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test("passes on what the source throws, and what is thrown by who is told", async () => {
    const failing = async function* () {
      yield lines;
      throw new Error("the line is cut");
    };
    await expect(collected(failing())).rejects.toThrow("the line is cut");
    const onQuarantine = async () => {
      throw new Error("no room for it");
    };
    await expect(collected('{"broken\n{}\n', { format: "ndjson", onQuarantine })).rejects.toThrow(
      "no room for it",
    );
  });

  test("reads no further than it is asked", async () => {
    let pulls = 0;
    const endless = (function* () {
      for (;;) {
        pulls += 1;
        yield lines;
      }
    })();
    let taken = 0;
    for await (const _ of weir.batches(endless, { format: "ndjson" })) if (++taken === 4) break;
    expect(pulls).toBeLessThanOrEqual(3);
  });
});

describe("a source of which nothing has been read", () => {
  const cancelled = () => {
    const reasons: unknown[] = [];
    return { reasons, stream: streamed(7, (reason) => reasons.push(reason)) };
  };

  test("is cancelled where the signal has been aborted before", async () => {
    const { reasons, stream } = cancelled();
    const batches = weir.batches(stream, { signal: AbortSignal.abort(new Error("no more")) });
    await expect(batches[Symbol.asyncIterator]().next()).rejects.toThrow("no more");
    expect(reasons).toHaveLength(1);
  });

  test("is cancelled where it is ended before it has begun", async () => {
    const { reasons, stream } = cancelled();
    const batches = weir.batches(stream);
    const iterator = batches[Symbol.asyncIterator]();
    expect(await iterator.return(undefined)).toEqual({ done: true, value: undefined });
    expect(reasons).toHaveLength(1);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(batches.report.records).toBe(0);
    const file = Readable.from([bytes]);
    await weir.batches(file)[Symbol.asyncIterator]().return(undefined);
    expect(file.destroyed).toBe(true);
  });

  test("is refused where somebody else reads it", () => {
    const stream = streamed(7);
    stream.getReader();
    const response = new Response(bytes);
    response.body?.getReader();
    for (const source of [stream, response])
      expect(() => weir.batches(source)).toThrow(
        expect.objectContaining({ name: "UsageError", code: "W904" }),
      );
  });
});

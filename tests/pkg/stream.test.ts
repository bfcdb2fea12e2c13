import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { compile, type Input, type Quarantined, type Report } from "logweir";
import { describe, expect, test } from "vitest";
import { bodyOf, streamOf, text, textOf, thrownBy, utf8 } from "./tools.js";

const plain = { logweir: 1 } as const;
const mails = { logweir: 1, redact: [{ path: "**.email" }] } as const;
const input = `{"email":"ana@example.org","n":1}\n{broken\n\n{"text":"ä🐟","n":1e-06}\r\n{"last":true}`;

describe("stream", () => {
  test("gives what process gives, wherever the chunks are cut", async () => {
    const weir = compile(mails);
    const expected = weir.process(input);
    const bytes = utf8(input);
    for (let size = 1; size < bytes.length; size += 1) {
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
      const quarantined: Quarantined[] = [];
      const stream = weir.stream({ onQuarantine: (entry) => void quarantined.push(entry) });
      expect(await textOf(streamOf(chunks).pipeThrough(stream))).toBe(bodyOf(expected));
      expect(quarantined).toEqual(expected.quarantined);
      expect(stream.report).toEqual(expected.report);
    }
  });

  test("takes text, cut between the halves of a character too", async () => {
    const weir = compile(mails);
    const units = streamOf(input.split(""));
    expect(await textOf(units.pipeThrough(weir.stream()))).toBe(bodyOf(weir.process(input)));
  });

  test("frames as the route says, also when nothing comes", async () => {
    const weir = compile({ logweir: 1, routes: [{ name: "all", to: "json" }] });
    const many = await textOf(streamOf([`{"a":1}\n`, `{"b":2}`]).pipeThrough(weir.stream()));
    expect(JSON.parse(many)).toEqual([{ a: 1 }, { b: 2 }]);
    expect(JSON.parse(await textOf(streamOf<Input>([]).pipeThrough(weir.stream())))).toEqual([]);
    expect(await textOf(streamOf<Input>([]).pipeThrough(compile(plain).stream()))).toBe("");
  });

  test("wants a route where there are several", async () => {
    const weir = compile({ logweir: 1, routes: [{ name: "lines" }, { name: "list", to: "json" }] });
    expect(thrownBy(() => weir.stream())).toMatchObject({
      code: "W905",
      message: expect.stringContaining("lines, list"),
    });
    expect(thrownBy(() => weir.stream({ route: "lisst" }))).toMatchObject({ code: "W905" });
    const stream = weir.stream({ route: "list" });
    expect(JSON.parse(await textOf(streamOf([`{"a":1}`]).pipeThrough(stream)))).toEqual([{ a: 1 }]);
    expect(Object.keys(stream.report.routes)).toEqual(["lines", "list"]);
  });

  test("tells its account on the way", async () => {
    const stream = compile(plain).stream();
    const writer = stream.writable.getWriter();
    const reader = stream.readable.getReader();
    expect(stream.report.records).toBe(0);
    const read = reader.read();
    await writer.write(`{"a":1}\n{"b"`);
    expect(text((await read).value as Uint8Array)).toBe(`{"a":1}\n`);
    expect(stream.report).toMatchObject({ records: 1, kept: 1 });
    const rest = reader.read();
    await writer.write(":2}");
    await writer.close();
    expect(text((await rest).value as Uint8Array)).toBe(`{"b":2}\n`);
    expect((await reader.read()).done).toBe(true);
    expect(stream.report).toMatchObject({ records: 2, kept: 2 });
  });

  test("works with the streams of Node", async () => {
    const lines = Readable.toWeb(Readable.from([utf8(input)])) as ReadableStream<Uint8Array<ArrayBuffer>>;
    const weir = compile(mails);
    const out = Readable.fromWeb(lines.pipeThrough(weir.stream()) as never);
    const parts: Buffer[] = [];
    for await (const part of out) parts.push(part);
    expect(Buffer.concat(parts).toString()).toBe(bodyOf(weir.process(input)));
  });

  test("outlives its handle", async () => {
    const weir = compile(plain);
    const stream = weir.stream();
    const writer = stream.writable.getWriter();
    const all = textOf(stream.readable);
    await writer.write(`{"a":`);
    weir.free();
    await writer.write(`1}`);
    await writer.close();
    expect(await all).toBe(`{"a":1}\n`);
  });
});

describe("back-pressure", () => {
  const record = `{"pad":"${"x".repeat(1000)}"}\n`;
  const chunk = utf8(record.repeat(100));

  test("stops the source while nobody reads", async () => {
    let given = 0;
    const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull(controller) {
        given += 1;
        controller.enqueue(chunk);
      },
    });
    const reader = source.pipeThrough(compile(plain).stream()).getReader();
    await pause(30);
    expect(given).toBeLessThan(5);
    for (let n = 0; n < 20; n += 1) expect((await reader.read()).value).toHaveLength(chunk.length);
    await pause(30);
    expect(given).toBeGreaterThanOrEqual(20);
    expect(given).toBeLessThan(25);
    await reader.cancel();
  });

  test("takes a huge chunk piece by piece, as the reader asks", async () => {
    const huge = new Uint8Array(chunk.length * 200);
    for (let at = 0; at < huge.length; at += chunk.length) huge.set(chunk, at);
    const stream = compile(plain).stream();
    const writer = stream.writable.getWriter();
    const reader = stream.readable.getReader();
    let taken = false;
    const written = writer.write(huge).then(() => {
      taken = true;
    });
    const sizes: number[] = [];
    let total = 0;
    while (total < huge.length) {
      expect(taken).toBe(false);
      const { value } = await reader.read();
      expect(stream.report.bytes.in - total).toBeLessThan(2.1 * 2 ** 20);
      sizes.push(value?.length ?? 0);
      total += value?.length ?? 0;
    }
    await written;
    expect(Math.max(...sizes)).toBeLessThan(1.1 * 2 ** 20);
    expect(total).toBe(huge.length);
    await writer.close();
    expect(stream.report.kept).toBe(20_000);
  });

  test("waits for a slow dead-letter store", async () => {
    let busy = 0;
    const seen: number[] = [];
    const stream = compile(plain).stream({
      async onQuarantine({ line }) {
        busy += 1;
        expect(busy).toBe(1);
        await pause(5);
        busy -= 1;
        seen.push(line as number);
      },
    });
    expect(await textOf(streamOf([`{x\n{y\n{"a":1}\n`, `{z`]).pipeThrough(stream))).toBe(`{"a":1}\n`);
    expect(seen).toEqual([1, 2, 4]);
  });
});

describe("an early end", () => {
  /** A stream with a record behind it and half a record in hand. */
  async function halfway(options = {}) {
    const stream = compile(plain).stream(options);
    const writer = stream.writable.getWriter();
    const reader = stream.readable.getReader();
    const read = reader.read();
    await writer.write(`{"a":1}\n{"b"`);
    expect((await read).value).toHaveLength(8);
    return { stream, writer, reader };
  }
  const account = (report: Report) => ({ records: report.records, kept: report.kept });

  test("by the reader fails the writer, also one that waits", async () => {
    const { stream, writer, reader } = await halfway();
    const waiting = writer.write(`:2}\n`);
    await reader.cancel(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    await expect(writer.write("{}")).rejects.toThrow("enough");
    expect(account(stream.report)).toEqual({ records: 1, kept: 1 });
  });

  test("by the writer fails the reader", async () => {
    const { stream, writer, reader } = await halfway();
    const read = reader.read();
    await writer.abort(new Error("source lost"));
    await expect(read).rejects.toThrow("source lost");
    expect(account(stream.report)).toEqual({ records: 1, kept: 1 });
  });

  test("by a signal fails both", async () => {
    const abort = new AbortController();
    const { stream, writer, reader } = await halfway({ signal: abort.signal });
    const read = reader.read();
    abort.abort(new Error("too late"));
    await expect(read).rejects.toThrow("too late");
    await expect(writer.write("{}")).rejects.toThrow("too late");
    expect(account(stream.report)).toEqual({ records: 1, kept: 1 });
    const never = compile(plain).stream({ signal: abort.signal });
    await expect(never.readable.getReader().read()).rejects.toThrow("too late");
  });

  test("by a callback that throws fails both with its error", async () => {
    const stream = compile(plain).stream({
      onQuarantine() {
        throw new Error("store is full");
      },
    });
    const piped = streamOf([`{"a":1}\n`, `{bad\n`, `{"b":2}\n`]).pipeThrough(stream);
    await expect(textOf(piped)).rejects.toThrow("store is full");
  });

  test("by a chunk of the wrong kind fails both, without quoting it", async () => {
    const stream = compile(plain).stream();
    const piped = streamOf<Input>([{ secret: "s3cret" } as never]).pipeThrough(stream);
    await expect(textOf(piped)).rejects.toMatchObject({
      code: "W904",
      message: expect.not.stringContaining("s3cret"),
    });
  });

  test("gives the memory back", async () => {
    const weir = compile(plain);
    const half = `{"x":"${"y".repeat(900_000)}`;
    const memory = () => weir.process("{}", { views: true }).batches[0]?.body.buffer;
    let before: ArrayBufferLike | undefined;
    for (let n = 0; n < 60; n += 1) {
      const stream = weir.stream();
      const reader = stream.readable.getReader();
      const writer = stream.writable.getWriter();
      const read = reader.read();
      await Promise.all([writer.write(half), pause(0)]);
      const ends = [() => reader.cancel(), () => writer.abort()];
      await ends[n % 2]?.();
      await read.catch(() => {});
      if (n === 10) before = memory();
    }
    expect(memory()).toBe(before);
  });
});

// What is handed in is somebody else's: it may have lost its bytes, lie about itself, or call back.
import { compile, type Input, type Weir } from "logweir";
import { describe, expect, test } from "vitest";
import { bodyOf, streamOf, text, textOf, thrownBy, utf8 } from "./tools.js";

const plain = { logweir: 1 } as const;
const line = `{"a":1}\n`;
const gone = { name: "UsageError", code: "W904" };

function transferred(bytes = utf8(line)): Uint8Array<ArrayBuffer> {
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

type Resizable = ArrayBuffer & { resize(length: number): void };

/** A view whose buffer was cut short under it. */
function outOfBounds(): Uint8Array<ArrayBuffer> {
  const buffer: Resizable = Reflect.construct(ArrayBuffer, [8, { maxByteLength: 8 }]);
  const view = new Uint8Array(buffer, 4, 4);
  buffer.resize(2);
  return view;
}

const dataView = new DataView(new ArrayBuffer(8));
transferred(new Uint8Array(dataView.buffer));
const lost: [string, Input][] = [
  ["a detached view", transferred()],
  ["a detached view of many megabytes", transferred(new Uint8Array(5_000_000))],
  ["a detached buffer", transferred().buffer],
  ["a detached DataView", dataView as unknown as Input],
  ["a view out of its buffer's bounds", outOfBounds()],
];

describe.each(lost)("%s", (_, input) => {
  test("is refused by every call, and harms no other", async () => {
    const [weir, other] = [compile(plain), compile(plain)];
    const run = other.run();
    run.push(`{"b"`);
    const stream = other.stream({ format: "ndjson" });
    const writer = stream.writable.getWriter();
    for (const call of [
      () => weir.process(input),
      () => weir.process(input, { views: true }),
      () => weir.explain(input),
      () => weir.run().push(input),
      () => run.push(input),
    ])
      expect(thrownBy(call)).toMatchObject(gone);
    await expect(textOf(streamOf([line, input]).pipeThrough(weir.stream()))).rejects.toMatchObject(gone);
    expect(bodyOf(weir.process(line))).toBe(line);
    expect(bodyOf(run.push(`:2}\n`)) + bodyOf(run.finish())).toBe(`{"b":2}\n`);
    expect(run.report).toMatchObject({ records: 1, kept: 1 });
    const all = textOf(stream.readable);
    await writer.write(line);
    await writer.close();
    expect(await all).toBe(line);
  });
});

test("bytes that are transferred while their chunk waits for the reader are refused", async () => {
  const stream = compile(plain).stream({ format: "ndjson" });
  const chunk = utf8(line.repeat(400_000));
  const written = stream.writable.getWriter().write(chunk);
  const reader = stream.readable.getReader();
  await reader.read();
  transferred(chunk);
  const rest = (async () => {
    while (!(await reader.read()).done);
  })();
  await expect(rest).rejects.toMatchObject(gone);
  await expect(written).rejects.toMatchObject(gone);
});

describe("a view that lies about itself", () => {
  const record = `{"text":"${"x".repeat(60)}"}\n`;
  const liars: [string, (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>][] = [
    [
      "by its class",
      (bytes) =>
        new (class extends Uint8Array<ArrayBuffer> {
          override get length() {
            return 5;
          }
          override get byteLength() {
            return 5;
          }
          override subarray() {
            return new Uint8Array(0);
          }
        })(bytes.slice().buffer),
    ],
    ["by a property", (bytes) => Object.defineProperty<typeof bytes>(bytes, "length", { value: 5 })],
  ];

  test.each(liars)("%s is taken for what it is", (_, make) => {
    const weir = compile(plain);
    for (const times of [1, 1000, 40_000]) {
      const expected = record.repeat(times);
      const input = () => make(utf8(expected));
      expect(bodyOf(weir.process(input())) === expected).toBe(true);
      expect(weir.explain(make(utf8(record)))).toHaveLength(1);
      const run = weir.run();
      expect(bodyOf(run.push(input())) + bodyOf(run.finish()) === expected).toBe(true);
    }
  });

  test("by its name is refused", () => {
    const named = { [Symbol.toStringTag]: "ArrayBuffer", length: 3 };
    expect(thrownBy(() => compile(plain).process(named as never))).toMatchObject(gone);
  });
});

test("a view that an earlier call gave out can be explained", () => {
  const weir = compile(plain);
  const grown = { logweir: 1, redact: [{ path: "**.email" }] } as const;
  for (let n = 1; n < 3_000_000; n *= 3) {
    const view = weir.process(`"${"x".repeat(Math.min(n, 300_000))}"`, { views: true }).batches[0]?.body;
    expect(compile(grown).explain(view as Uint8Array)).toHaveLength(1);
  }
});

/** Options one of which calls back when it is read. */
const calling = (name: string, back: () => void): object =>
  Object.defineProperty({}, name, { enumerable: true, get: () => void back() });

describe("options that call back", () => {
  const calls: [string, (weir: Weir, back: () => void) => unknown][] = [
    ["process: views", (weir, back) => weir.process(line, calling("views", back))],
    ["process: format", (weir, back) => weir.process(line, calling("format", back))],
    ["run: views", (weir, back) => weir.run(calling("views", back))],
    ["stream: signal", (weir, back) => weir.stream(calling("signal", back))],
    ["explain: format", (weir, back) => weir.explain(line, calling("format", back))],
  ];

  test.each(calls)("%s: into the handle", (_, call) => {
    const weir = compile(plain);
    call(weir, () => weir.process(`{"inner":1}`));
    call(weir, () => weir.process(`{"inner":1}`, { views: true }));
    expect(bodyOf(weir.process(line))).toBe(line);
  });

  test.each(calls)("%s: to free it", (_, call) => {
    const [weir, other] = [compile(plain), compile(plain)];
    expect(thrownBy(() => call(weir, () => weir.free()))).toMatchObject({ code: "W902" });
    expect(bodyOf(other.process(line))).toBe(line);
  });

  test("cannot put another call's output in place of this one's", () => {
    const weir = compile(plain);
    const result = weir.process(`{"outer":1}`, {
      get views() {
        weir.process(`{"inner":1}\n{"inner":2}`);
        return false;
      },
    });
    expect(bodyOf(result)).toBe(`{"outer":1}\n`);
    expect(result.report.records).toBe(1);
  });
});

test("a result as JSON has its report", () => {
  const result = compile(plain).process(line);
  const { report, batches } = JSON.parse(JSON.stringify(result));
  expect(report).toEqual(result.report);
  expect(text(Uint8Array.from(Object.values(batches[0].body)))).toBe(line);
});

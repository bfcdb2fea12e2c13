import { compile, type Policy, UsageError } from "logweir";
import { describe, expect, test } from "vitest";
import { bodyOf, text, thrownBy, utf8 } from "./tools.js";

const plain: Policy = { logweir: 1 };
const mails: Policy = { logweir: 1, redact: [{ path: "**.email" }] };

describe("process", () => {
  test("takes bytes, a buffer, a view of any kind, and text alike", () => {
    const weir = compile(mails);
    const line = `{"user":{"email":"ana@example.org","name":"Zoë 🐟"}}`;
    const bytes = utf8(line);
    const padded = new Uint8Array(bytes.length + 8);
    padded.set(bytes, 4);
    const expected = `{"user":{"email":"[redacted]","name":"Zoë 🐟"}}\n`;
    const view = new DataView(padded.buffer, 4, bytes.length);
    const inputs = [bytes, bytes.buffer, padded.subarray(4, 4 + bytes.length), Buffer.from(bytes), line];
    for (const input of inputs) expect(bodyOf(weir.process(input))).toBe(expected);
    expect(bodyOf(weir.process(view as unknown as ArrayBuffer))).toBe(expected);
  });

  test("lets queries of rules know what time it is", () => {
    const weir = compile({ logweir: 1, redact: [{ path: "who", when: "at:<now-1h", with: "remove" }] });
    const record = '{"at":"2026-05-04T05:30:00Z","who":1}\n';
    const gone = '{"at":"2026-05-04T05:30:00Z"}\n';
    for (const [hour, is] of [
      ["06", record],
      ["07", gone],
      ["06", record],
    ] as const) {
      const now = `2026-05-04T${hour}:00:00Z`;
      expect(bodyOf(weir.process(record, { now }))).toBe(is);
      const [decision] = weir.explain(record, { now })[0]?.decisions ?? [];
      expect(decision).toMatchObject({ pointer: "/redact/0/when", passes: is === gone });
    }
  });

  test("lets queries know what time it is: the one it is told, or the clock's", () => {
    const weir = compile({ logweir: 1, keep: "at:>now-1h" });
    const [old, young] = [`{"at":"2026-05-04T05:30:00Z"}\n`, `{"at":"${new Date().toISOString()}"}\n`];
    expect(bodyOf(weir.process(old, { now: "2026-05-04T06:00:00Z" }))).toBe(old);
    expect(bodyOf(weir.process(old, { now: "2026-05-04T07:00:00Z" }))).toBe("");
    expect(bodyOf(weir.process(young))).toBe(young);
    const long = `{"at":"2020-05-04T05:30:00Z"}\n`;
    expect(bodyOf(weir.process(long))).toBe("");
  });

  test("refuses any other input, by its kind and not by its value", () => {
    const weir = compile(plain);
    for (const wrong of [undefined, null, 7, { secret: "s3cret" }, ["s3cret"]]) {
      const error = thrownBy(() => weir.process(wrong as unknown as string));
      expect(error).toBeInstanceOf(UsageError);
      expect(error).toMatchObject({ code: "W904", name: "UsageError" });
      expect(String(error)).not.toContain("s3cret");
    }
    expect(bodyOf(weir.process("{}"))).toBe("{}\n");
  });

  test("gives a batch to each route that has something to deliver, in the policy's order", () => {
    const weir = compile({
      logweir: 1,
      routes: [
        { name: "lines", to: "ndjson" },
        { name: "list", to: "json" },
      ],
    });
    expect(weir.routes).toEqual(["lines", "list"]);
    const { batches } = weir.process(`{"a":1}\n{"b":2}\n`);
    expect(batches.map(({ route, contentType, records }) => ({ route, contentType, records }))).toEqual([
      { route: "lines", contentType: "application/x-ndjson", records: 2 },
      { route: "list", contentType: "application/json", records: 2 },
    ]);
    expect(batches.map((batch) => text(batch.body))[0]).toBe(`{"a":1}\n{"b":2}\n`);
    expect(JSON.parse(bodyOf({ batches, quarantined: [] }, "list"))).toEqual([{ a: 1 }, { b: 2 }]);
    expect(weir.process("").batches.map((batch) => batch.route)).toEqual(["list"]);
    expect(JSON.parse(bodyOf(weir.process(""), "list"))).toEqual([]);
  });

  test("tells what was withheld, where, and goes on with the rest", () => {
    const weir = compile(mails);
    const { batches, quarantined, report } = weir.process(`{"a":1}\n{"email":"ana@example.org",\n{"b":2}`);
    expect(batches).toHaveLength(1);
    expect(bodyOf({ batches, quarantined })).toBe(`{"a":1}\n{"b":2}\n`);
    expect(quarantined).toHaveLength(1);
    expect(quarantined[0]).toMatchObject({ record: 1, line: 2, offset: 8, length: 27 });
    expect(quarantined[0]?.original).toBeUndefined();
    expect(report).toMatchObject({ records: 3, kept: 2, filtered: 0, quarantined: 1 });
    expect(report.reasons).toEqual({ [quarantined[0]?.code as string]: 1 });
  });

  test("gives the withheld record's bytes where the policy asks for them", () => {
    const weir = compile({ logweir: 1, quarantine: { originals: true } });
    const { quarantined } = weir.process(`{"a":1}\n{broken\n`);
    expect(text(quarantined[0]?.original as Uint8Array)).toBe("{broken");
  });

  test("counts each call by itself", () => {
    const weir = compile(mails);
    const first = weir.process(`{"email":1}\n{"email":2}\n`);
    const second = weir.process(`{"x":1}`);
    expect(second.report).toMatchObject({ records: 1, kept: 1, rules: [{ rule: "/redact/0", fired: 0 }] });
    // Made late, from its own counters and not from those of the call after it.
    expect(first.report).toMatchObject({ records: 2, kept: 2, rules: [{ rule: "/redact/0", fired: 2 }] });
    expect(first.report).toBe(first.report);
    expect(first.report.bytes.out).toBe(bodyOf(first).length);
    expect(first.report.bytes.in).toBe(24);
    expect(first.report.routes).toEqual({ out: { records: 2, bytes: first.report.bytes.out } });
  });

  test("counts what it finds inside strings", () => {
    const weir = compile(mails);
    const inner = JSON.stringify({ email: "ana@example.org" });
    const { report, ...output } = weir.process(JSON.stringify({ log: inner }));
    expect(bodyOf(output)).toBe(`${JSON.stringify({ log: JSON.stringify({ email: "[redacted]" }) })}\n`);
    expect(report.embedded).toEqual({ entered: 1, withheld: 0 });
  });

  test("reads the format that it is told", () => {
    const weir = compile(plain);
    expect(weir.process(`[1,2]`, { format: "array" }).report.records).toBe(2);
    expect(weir.process(`[1,2]`, { format: "json" }).report.records).toBe(1);
    expect(weir.process(`[1,2]\n[3]`, { format: "ndjson" }).report.records).toBe(2);
    expect(weir.process(`{"a":\n1}{"b":2}`, { format: "concat" }).report.records).toBe(2);
    const error = thrownBy(() => weir.process("{}", { format: "yaml" as "json" }));
    expect(error).toMatchObject({ code: "W904", message: expect.stringContaining("ndjson") });
  });

  test("takes a large input in pieces, to the same end", () => {
    const weir = compile(mails);
    const record = (n: number) =>
      `{"n":${n},"user":{"email":"ana${n}@example.org"},"text":"${"ü🐟".repeat(20)}"}\n`;
    const large = Array.from({ length: 30_000 }, (_, n) => record(n)).join("");
    expect(large.length).toBeGreaterThan(2 ** 20);
    const expected = large.replace(/"email":"[^"]*"/g, `"email":"[redacted]"`);
    for (const input of [large, utf8(large)]) {
      const result = weir.process(input);
      expect(bodyOf(result) === expected).toBe(true);
      expect(result.batches).toHaveLength(1);
      expect(result.batches[0]?.records).toBe(30_000);
      expect(result.report).toMatchObject({ records: 30_000, kept: 30_000 });
    }
    const list = compile({ logweir: 1, routes: [{ name: "out", to: "json" }] });
    expect(JSON.parse(bodyOf(list.process(large)))).toHaveLength(30_000);
  });

  test("numbers records, offsets and lines through a large input", () => {
    const weir = compile(plain);
    const good = `{"x":"${"y".repeat(1000)}"}\n`;
    const input = `${good.repeat(2000)}{broken\n${good}`;
    expect(weir.process(input).quarantined).toMatchObject([
      { record: 2000, line: 2001, offset: good.length * 2000, length: 7 },
    ]);
  });
});

describe("views", () => {
  test("are the memory of the core, copies are not", () => {
    const weir = compile(plain);
    const copy = weir.process(`{"copy":1}`).batches[0]?.body as Uint8Array;
    const view = weir.process(`{"view":1}`, { views: true }).batches[0]?.body as Uint8Array;
    expect(text(view)).toBe(`{"view":1}\n`);
    expect(view.buffer.byteLength).toBeGreaterThan(view.length);
    expect(copy.buffer.byteLength).toBe(copy.length);
    weir.process(`{"next":1}`, { views: true });
    expect(text(copy)).toBe(`{"copy":1}\n`);
    const [other] = weir.process(`{"other":1}`, { views: true }).batches;
    expect(other?.body.buffer).toBe(view.buffer);
  });

  test("go with a report that is good as long as they are", () => {
    const weir = compile(mails);
    const first = weir.process(`{"email":1}`, { views: true });
    expect(first.report).toMatchObject({ records: 1, kept: 1, bytes: { in: 11 } });
    const second = weir.process(`{"a":1}\n{`, { views: true });
    expect(first.report.records).toBe(1);
    weir.process("{}");
    expect(thrownBy(() => second.report)).toMatchObject({ name: "UsageError", code: "W907" });
    const last = weir.process("{}", { views: true });
    weir.free();
    expect(thrownBy(() => last.report)).toMatchObject({ code: "W907" });
  });

  test("can be handed in again, even where making room moves the memory", () => {
    const first = compile(mails);
    const second = compile({ logweir: 1, redact: [{ path: "id", with: "remove" }] });
    const record = (n: number) => `{"id":${n},"email":"ana@example.org","pad":"${"x".repeat(n)}"}\n`;
    // Each round is larger than the last, so that some round needs more memory than there is.
    for (let n = 1; n < 900_000; n *= 3) {
      const [batch] = first.process(record(n), { views: true }).batches;
      const expected = `{"email":"[redacted]","pad":"${"x".repeat(n)}"}\n`;
      expect(bodyOf(second.process(batch?.body as Uint8Array)) === expected).toBe(true);
    }
  });
});

describe("free", () => {
  test("is harmless when done twice, and what follows is refused", () => {
    const weir = compile(plain);
    const result = weir.process(`{"a":1}`);
    weir.free();
    weir.free();
    const uses = [() => weir.process("{}"), () => weir.run(), () => weir.stream(), () => weir.explain("{}")];
    for (const use of uses) {
      const error = thrownBy(use);
      expect(error).toBeInstanceOf(UsageError);
      expect(error).toMatchObject({ code: "W902" });
    }
    expect(weir.routes).toEqual(["out"]);
    expect(result.report.kept).toBe(1);
    expect(bodyOf(result)).toBe(`{"a":1}\n`);
  });

  test("leaves other handles alone", () => {
    const [one, other] = [compile(plain), compile(plain)];
    one.process("{}");
    one.free();
    expect(bodyOf(other.process(`{"a":1}`))).toBe(`{"a":1}\n`);
  });

  test.runIf(typeof Symbol.dispose === "symbol")("is what Symbol.dispose does", () => {
    const weir = compile(plain);
    weir[Symbol.dispose]();
    expect(thrownBy(() => weir.process("{}"))).toMatchObject({ code: "W902" });
  });

  test("gives memory back", () => {
    const record = utf8(`{"x":"${"y".repeat(900_000)}"}`);
    const buffers = new Set<ArrayBufferLike>();
    for (let n = 0; n < 60; n += 1) {
      const weir = compile(plain);
      const [batch] = weir.process(record, { views: true }).batches;
      if (n > 10) buffers.add((batch as { body: Uint8Array }).body.buffer);
      weir.free();
    }
    // 60 handles of megabytes each, and the memory has not grown since the tenth.
    expect(buffers.size).toBe(1);
  });
});

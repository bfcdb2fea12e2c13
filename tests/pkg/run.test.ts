import { compile, type Output, type Run, UsageError } from "logweir";
import { describe, expect, test } from "vitest";
import { bodyOf, text, thrownBy, utf8 } from "./tools.js";

const plain = { logweir: 1 } as const;
const listed = { logweir: 1, routes: [{ name: "out", to: "json" }] } as const;

/** All that a run gives out for one route. */
function gather(outputs: Iterable<Output>): string {
  return [...outputs].map((output) => bodyOf(output)).join("");
}

describe("run", () => {
  test("accounts for a route of any name", () => {
    const run = compile({ logweir: 1, routes: [{ name: "__proto__" }, { name: "constructor" }] }).run();
    run.push("{}");
    run.finish();
    expect(Object.keys(run.report.routes)).toEqual(["__proto__", "constructor"]);
    expect(JSON.stringify(run.report.routes)).toContain(`"__proto__":{"records":1,"bytes":3}`);
  });

  test("gives each record when it is whole", () => {
    const run = compile(plain).run();
    expect(bodyOf(run.push(`{"a":1}\n{"b"`))).toBe(`{"a":1}\n`);
    expect(bodyOf(run.push(`:2`))).toBe("");
    expect(bodyOf(run.push(`}\n`))).toBe(`{"b":2}\n`);
    expect(bodyOf(run.push(`{"c":3}`))).toBe("");
    expect(run.report.records).toBe(2);
    expect(bodyOf(run.finish())).toBe(`{"c":3}\n`);
    expect(run.report).toMatchObject({ records: 3, kept: 3, bytes: { in: 23, out: 24 } });
  });

  test("keeps inputs apart: formats, offsets and lines begin anew, ordinals and counts go on", () => {
    const run = compile(plain).run();
    const outputs = [run.push(`{"a":1}\n{bad\n`), run.next()];
    outputs.push(run.push(`[{"b":2},`), run.push(`{"c":3}]`), run.next());
    outputs.push(run.push(`{"d":4}\n{worse`), run.finish());
    expect(gather(outputs)).toBe(`{"a":1}\n{"b":2}\n{"c":3}\n{"d":4}\n`);
    const entries = outputs.flatMap((output) => output.quarantined);
    expect(entries).toMatchObject([
      { record: 1, offset: 8, line: 2 },
      { record: 5, offset: 8, line: 2 },
    ]);
    expect(run.report).toMatchObject({ records: 6, kept: 4, quarantined: 2 });
  });

  test("makes one array of several inputs", () => {
    const run = compile(listed).run();
    const outputs = [
      run.push(`{"a":1}`),
      run.next(),
      run.next(),
      run.push(`{"b":2}\n`),
      run.next(),
      run.finish(),
    ];
    expect(JSON.parse(gather(outputs))).toEqual([{ a: 1 }, { b: 2 }]);
    expect(JSON.parse(gather([compile(listed).run().finish()]))).toEqual([]);
  });

  test("joins what a large chunk gives, and cuts no character in two", () => {
    const record = `{"text":"${"ä🐟".repeat(60_000)}"}\n`;
    const chunk = record.repeat(12);
    const run = compile(plain).run();
    const output = run.push(chunk);
    expect(output.batches).toHaveLength(1);
    expect(bodyOf(output) === chunk).toBe(true);
    expect(bodyOf(run.push(utf8(chunk))) === chunk).toBe(true);
    run.free();
  });

  test("joins a character whose halves come in two strings", () => {
    const run = compile(plain).run();
    const outputs = [run.push(`{"a":"\ud83d`), run.push(""), run.push(`\udc1f"}\n`), run.finish()];
    expect(gather(outputs)).toBe(`{"a":"🐟"}\n`);
    // Half a character alone is what it is in one string: U+FFFD.
    const half = compile(plain).run();
    expect(gather([half.push(`"\ud83d`), half.push(utf8(`"`)), half.finish()])).toBe(`"\ufffd"\n`);
    const last = compile(plain).run();
    expect(last.push(`"\ud83d`).batches).toEqual([]);
    expect(last.finish().quarantined).toHaveLength(1);
    expect(last.report.bytes.in).toBe(4);
  });

  test("gives views if asked", () => {
    const run = compile(plain).run({ views: true, format: "ndjson" });
    const view = run.push(`{"a":1}\n`).batches[0]?.body as Uint8Array;
    expect(text(view)).toBe(`{"a":1}\n`);
    expect(view.buffer.byteLength).toBeGreaterThan(view.length);
    run.push(`{"b":2}`);
    const last = run.finish().batches[0]?.body as Uint8Array;
    expect(text(last)).toBe(`{"b":2}\n`);
    expect(last.buffer.byteLength).toBe(last.length);
  });

  test("is over after finish, and after free", () => {
    const uses: ((run: Run) => unknown)[] = [
      (run) => run.push("{}"),
      (run) => run.next(),
      (run) => run.finish(),
    ];
    for (const use of uses) {
      const weir = compile(plain);
      const finished = weir.run();
      finished.push("{}");
      finished.finish();
      expect(thrownBy(() => use(finished))).toMatchObject({ code: "W906", name: "UsageError" });
      const freed = weir.run();
      freed.push("{}\n{");
      freed.free();
      freed.free();
      expect(thrownBy(() => use(freed))).toBeInstanceOf(UsageError);
      expect(thrownBy(() => use(freed))).toMatchObject({ code: "W902" });
      finished.free();
      expect(finished.report.records).toBe(1);
      expect(freed.report.records).toBe(1);
    }
  });

  test("outlives its handle", () => {
    const weir = compile(plain);
    const run = weir.run({ format: "ndjson" });
    run.push(`{"a":`);
    weir.free();
    expect(bodyOf(run.push(`1}\n`))).toBe(`{"a":1}\n`);
    expect(run.finish().batches).toEqual([]);
    expect(run.report.kept).toBe(1);
  });

  test("refuses an unknown format before it begins", () => {
    const weir = compile(plain);
    expect(thrownBy(() => weir.run({ format: "csv" as "json" }))).toMatchObject({ code: "W904" });
  });

  test("runs side by side with others", () => {
    const weir = compile(plain);
    const runs = [weir.run(), weir.run(), weir.run()];
    for (const [n, run] of runs.entries()) run.push(`{"n":`.padEnd(n + 6));
    expect(bodyOf(weir.process("{}"))).toBe("{}\n");
    runs.forEach((run, n) => {
      run.push(`${n}}`);
    });
    expect(runs.map((run) => gather([run.finish()]).replaceAll(" ", ""))).toEqual(
      [0, 1, 2].map((n) => `{"n":${n}}\n`),
    );
  });
});

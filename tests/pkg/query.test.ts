import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Query, UsageError } from "logweir";
import { describe, expect, test } from "vitest";
import { logweir, temporaryFolder } from "./tools.js";

describe("Query", () => {
  test("takes bytes, text and values", () => {
    const query = new Query("user.name:Ana n:>1");
    const value = { user: { name: "ANA" }, n: 2 };
    expect(query.matches(value)).toBe(true);
    expect(query.matches(JSON.stringify(value))).toBe(true);
    expect(query.matches(new TextEncoder().encode(JSON.stringify(value)))).toBe(true);
    expect(query.matches("{")).toBe(false);
    const loop: { loop?: object } = {};
    loop.loop = loop;
    expect(() => query.matches(loop)).toThrow(UsageError);
  });

  test("tells places in units of its text", () => {
    const query = new Query("名前:山田 AND 😀 a:[1 TO 2}");
    expect(query.ast).toEqual({
      kind: "and",
      of: [
        { kind: "word", field: "名前", value: "山田", span: [0, 5] },
        { kind: "word", value: "😀", span: [10, 12] },
        { kind: "range", field: "a", gte: "1", lt: "2", span: [13, 23] },
      ],
      span: [0, 23],
    });
    const told = (text: string) =>
      Query.tokens(text).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`);
    expect(told('😀:-"x" (a* OR /b/i')).toEqual([
      "field 😀",
      "operator :",
      "word -",
      'phrase "x"',
      "bracket (",
      "word a*",
      "operator OR",
      "regex /b/i",
    ]);
    expect(told("a AND )")).toEqual(["word a", "operator AND", "invalid )"]);
  });

  test("proposes what may be typed", () => {
    const texts = (text: string, at = text.length, types?: string[]) =>
      Query.complete(text, at, { types }).map((candidate) => candidate.text);
    expect(texts("@lev")).toEqual(["@level"]);
    expect(texts("@level:>=w")).toEqual(["warn"]);
    expect(texts("é stepSt", 8)).toContain("stepState");
    expect(texts("eventType:(failed OR ter", 24, ["tray.*"])).toEqual(["terminated"]);
    expect(texts("a O")).toContain("OR");
    expect(Query.complete("é -stepSt:x", 9)[0]).toEqual({
      kind: "field",
      text: "stepState",
      start: 3,
      end: 9,
    });
    expect(texts("flow_", 5, ["tray.*"])).toEqual([]);
    expect(texts("a ").slice(0, 3)).toEqual(["AND", "OR", "NOT"]);
    expect(texts("a AND ")[0]).toBe("NOT");
    expect(texts("a AND ")).not.toContain("OR");
    expect(texts("_missing_:@lev")).toEqual(["@level"]);
    expect(texts("_exists_:stepSt")).toContain("stepState");
    expect(texts("_exi")).toEqual(["_exists_"]);
    expect(texts(`@level:"er`)).toEqual([`"error"`]);
    expect(texts("@level: er")).toEqual(["error"]);
    expect(Query.complete(`@level:("wa"`, 11)[0]).toEqual({
      kind: "value",
      text: `"warn"`,
      start: 8,
      end: 12,
    });
    expect(texts(`"er`)).toEqual([]);
    expect(texts("@level:[w")).toEqual(["warn"]);
    for (const open of ["x:[a ", "@level:[warn ", "(a OR x:{1 "]) expect(texts(open)).toEqual(["TO"]);
    expect(texts("@level:[warn TO e")).toEqual(["error"]);
    for (const none of ["x:[", "x:[a TO ", "x:[a TO b "]) expect(texts(none)).toEqual([]);
  });

  test("has a now of its own", () => {
    const query = new Query("at:>=now-1h", { now: new Date("2026-05-01T12:00:00Z") });
    expect(query.matches({ at: "2026-05-01T11:30:00Z" })).toBe(true);
    expect(query.matches({ at: "2026-05-01T10:30:00Z" })).toBe(false);
    expect(() => new Query("a", { now: Number.NaN })).toThrow(UsageError);
    for (const options of [null, 1, { nw: 1 }, { types: 1 }])
      expect(() => new Query("a", options as never)).toThrow(UsageError);
    expect(() => new Query("a").run(null as never)).toThrow(UsageError);
    expect(() => Query.complete("a", 1, null as never)).toThrow(UsageError);
  });

  test("selects records of inputs that follow each other", () => {
    const run = new Query("n:>1").run();
    const texts = (matches: ReturnType<typeof run.push>) =>
      matches.map(({ bytes, ...rest }) => ({ ...rest, text: new TextDecoder().decode(bytes) }));
    expect(texts([...run.push('{"n":1}\n{"n": '), ...run.push('2 }\n{"n"'), ...run.next()])).toEqual([
      { record: 1, offset: 8, line: 2, text: '{"n": 2 }' },
    ]);
    expect(texts([...run.push('[{"n":3},\n\n 4,{"n":5}]'), ...run.finish()])).toEqual([
      { record: 0, offset: 1, text: '{"n":3}' },
      { record: 2, offset: 14, text: '{"n":5}' },
    ]);
    expect([run.records, run.broken]).toEqual([6, 1]);
    expect(() => run.push("")).toThrow(UsageError);
  });

  test("refuses after it was freed", () => {
    const query = new Query("a");
    query.free();
    query.free();
    expect(() => query.matches("{}")).toThrow(UsageError);
  });
});

describe("logweir grep", () => {
  const lines = ['{"s":"ok"}', '{ "s": "Failed" , "n": 1.0 }', "{s3cret", '{"s":"failed"}'];
  const files = () => {
    const folder = temporaryFolder();
    const path = join(folder, "in.ndjson");
    writeFileSync(path, `${lines.join("\n")}\n`);
    const other = join(folder, "other.json");
    writeFileSync(other, '{\n  "s": "failed"\n}\n');
    return { path, other };
  };

  test("prints records as they were, and ends as grep does", async () => {
    const { path } = files();
    const found = await logweir(["grep", "s:failed", path]);
    expect(found).toMatchObject({ status: 0, stdout: `${lines[1]}\n${lines[3]}\n` });
    expect(await logweir(["grep", "s:missing", path])).toMatchObject({ status: 1, stdout: "" });
    const wrong = await logweir(["grep", "s:(failed", path]);
    expect(wrong).toMatchObject({ status: 2, stdout: "" });
    expect(wrong.stderr).toContain("query:1:10 error Q100: expected AND, OR or )\n    1 | s:(failed\n");
  });

  test("counts, inverts and numbers", async () => {
    const { path, other } = files();
    expect((await logweir(["grep", "-c", "s:failed", path])).stdout).toBe("2\n");
    expect((await logweir(["grep", "-n", "s:failed", path])).stdout).toBe(`2:${lines[1]}\n4:${lines[3]}\n`);
    const inverted = await logweir(["grep", "-v", "s:failed", path]);
    expect(inverted.stdout).toBe(`${lines[0]}\n`);
    expect(inverted.stderr).toBe("logweir: 1 record is no JSON; logweir validate tells where\n");
    const both = await logweir(["grep", "-n", "s:failed", path, other]);
    expect(both.stdout).toBe(
      `${path}:2:${lines[1]}\n${path}:4:${lines[3]}\n${other}:1:{\n  "s": "failed"\n}\n`,
    );
    expect((await logweir(["grep", "-c", "*", other, path])).stdout).toBe(`${other}:1\n${path}:3\n`);
  });

  test("names files as grep does", async () => {
    const { path, other } = files();
    const names = async (...args: string[]) =>
      (await logweir(["grep", "-c", "s:failed", ...args])).stdout.replaceAll(dirname(path), "");
    const [one, two] = [path, other].map((file) => file.slice(dirname(path).length));
    expect(await names("-H", path)).toBe(`${one}:2\n`);
    expect(await names("-h", path, other)).toBe("2\n1\n");
    expect((await names(dirname(path))).split("\n").sort()).toEqual(["", `${one}:2`, `${two}:1`].sort());
    expect((await logweir(["grep", "-h"])).stdout).toBe((await logweir(["help", "grep"])).stdout);
  });

  test("knows what now is", async () => {
    const at = `{"at":"2026-05-01T11:30:00Z"}\n`;
    const found = (now: string) => logweir(["grep", "-c", "--now", now, "at:>=now-1h"], at);
    expect((await found("2026-05-01T12:00:00Z")).stdout).toBe("1\n");
    expect((await found("2026-05-01T13:00:00Z")).stdout).toBe("0\n");
    expect(await found("noon")).toMatchObject({ status: 2, stdout: "" });
  });
});

// What the page's plain parts do: trees of JSON, differences, terms of queries, repairs, links, waterfalls.
import { expect, test } from "vitest";
import { diff } from "../../www/src/base/diff.ts";
import { parseDocument } from "../../www/src/base/document.ts";
import { follow, inside, parse, source, step, unitOf } from "../../www/src/base/json.ts";
import { piecesOf } from "../../www/src/base/pieces.ts";
import { stance, term, toggled } from "../../www/src/base/query.ts";
import { span, ticks } from "../../www/src/base/time.ts";
import { repaired } from "../../www/src/intake/repair.ts";
import { linkOf, readLink, withoutTests } from "../../www/src/state/link.ts";
import { waterfall } from "../../www/src/state/waterfall.ts";

test("a tree keeps numbers as they are written, and every duplicate key", () => {
  const node = parse('{"n":1694081235979123457,"a":[70000.0,1e-06],"n":2}');
  expect(node?.children.map(({ key }) => key)).toEqual(["n", "a", "n"]);
  expect(node && source(node.children[0] as never)).toBe("1694081235979123457");
  expect(node?.children[1]?.children.map(source)).toEqual(["70000.0", "1e-06"]);
  expect(node && source(follow(node, "/n") as never)).toBe("2"); // read as the last
});

test("what JSON.parse refuses has no tree, and the other way round", () => {
  for (const text of ["", "{", "[1,]", "{a:1}", "01", "1.", "'a'", '"\n"', "[1 2]", "nul", '{"a"}', '"\\x"'])
    expect(parse(text), text).toBeUndefined();
  for (const text of ["1", " [ ] ", '{"a":{}}', '"\\u00e9\\n"', "-0.5E+3", "null", "[[],{}]"])
    expect(parse(text), text).toBeDefined();
  expect(parse("[".repeat(100_000))).toBeUndefined();
});

test("a string that holds JSON is opened; one that only looks so is not", () => {
  const node = parse(JSON.stringify({ a: JSON.stringify({ b: '{"c":1}' }), d: "[CICD] | FUN-003" }));
  expect(node && source(follow(node, "/a/b/c") as never)).toBe("1");
  expect(node && inside(follow(node, "/d") as never)).toBeUndefined();
});

test("bytes are found as UTF-16 units", () => {
  const text = "aé🐟漢b";
  const bytes = new TextEncoder().encode(text).length;
  expect([0, 1, 3, 7, 10, bytes].map((at) => unitOf(text, at))).toEqual([0, 1, 2, 4, 5, 6]);
});

test("names in paths are escaped as queries have it", () => {
  expect(step("a", "b")).toBe("a.b");
  expect(step("a", 3)).toBe("a");
  expect(step("", "x.y z")).toBe("x\\.y\\ z");
  expect(step("", "-a-b")).toBe("\\-a-b");
  expect(step("a", "")).toBeUndefined();
  expect(step(undefined, "a")).toBeUndefined();
});

test("a difference goes into strings that hold JSON, and pairs duplicate keys in their order", () => {
  const lines = (a: unknown, b: unknown) =>
    diff(parse(JSON.stringify(a)) as never, parse(JSON.stringify(b)) as never)
      .filter(({ sign }) => sign !== " ")
      .map(({ sign, name, text }) => `${sign}${name}${text}`);
  expect(lines({ a: 1, b: { c: "x" } }, { a: 1, b: { c: "y" } })).toEqual(['-"c": "x"', '+"c": "y"']);
  expect(lines({ a: 1, b: 2 }, { b: 2 })).toEqual(['-"a": 1']);
  expect(lines({ e: '{"m":"x","n":1}' }, { e: '{"m":"y","n":1}' })).toEqual(['-"m": "x"', '+"m": "y"']);
  const twice = diff(parse('{"a":1,"a":2}') as never, parse('{"a":1,"a":3}') as never);
  expect(twice.filter(({ sign }) => sign !== " ").map(({ text }) => text)).toEqual(["2", "3"]);
});

test("pieces are all of the text, whatever is wrong with it", () => {
  const tokens = [
    { kind: "field", start: 1, end: 4 },
    { kind: "word", start: 5, end: 9 },
  ];
  const pieces = piecesOf(" abc:defg ", tokens, { from: 3, to: 6 });
  expect(pieces.map(({ text }) => text).join("")).toBe(" abc:defg ");
  expect(pieces.filter(({ bad }) => bad).map(({ text, kind }) => [text, kind])).toEqual([
    ["c", "field"],
    [":", ""],
    ["d", "word"],
  ]);
});

test("a click adds a term, takes it back, and turns it round", () => {
  const failed = term("@status", "failed");
  expect(toggled("", failed, "asked")).toBe("@status:failed");
  expect(toggled("@status:failed", failed, "asked")).toBe("");
  expect(toggled("x @status:failed y", failed, "forbidden")).toBe("x y -@status:failed");
  expect(toggled("-@status:failed", failed, "asked")).toBe("@status:failed");
  expect(toggled("a OR b", failed, "asked")).toBe("(a OR b) @status:failed");
  expect(stance("-@status:failed", failed)).toBe("forbidden");
  expect(stance("@status:failed2", failed)).toBeUndefined();
  expect(toggled('"two  blanks" @status:failed', failed, "asked")).toBe('"two  blanks"');
  expect(toggled('m:"x @status:failed y"', failed, "asked")).toBe('m:"x @status:failed y" @status:failed');
  expect(toggled("(a) OR (b)", failed, "asked")).toBe("((a) OR (b)) @status:failed");
  expect(toggled("a OR @status:failed", failed, "forbidden")).toBe("(a OR @status:failed) -@status:failed");
  expect(toggled("a AND @status:failed AND b", failed, "asked")).toBe("a AND b");
  expect(toggled("@status:failed AND b", failed, "asked")).toBe("b");
  expect(toggled("NOT @status:failed", failed, "asked")).toBe("NOT @status:failed @status:failed");
  expect(term("m", 'a "b" \\')).toBe('m:"a \\"b\\" \\\\"');
  expect(term("m", "OR")).toBe('m:"OR"');
});

test("pastes from documentation are mended, strings and sound numbers left alone", () => {
  expect(repaired('{"a":0000000,"b":[1,2,],}')).toBe('{"a":0,"b":[1,2]}');
  expect(repaired('{"a":-007, // note\n"b":1.005,"c":1e-06,"d":0}')).toBe(
    '{"a":-7, \n"b":1.005,"c":1e-06,"d":0}',
  );
  const sound = '{"t":"// no, 007,]","u":"http://x/,}","n":[10.0,100]}';
  expect(repaired(sound)).toBe(sound);
  expect(repaired('{"a":[-0,0.5,00.5,-00,0],/* , */"b":{},// x\n // y\n}')).toBe(
    '{"a":[-0,0.5,0.5,-0,0],"b":{}\n \n}',
  );
  expect(repaired('{"a":"unclosed\n{"b":1,}')).toBe('{"a":"unclosed\n{"b":1}'); // a string ends with its line
});

test("what is no JSON is mended in one pass, however much of it stands in a row", () => {
  const rows = ["// ".repeat(60), "/*".repeat(200_000), `"${'\\"'.repeat(200_000)}`, "0".repeat(400_000)];
  const begun = performance.now();
  for (const row of [...rows, ",".repeat(200_000), `,${" ".repeat(200_000)}`.repeat(2)]) {
    repaired(`{"a":1, ${row}\nx`);
    parseDocument(`{"a":1, ${row}\nx`);
  }
  expect(performance.now() - begun).toBeLessThan(5000); // they took years
});

test("a link says how one looks and comes back the same; a policy's tests stay behind", () => {
  const look = {
    view: "runs",
    query: '@status:failed "a&b#c"',
    range: { from: 1, to: 2_000_000 },
    columns: ["@type", "@message"],
    sort: { field: "@duration", descending: true },
    sample: true,
    policy: '{"logweir":1}',
  };
  expect(readLink(`#${linkOf(look)}`)).toEqual(look);
  expect(readLink("#time=junk&columns=").range).toBeUndefined();
  expect(
    withoutTests('{"logweir":1,"tests":[{"name":"x","given":{"mail":"ada@example.com"}}],}'),
  ).not.toContain("ada");
  expect(withoutTests('{"logweir":1,"te\\u0073ts":[{"given":"ada"}]}')).not.toContain("ada");
  expect(withoutTests('{"tests": broken')).toBe("");
  const plain = '{ "logweir": 1, /* as it is */ }';
  expect(withoutTests(plain)).toBe(plain);
});

test("events that name each other as parents make no ring, and steps are paired", () => {
  const event = { level: undefined, status: undefined, duration: undefined, title: "", steps: [] };
  const span_ = (row: number, run: string, parent: string | undefined, type = "x", step?: string) => ({
    ...event,
    row,
    time: row,
    run,
    parent,
    type,
    step,
  });
  const bars = waterfall([span_(1, "a", "b"), span_(2, "b", "a"), span_(3, "c", "a")]);
  expect(bars.filter(({ kind }) => kind === "run").map(({ title, depth }) => [title, depth])).toEqual([
    ["b", 0],
    ["a", 1],
    ["c", 2],
  ]);
  const paired = waterfall([
    span_(1, "r", undefined, "t.step_input", "s"),
    span_(9, "r", undefined, "t.step_output", "s"),
  ]);
  expect(paired.at(-1)).toMatchObject({ kind: "step", from: 1, to: 9, events: 2 });
});

test("lengths of time and marks of an axis are round", () => {
  expect([0.4, 340, 2400, 200_000, 7_500_000].map(span)).toEqual([
    "0.4 ms",
    "340 ms",
    "2.4 s",
    "3 min 20 s",
    "2 h 5 min",
  ]);
  const marks = ticks(Date.UTC(2026, 4, 4, 6, 0, 1), Date.UTC(2026, 4, 4, 6, 12), 8);
  expect(marks.length).toBeLessThanOrEqual(8);
  expect(marks[0]?.label).toMatch(/^06:0\d$/);
});

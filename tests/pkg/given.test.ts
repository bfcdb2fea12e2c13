// Documents and records that are given as values: nothing of them is lost on the way to JSON.
import { Catalog, compile, Query, Template } from "logweir";
import { forwarder } from "logweir/worker";
import { describe, expect, test } from "vitest";
import { bodyOf, thrownBy, utf8 } from "./tools.js";

describe("a policy", () => {
  test.each<[string, object]>([
    ["a member that is undefined", { logweir: 1, redact: undefined }],
    ["one further in", { logweir: 1, redact: [{ path: "a", with: undefined }] }],
    ["a function", { logweir: 1, redact: () => [] }],
    ["a symbol", { logweir: 1, keep: Symbol("a") }],
    ["a hole in a list", { logweir: 1, redact: [undefined] }],
    ["a Map", { logweir: 1, redact: [{ path: "a", with: new Map() }] }],
    ["a regular expression", { logweir: 1, redact: [{ key: /email/ }] }],
    ["a number that JSON has no form for", { logweir: 1, sample: Number.NaN }],
  ])("with %s is refused", (_, policy) => {
    for (const call of [() => compile(policy as never), () => forwarder(policy as never)])
      expect(thrownBy(call)).toMatchObject({ name: "UsageError", code: "W904" });
  });

  test("names what is undefined", () => {
    const error = thrownBy(() => compile({ logweir: 1, redact: undefined } as never)) as Error;
    expect(error.message).toBe(
      'policy: expected text, or a plain value that JSON can hold; "redact" is undefined',
    );
  });

  test("may be bytes, as a file is read", () => {
    const text = '// rules\n{ "logweir": 1, "redact": [{ "path": "a" }] }';
    for (const bytes of [utf8(text), Buffer.from(text), utf8(text).buffer, utf8(`\ufeff${text}`)])
      expect(bodyOf(compile(bytes as never).process('{"a":1}'))).toBe('{"a":"[redacted]"}\n');
    expect(thrownBy(() => compile(new Uint8Array([0xff])))).toMatchObject({ code: "W904" });
  });

  test("of no prototype, or frozen, is as good as any", () => {
    const policy = Object.freeze(Object.assign(Object.create(null), { logweir: 1 }));
    expect(compile(policy).routes).toEqual(["out"]);
  });
});

test("templates and event types are held to the same", () => {
  for (const call of [
    () => new Template({ a: undefined }),
    () => new Template({ a: () => "" }),
    () => new Catalog({ own: { type: "a.b", match: undefined } as never }),
  ])
    expect(thrownBy(call)).toMatchObject({ code: "W904" });
  expect(new Template(utf8('{"a":{{a}}}')).renderText('{"a":1}')).toBe('{"a":1}');
});

test("a BigInt reaches a query digit by digit", () => {
  const query = new Query("id:1694081235979123457");
  expect(query.matches({ id: 1694081235979123457n })).toBe(true);
  expect(query.matches({ id: 1694081235979123456n })).toBe(false);
  expect(query.matches({ id: [{ a: "#1" }, 1694081235979123457n] })).toBe(true);
  expect(new Query('text:"#5"').matches({ text: "#5", id: 1n })).toBe(true);
  expect(new Query('text:"$"').matches({ text: new String("$"), id: 1n })).toBe(true);
});

test("a record that JSON shows nothing of is refused", () => {
  const query = new Query("*");
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  for (const record of [new Map([["a", 1]]), new Error("a"), new Blob(["{}"]), cycle, () => 1, undefined])
    expect(thrownBy(() => query.matches(record as never))).toMatchObject({ code: "W904" });
  expect(query.matches(new Date(0))).toBe(true);
});

import { expect, test } from "vitest";
import { beginning, placeFinder, size, tokenAt } from "../../www/src/base/text.ts";

const utf8 = new TextEncoder();
const text = '\ufeff{"é🐟":1}\n\n[2,"漢字"]\r\n3';

test("a byte offset is found as line, column and index, wherever the last question was", () => {
  const places = placeFinder(utf8.encode(text));
  let index = 0;
  for (const character of [...text, ""]) {
    const before = text.slice(0, index);
    const rows = before.split("\n");
    const expected = { line: rows.length, column: [...(rows.at(-1) ?? "")].length + 1, index };
    const offset = utf8.encode(before).length;
    expect(places(offset)).toEqual(expected);
    if (index % 2 === 0) places(0); // back to the start, so that both ways of counting are met
    expect(places(offset)).toEqual(expected);
    index += character.length;
  }
});

test("the token at a line and column is what gets underlined", () => {
  const policy = '{\n  "🐟": "a \\" b", "redcat": [true, -1.5e3]\n}';
  const at = (line: number, column: number) => {
    const { from, to } = tokenAt(policy, line, column);
    return policy.slice(from, to);
  };
  expect(at(1, 1)).toBe("{");
  expect(at(2, 3)).toBe('"🐟"');
  expect(at(2, 8)).toBe('"a \\" b"');
  expect(at(2, 18)).toBe('"redcat"');
  expect(at(2, 29)).toBe("true");
  expect(at(2, 35)).toBe("-1.5e3");
  expect(at(3, 2)).toBe(""); // the end of the text
  expect(at(9, 9)).toBe("");
});

test("a long body is shown from its beginning, and said to be longer", () => {
  expect(beginning(utf8.encode("a\nb\n"), 5, 5)).toEqual({ lines: ["a", "b"], whole: true });
  expect(beginning(utf8.encode("a\nb\nc\n"), 2, 5)).toEqual({ lines: ["a", "b"], whole: false });
  expect(beginning(utf8.encode("abcdefgh\n"), 5, 5)).toEqual({ lines: ["abcde …"], whole: false });
  expect(beginning(new Uint8Array(0), 5, 5)).toEqual({ lines: [], whole: true });
  const cut = beginning(utf8.encode("漢".repeat(200_000)), 5, 300_000);
  expect(cut.whole).toBe(false);
  expect(cut.lines.join("")).toMatch(/^漢+$/u);
});

test("sizes are told in words", () => {
  expect([1, 2_407, 12_345, 5_000_000].map(size)).toEqual(["1 byte", "2,407 bytes", "12.3 kB", "5.0 MB"]);
});

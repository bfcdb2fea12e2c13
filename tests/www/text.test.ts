import { expect, test } from "vitest";
import { size, tokenAt } from "../../www/src/base/text.ts";

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

test("sizes are told in words", () => {
  expect([1, 2_407, 12_345, 5_000_000].map(size)).toEqual(["1 byte", "2,407 bytes", "12.3 kB", "5.0 MB"]);
});

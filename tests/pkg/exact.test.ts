// Numbers of an event: never rounded.

import * as fc from "fast-check";
import { detect } from "logweir";
import { describe, expect, test } from "vitest";
import { parseExactly } from "../../pkg/dist/exact.js";

describe("the numbers of a detected event", () => {
  test.each([
    ["12345678901234567890", "12345678901234567890"],
    ["9007199254740993", "9007199254740993"],
    ["9007199254740992", 9007199254740992],
    ["-9007199254740991", -9007199254740991],
    ["0.30000000000000004", 0.30000000000000004],
    ["0.300000000000000041", "0.300000000000000041"],
    ["1.50e3", 1500],
    ["1e400", "1e400"],
    ["-0", -0],
    ["0.0000000000000000", 0],
    ["1e-400", "1e-400"],
    ["5e-324", 5e-324],
    ["100000000000000000000000", "100000000000000000000000"],
    ["1e23", 1e23],
  ])("%s", (written, read) => {
    expect(parseExactly(`[${written}]`)).toEqual([read]);
  });

  test("stand in the event, within a string that holds JSON", () => {
    const log = `{"id":"1234567890123456789\\"","flow_id":1234567890123456789,"status":"failed","started_at":"2026-05-04T06:00:00Z"}`;
    const { event } = detect(`{"log":${JSON.stringify(log)}}`);
    expect(event).toMatchObject({ id: '1234567890123456789"', flow_id: "1234567890123456789" });
  });

  test("are as JSON.parse gives them wherever a double holds them", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/\d{16}/.test(text)); // a whole number that a double merely comes near is written like any other
        expect(parseExactly(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test("are text with all digits where it does not", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), (value) => {
        const read = parseExactly(String(value));
        expect(BigInt(read as string | number)).toBe(value);
      }),
    );
  });

  test.each(["1234567890123456789x", '{"a":12345678901234567890,}', "01234567890123456789"])(
    "%s is refused",
    (text) => {
      expect(() => parseExactly(text)).toThrow(SyntaxError);
    },
  );
});

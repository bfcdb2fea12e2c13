// Memory is flat: some minutes' worth of events take no more of it than the first seconds'. The full measure, 1 GB
// through the command, is `node tests/pkg/memory.mjs`.
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { peakOf, peaksOfRun } from "./memory.mjs";
import { at } from "./tools.js";

const MB = 1e6;
/** What one process may need more than another of its kind: collectors have their moods, a leak has the input's size. */
const MOODS = 60 * MB;
const streamed = (megabytes: number, way: "many" | "one") =>
  peakOf([at("tests", "pkg", "streamed.mjs"), String(megabytes), way]);

describe("memory", { timeout: 120_000 }, () => {
  test("of a stream is flat over many chunks", async () => {
    const [small, large] = [await streamed(20, "many"), await streamed(200, "many")];
    expect([small.status, large.status]).toEqual([0, 0]);
    expect(large.peak).toBeLessThan(200 * MB);
    expect(large.peak).toBeLessThan(small.peak + MOODS);
  });

  test("of a stream is flat over one huge chunk", async () => {
    const [small, large] = [await streamed(4, "one"), await streamed(200, "one")];
    expect([small.status, large.status]).toEqual([0, 0]);
    // The chunk itself is the caller's.
    expect(large.peak - 200 * MB).toBeLessThan(small.peak + MOODS);
  });

  test("of handles that are forgotten is given back when they are collected", async () => {
    const program = `
      import { compile } from ${JSON.stringify(pathToFileURL(at("pkg", "dist", "entry", "inline.js")).href)};
      import { setImmediate } from "node:timers/promises";
      const record = JSON.stringify("x".repeat(900_000));
      for (let n = 0; n < 300; n += 1) {
        const weir = compile({ logweir: 1 });
        weir.process(record);
        weir.run().push(record);
        weir.stream();
        if (n % 10 === 0) {
          gc();
          await setImmediate();
        }
      }`;
    const forgotten = await peakOf(["--expose-gc", "--input-type=module", "--eval", program]);
    expect(forgotten).toMatchObject({ status: 0, said: "" });
    expect(forgotten.peak).toBeLessThan(250 * MB); // all of them together take over 1 GB
  });

  test("of the command is flat", async () => {
    const [small, large] = await peaksOfRun([20, 200]);
    expect([small?.status, large?.status]).toEqual([1, 1]); // some records are broken on purpose
    expect(large?.written).toBeGreaterThan(9.5 * (small?.written ?? 0));
    expect(large?.peak).toBeLessThan(200 * MB);
    expect(large?.peak).toBeLessThan((small?.peak ?? 0) + MOODS);
  });
});

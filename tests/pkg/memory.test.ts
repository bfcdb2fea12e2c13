// Memory is flat: some minutes' worth of events take no more of it than the first seconds'. The full measure, 1 GB
// through the command, is `node tests/pkg/memory.mjs`.
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { peakOf, peaksOfRun } from "./memory.mjs";
import { at } from "./tools.js";

const MB = 1e6;
/** What one process may need more than another of its kind: collectors have their moods, a leak has the input's size. */
const MOODS = 60 * MB;
const streamed = (megabytes: number, way: "many" | "one" | "signal") =>
  peakOf([at("tests", "pkg", "streamed.mjs"), String(megabytes), way]);

describe("memory", { timeout: 120_000 }, () => {
  test.each([
    ["a stream", "many"],
    ["batches that a signal may stop", "signal"],
  ] as const)("of %s is flat over many chunks", async (_, way) => {
    const [small, large] = [await streamed(20, way), await streamed(200, way)];
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

  test("of streams that nobody uses is given back, however long their signal lives", async () => {
    const program = `
      import { getEventListeners } from "node:events";
      import { compile } from ${JSON.stringify(pathToFileURL(at("pkg", "dist", "entry", "inline.js")).href)};
      import { setImmediate } from "node:timers/promises";
      const { signal } = new AbortController();
      const weir = compile({ logweir: 1 });
      for (let n = 0; n < 1000; n += 1) weir.stream({ signal });
      for (let n = 0; n < 10; n += 1) {
        gc();
        await setImmediate();
      }
      if (getEventListeners(signal, "abort").length > 100) throw new Error("the signal holds streams");`;
    const unused = await peakOf(["--expose-gc", "--no-warnings", "--input-type=module", "--eval", program]);
    expect(unused).toMatchObject({ status: 0, said: "" });
  });

  test.each([
    ["calls of process", 50_000, 1_000_000, "weir.process(record, { views: n % 2 === 0 })"],
    ["rounds of compile and free", 500, 10_000, "compile(rules).free()"],
    ["rounds of compile and free with the catalogue", 20, 200, "compile(policy).free()"],
    ["runs that are freed", 2_000, 50_000, "const run = weir.run(); run.push(record); run.free()"],
  ])("of many %s is flat", async (_, few, many, work) => {
    const program = (times: number) => `
      import { compile } from ${JSON.stringify(pathToFileURL(at("pkg", "dist", "entry", "inline.js")).href)};
      const rules = { logweir: 1, redact: [{ path: "**.a.b" }, { detect: ["email"] }], routes: [{ name: "out", template: '{"m":{{m}}}' }] };
      const policy = { ...rules, accept: {} };
      const weir = compile(policy);
      const record = '{"m":"to ana@example.org","logType":"execution_event"}';
      for (let n = 0; n < ${times}; n += 1) { ${work}; }`;
    const peaks = [];
    for (const times of [few, many]) {
      const { status, said, peak } = await peakOf(["--input-type=module", "--eval", program(times)]);
      expect({ status, said }).toEqual({ status: 0, said: "" });
      peaks.push(peak);
    }
    expect(peaks[1]).toBeLessThan((peaks[0] ?? 0) + MOODS);
  });

  test.each([
    ["lines", false, 1], // some of these are broken on purpose
    ["an array on one line", true, 0],
  ] as const)("of the command is flat over %s", async (_, asArray, status) => {
    const [small, large] = await peaksOfRun([20, 200], asArray);
    expect([small?.status, large?.status]).toEqual([status, status]);
    expect(large?.written).toBeGreaterThan(9.5 * (small?.written ?? 0));
    expect(large?.peak).toBeLessThan(200 * MB);
    expect(large?.peak).toBeLessThan((small?.peak ?? 0) + MOODS);
  });
});

import { compile } from "logweir";
import { describe, expect, test } from "vitest";

const event = (run: string, type: string) =>
  JSON.stringify({ logType: "execution_event", eventType: type, executionId: run });

describe("sample", () => {
  const weir = compile({
    logweir: 1,
    routes: [
      { name: "some", sample: { share: 0.1, always: "@level:>=error" } },
      { name: "failed", when: "eventType:failed" },
    ],
  });
  const input = [event("run-1", "started"), event("run-2", "started"), event("run-1", "failed")].join("\n");

  test("what is left out is filtered, and told as sampled", () => {
    const { batches, report } = weir.process(input);
    expect(batches.map(({ route, records }) => [route, records])).toEqual([
      ["some", 2],
      ["failed", 1],
    ]);
    expect(report).toMatchObject({ records: 3, kept: 2, filtered: 1, sampled: 1 });
    expect(report.routes.some).toMatchObject({ records: 2, sampled: 1 });
    expect(report.routes.failed).not.toHaveProperty("sampled");
  });

  test("explain tells it, and which routes took what", () => {
    const [first, second, third] = weir.explain(input);
    expect(first).toMatchObject({ outcome: "filtered", routes: [] });
    expect(first?.decisions).toContainEqual({ pointer: "/routes/0/sample", passes: false, by: "@run.id" });
    expect(second?.routes.map(({ name }) => name)).toEqual(["some"]);
    expect(third?.routes.map(({ name }) => name)).toEqual(["some", "failed"]);
  });

  test("every worker decides alike", () => {
    const others = compile({ logweir: 1, sample: 0.3 });
    const again = compile({ logweir: 1, sample: 0.3 });
    const lines = Array.from({ length: 500 }, (_, n) => event(`${n % 50}`, "started"));
    const took = lines.map((line) => others.process(line).report.kept);
    expect([...lines].reverse().map((line) => again.process(line).report.kept)).toEqual(took.reverse());
    expect(new Set(took)).toEqual(new Set([0, 1]));
  });
});

test("quotas are there to be read", () => {
  const weir = compile({
    logweir: 1,
    routes: [
      { name: "a", quota: { records: 6000 } },
      { name: "__proto__", quota: { records: 1, bytes: 5_000_000 } },
      { name: "c" },
    ],
  });
  expect(Object.entries(weir.quotas)).toEqual([
    ["a", { records: 6000 }],
    ["__proto__", { records: 1, bytes: 5_000_000 }],
  ]);
  expect(compile({ logweir: 1 }).quotas).toEqual({});
});

// Events that belong together are found in any order, in bounded memory; steps of Tray get their durations.
import { Catalog, detect } from "logweir";
import { Links } from "logweir/links";
import { sample } from "logweir/sample";
import { describe, expect, test } from "vitest";

const step = (logType: string, id: string, created: string) => ({
  type: `tray.${logType}`,
  event: { logType, executionStepUuid: id, created },
});
const take = (links: Links<string>, each: ReturnType<typeof step>, key: string) =>
  links.take(each, key, each.event.created);

describe("steps of Tray", () => {
  test("take from what went in to what came out", () => {
    const links = new Links<string>();
    expect(take(links, step("step_input", "s1", "2026-05-04T06:00:00.000000001Z"), "in 1")).toEqual([]);
    expect(take(links, step("step_input", "s2", "2026-05-04T06:00:01Z"), "in 2")).toEqual([]);
    expect(take(links, step("step_output", "s1", "2026-05-04T06:00:02.5Z"), "out 1")).toEqual([
      {
        title: "What went into the step",
        type: "tray.step_input",
        key: "in 1",
        names: true,
        duration: "2.499999999",
      },
    ]);
  });

  test("are paired where the output comes first", () => {
    const links = new Links<string>();
    take(links, step("step_output", "s1", "2026-05-04T06:00:02Z"), "out");
    const [link] = take(links, step("step_input", "s1", "2026-05-04T06:00:00Z"), "in");
    expect(link).toMatchObject({ key: "out", title: "What came out of the step", duration: "2" });
  });

  test("have no duration where a time is missing or the end lies before the beginning", () => {
    for (const [begin, end] of [
      ["2026-05-04T06:00:02Z", "2026-05-04T06:00:01Z"],
      ["soon", "2026-05-04T06:00:01Z"],
    ] as const) {
      const links = new Links<string>();
      take(links, step("step_input", "s1", begin), "in");
      const [link] = take(links, step("step_output", "s1", end), "out");
      expect(link).toMatchObject({ key: "in" });
      expect(link).not.toHaveProperty("duration");
    }
  });

  test("are forgotten, the oldest first, where there are too many", () => {
    const links = new Links<string>({ most: 100 });
    for (let n = 0; n < 1000; n += 1)
      take(links, step("step_input", `s${n}`, "2026-05-04T06:00:00Z"), `${n}`);
    expect(links.size).toBe(100);
    expect(take(links, step("step_output", "s0", "2026-05-04T06:00:01Z"), "out")).toEqual([]);
    expect(take(links, step("step_output", "s999", "2026-05-04T06:00:01Z"), "out")).toHaveLength(1);
  });
});

test("runs and calls of a Genie take from their start to their end", () => {
  const links = new Links<string>();
  const at = (seconds: number) => `2026-06-02T09:14:${String(seconds).padStart(2, "0")}Z`;
  const ids = { genie_run_id: "r", conversation_id: "c", request_id: "q", tool_call_id: "t" };
  const told = ["genie_run_start", "tool_execution_started", "genie_skill_run", "tool_execution_completed"]
    .concat(
      "structured_output_formatting_started",
      "structured_output_formatting_completed",
      "genie_run_finish",
    )
    .map((event_type, n) =>
      links
        .take({ type: "workato.genie", event: { event_type, ...ids } }, event_type, at(n * n))
        .filter(({ duration }) => duration !== undefined)
        .map(({ key, duration }) => `${event_type} ${duration} s after ${key}`),
    );
  expect(told.flat()).toEqual([
    "tool_execution_completed 8 s after tool_execution_started",
    "structured_output_formatting_completed 9 s after structured_output_formatting_started",
    "genie_run_finish 36 s after genie_run_start",
  ]);
});

test("a hostile id is no place to hide memory, and no name of a prototype", () => {
  const links = new Links<number>();
  const long = "x".repeat(10_000);
  for (const id of [long, "", null, {}, [], undefined, Number.NaN])
    links.take({ type: "tray.step_input", event: { executionStepUuid: id } }, 1);
  for (const event of [null, 1, "text", [], Object.create({ executionStepUuid: "s" })])
    links.take({ type: "tray.step_input", event }, 1);
  expect(links.size).toBe(0);
  expect(links.take({ type: null, event: {} }, 1)).toEqual([]);
  expect(links.take({ type: "constructor", event: {} }, 1)).toEqual([]);
});

test("the links of sample events lead to the events they name, nearly all steps have durations", () => {
  const catalog = new Catalog();
  const links = new Links();
  const types: string[] = [];
  let [outputs, timed] = [0, 0];
  for (const [n, line] of [...sample({ count: 5000, asText: true, wrapped: true })].entries()) {
    const found = detect(line);
    types.push(String(found.type));
    const told = links.take(found, n, catalog.fields(line)?.["@time"]);
    for (const { key, type } of told) expect([types[key], key < n]).toEqual([type, true]);
    if (found.type !== "tray.step_output") continue;
    outputs += 1;
    timed += told.some(({ duration }) => Number(duration) >= 0) ? 1 : 0;
  }
  expect(outputs).toBeGreaterThan(100);
  expect(timed / outputs).toBeGreaterThan(0.9);
  catalog.free();
});

test("event types of your own bring links of theirs", () => {
  const link = {
    title: "the order",
    to: "acme.order",
    on: { "ref[0].id": "data.id" },
    when: { kind: { like: ["pay*"] } },
  };
  const links = new Links({ own: [{ type: "acme.payment", links: [link] }] });
  expect(links.take({ type: "acme.order", event: { data: '{"id":7}' } }, 0)).toEqual([]);
  const pay = (kind: string) => links.take({ type: "acme.payment", event: { kind, ref: [{ id: "7" }] } }, 1);
  expect(pay("refund")).toEqual([]);
  expect(pay("Payment")).toEqual([{ title: "the order", type: "acme.order", key: 0, names: true }]);
});

test("options that are none are refused", () => {
  expect(() => new Links({ most: 0 })).toThrow(/most/);
  expect(() => new Links({ least: 1 } as never)).toThrow(/least/);
  expect(
    () => new Links({ own: [{ type: "a.b", links: [{ title: "t", to: "a.b", on: { "": "x" } }] }] }),
  ).toThrow(/path/);
});

// logweir/sample: what is made is valid, linked, in order, and the same for the same seed.
import { execFileSync } from "node:child_process";
import { type JsonSchema, Schema, type TrayExecution } from "logweir";
import { eventTypes, type Sample, sample } from "logweir/sample";
import { describe, expect, expectTypeOf, test } from "vitest";
import { commonFields, holds, recognises, valuesAt } from "../catalog/evaluate.mjs";
import { catalogue, entryOf } from "./catalogue.js";
import { at, logweir as command, thrownBy } from "./tools.js";

const SEED = Number(process.env.LOGWEIR_SEED ?? 20_260_504);
const made: readonly Sample[] = [...sample({ count: 20_000, seed: SEED })];
const fields: readonly Record<string, unknown>[] = made.map(({ type, event }) =>
  commonFields(entryOf(type).event, event),
);
/** As text that sorts. */
const comparable = (time: string) => time.slice(0, 20).replace("Z", ".") + time.slice(20, -1).padEnd(9, "0");
const timeOf = (index: number) => fields[index]?.["@time"] as string | undefined;

describe("every event", () => {
  test("is recognised as its type and as no other", () => {
    const wrong = made.filter(({ type, event }) => {
      const types = catalogue
        .filter((entry) => recognises(entry.event.recognise, event))
        .map((each) => each.type);
      return types.length !== 1 || types[0] !== type;
    });
    expect(wrong).toEqual([]);
  });

  test("is valid by its schema", () => {
    const schemas = new Map(catalogue.map(({ type, schema }) => [type, new Schema(schema as JsonSchema)]));
    expect(made.filter(({ type, event }) => !schemas.get(type)?.isValid(JSON.stringify(event)))).toEqual([]);
  });

  test("has no slot left and no value missing", () => {
    const left = [...sample({ count: 5000, seed: SEED, asText: true })].filter((line) =>
      /[‹›]|undefined/.test(line),
    );
    expect(left).toEqual([]);
  });

  test("holds addresses that are kept free for examples, and no others", () => {
    const text = [...sample({ count: 5000, seed: SEED, asText: true })].join("");
    const mails = new Set(text.match(/(?<=@)[\w-]+\.[\w.]+/g));
    expect([...mails].sort()).toEqual(["example.com", "example.net", "example.org"]);
    const blocks = new Set(text.match(/(?<![\d.])\d{1,3}\.\d{1,3}\.\d{1,3}(?=\.\d{1,3}(?![\d.]))/g));
    blocks.delete("135.0.0"); // Chrome's version
    expect([...blocks].sort()).toEqual(["192.0.2", "198.51.100", "203.0.113"]);
  });
});

describe("a stream of events", () => {
  test("has all types, and of each every common field, often enough", () => {
    expect(eventTypes).toEqual(catalogue.map(({ type }) => type));
    for (const { type, event } of catalogue) {
      const of = fields.filter((each) => each["@type"] === type);
      expect(of.length, type).toBeGreaterThan(40);
      for (const name of Object.keys(event.fields)) {
        const times = of.filter((each) => name in each).length;
        expect(times, `${name} of ${type}, ${of.length} events`).toBeGreaterThanOrEqual(
          Math.min(8, of.length / 10),
        );
      }
    }
  });

  test("shows every form that a sample of the catalogue has", () => {
    for (const { type, samples } of catalogue) {
      const some = sample({ type, count: 3000, seed: SEED });
      const shown = new Set([...some].map(({ event }) => `${type} ${Object.keys(event).sort().join(" ")}`));
      for (const [name, event] of Object.entries(samples)) {
        expect(shown, `${type}/${name}`).toContain(
          `${type} ${Object.keys(event as object)
            .sort()
            .join(" ")}`,
        );
      }
    }
  });

  test("is in order of time, to the second of those that tell no more", () => {
    let latest = 0;
    for (const index of made.keys()) {
      const time = timeOf(index);
      if (time === undefined) continue;
      const ms = Date.parse(time);
      expect(ms, time).toBeGreaterThan(latest - 1000);
      latest = Math.max(latest, ms);
    }
  });

  test.each(["tray.execution", "workato.genie", "paragon.sync_log"] as const)("runs of %s ascend", (type) => {
    const platform = type.split(".")[0];
    const latest = new Map<unknown, string>();
    for (const [index, each] of fields.entries()) {
      const run = each["@run.id"];
      const time = timeOf(index);
      if (run === undefined || time === undefined || !made[index]?.type.startsWith(`${platform}.`)) continue;
      if (type === "workato.genie" && made[index]?.type !== type) continue;
      const before = latest.get(run);
      if (before !== undefined)
        expect(comparable(time) >= comparable(before), `${before} ${time}`).toBe(true);
      latest.set(run, time);
    }
    expect(latest.size).toBeGreaterThan(50);
  });
});

describe("what belongs together", () => {
  const most = made.slice(0, 18_000); // what comes last may lead to what is not made any more

  test("has the equal ids that the catalogue's links name", () => {
    const links = catalogue.flatMap(({ type, event }) =>
      (event.links ?? []).map((link) => ({ type, ...link })),
    );
    expect(links.length).toBeGreaterThan(5);
    for (const { type, title, to, on, when = {} } of links) {
      const key = (event: object, paths: string[]) => {
        const found = paths.map((path) => valuesAt(event, path)[0]);
        return found.every((value) => value !== undefined && value !== null) ? found.join(" ") : undefined;
      };
      const targets = new Set(
        made.filter((each) => each.type === to).map(({ event }) => key(event, Object.values(on))),
      );
      const from = most.filter(
        (each) =>
          each.type === type &&
          Object.entries(when).every(([path, condition]) =>
            valuesAt(each.event, path).some((v) => holds(condition, v)),
          ),
      );
      const keys = from.map(({ event }) => key(event, Object.keys(on))).filter((each) => each !== undefined);
      const held = keys.filter((each) => targets.has(each)).length;
      expect(keys.length, `${type}: ${title}`).toBeGreaterThan(10);
      expect(held / keys.length, `${type}: ${title}`).toBeGreaterThan(0.8);
    }
  });

  test("Tray: steps belong to a run that was created, and most runs end", () => {
    const begun = new Set<string>();
    const runs = new Map<string, string>();
    for (const { type, event } of most) {
      if (type === "tray.execution") {
        begun.add(event.executionId);
        runs.set(event.executionId, event.eventType);
      }
    }
    const steps = most.filter((each) => each.type === "tray.step_input" || each.type === "tray.step_output");
    const lost = steps.filter(({ event }) => !begun.has(event.executionId));
    expect(lost.length / steps.length).toBeLessThan(0.02); // samples that are shown alone
    const ended = [...runs.values()].filter((word) => /successful|failed|terminated/.test(word)).length;
    expect(ended / runs.size).toBeGreaterThan(0.9);
  });

  test("Workato: a job that was called leads to the job that called it, and logs to their job", () => {
    const jobs = new Set(
      made.flatMap(({ type, event }) => (type === "workato.job" ? [event.root_job_handle, event.id] : [])),
    );
    const calls = most.flatMap(({ type, event }) =>
      type === "workato.job" && event.calling_job_id ? [event.calling_job_id] : [],
    );
    const logs = most.flatMap(({ type, event }) =>
      type === "workato.service_log" && event.source === "job" ? [event.job_handle] : [],
    );
    for (const ids of [calls, logs]) {
      expect(ids.length).toBeGreaterThan(100);
      expect(ids.filter((id) => jobs.has(id)).length / ids.length).toBeGreaterThan(0.9);
    }
  });
});

describe("sample()", () => {
  const text = (seed: number, more = {}) =>
    [...sample({ count: 3000, seed, asText: true, ...more })].join("");

  test("gives the same bytes for the same seed, and others for another", () => {
    expect(text(SEED)).toBe(text(SEED));
    expect(text(SEED)).not.toBe(text(SEED + 1));
    expect(text(SEED, { wrapped: true })).toBe(text(SEED, { wrapped: true }));
  });

  test("gives as text what it gives as objects, a line each", () => {
    const lines = text(SEED).split("\n");
    expect(lines.pop()).toBe("");
    const objects = [...sample({ count: 3000, seed: SEED })];
    expect(lines.map((line) => JSON.parse(line))).toEqual(objects.map(({ record }) => record));
    expect(objects.every(({ event, record, at }) => event === record && at === "")).toBe(true);
  });

  test("makes only what is asked for, and types it so", () => {
    for (const type of eventTypes) {
      const types = [...sample({ type, count: 50, seed: SEED })].map((each) => each.type);
      expect(types).toEqual(Array(50).fill(type));
    }
    for (const { event } of sample({ type: "tray.execution", count: 1 })) {
      expectTypeOf(event).toEqualTypeOf<TrayExecution>();
    }
    const both = new Set(
      [...sample({ type: ["tray.audit", "workato.job"], count: 200 })].map(({ type }) => type),
    );
    expect([...both].sort()).toEqual(["tray.audit", "workato.job"]);
  });

  test("goes on for ever if not told otherwise, and gives nothing for none", () => {
    let count = 0;
    for (const line of sample({ asText: true })) {
      expect(line.endsWith("\n")).toBe(true);
      count += 1;
      if (count === 10) break;
    }
    expect(count).toBe(10);
    expect([...sample({ count: 0 })]).toEqual([]);
  });

  test("begins when it is told to", () => {
    const start = Date.UTC(2031, 0, 1);
    for (const { event } of sample({ type: "tray.audit", count: 20, start })) {
      expect(Date.parse(event.timestamp)).toBeGreaterThanOrEqual(start - 1000);
      expect(event.timestamp.startsWith("2031-01-01")).toBe(true);
    }
  });

  test("wraps events in every form, and tells where they are", () => {
    const forms = new Set<string>();
    for (const { type, event, record, at } of sample({ count: 2000, seed: SEED, wrapped: true })) {
      forms.add(at);
      const outer = at === "" ? record : (record as Record<string, unknown>)[at.slice(1)];
      expect(typeof outer === "string" ? JSON.parse(outer) : outer).toEqual(event);
      if (at !== "")
        expect(
          catalogue.filter((each) => recognises(each.event.recognise, record)),
          type,
        ).toEqual([]);
    }
    expect([...forms].sort()).toEqual([
      "",
      "/Log",
      "/log",
      "/logEntries",
      "/log_message",
      "/log_message_str",
    ]);
  });

  test.each([
    [{ type: "tray.nothing" }, "type"],
    [{ count: -1 }, "count"],
    [{ count: 1.5 }, "count"],
    [{ seed: 0.5 }, "seed"],
    [{ start: Number.NaN }, "start"],
    [{ start: -1 }, "start"],
  ])("refuses %j", (options, name) => {
    const error = thrownBy(() => sample(options as never));
    expect(error).toMatchObject({ name: "UsageError", code: "W904", message: expect.stringContaining(name) });
  });
});

describe("logweir sample", () => {
  test("writes what sample() makes", async () => {
    const args = ["sample", "--type", "workato.job", "-n", "30", "--seed", "-7", "--wrapped"];
    const lines = [...sample({ type: "workato.job", count: 30, seed: -7, wrapped: true, asText: true })];
    expect(await command(args)).toEqual({ status: 0, signal: null, stdout: lines.join(""), stderr: "" });
    const all = [...sample({ count: 100, asText: true })].join("");
    expect(await command(["sample"])).toMatchObject({ status: 0, stdout: all });
    const { stdout } = await command(["sample", "-t", "paragon.*", "-n", "400"]);
    const types = eventTypes.filter((type) => type.startsWith("paragon."));
    expect(stdout).toBe([...sample({ type: types, count: 400, asText: true })].join(""));
  });

  test("ends when its reader does", () => {
    const script = `"${process.execPath}" "${at("pkg", "bin", "logweir.js")}" sample -n 999999999 | head -n 2`;
    const out = execFileSync("sh", ["-c", script], { encoding: "utf8" });
    expect(out).toBe([...sample({ count: 2, asText: true })].join(""));
  });

  test.each([
    [["--type", "workato.jobs"], `did you mean "workato.job"?`],
    [["--type", "*"], "there are paragon.event_log, "],
    [["--count", "-3"], "expected a whole number"],
    [["--seeed", "1"], `did you mean "--seed"?`],
    [["--policy", "p.json"], "has no option --policy"],
    [["events.ndjson"], "reads no files"],
  ])("answers %j with help", async (args, answer) => {
    const result = await command(["sample", ...args]);
    expect(result).toMatchObject({ status: 2, stdout: "" });
    expect(result.stderr).toContain(answer);
  });
});

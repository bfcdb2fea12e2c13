// The types of events, which are made from the catalogue's schemas. "Types of the tests" checks what stands here.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type {
  EventType,
  EventTypes,
  KnownEvent,
  ParagonEventLog,
  TrayExecution,
  WorkatoJob,
  WorkatoJobError,
  WorkatoJobLine,
} from "logweir";
import { describe, expect, expectTypeOf, test } from "vitest";
import { catalogue } from "./catalogue.js";
import { at, temporaryFolder } from "./tools.js";

/** What a person would show of an event: told by its type alone. */
function headline(found: KnownEvent): string | undefined {
  switch (found.type) {
    case "tray.execution":
      expectTypeOf(found.event).toEqualTypeOf<TrayExecution>();
      return `${found.event.executionId} ${found.event.eventType}`;
    case "workato.job": {
      expectTypeOf(found.event).toEqualTypeOf<WorkatoJob>();
      const { lines = [] } = found.event;
      expectTypeOf(lines).toEqualTypeOf<WorkatoJobLine[] | string>();
      return typeof lines === "string" ? lines : lines[0]?.adapter_name;
    }
    default:
      expectTypeOf(found.type).toEqualTypeOf<Exclude<EventType, "tray.execution" | "workato.job">>();
      return undefined;
  }
}

test("every member of every type is told of", () => {
  const lines = readFileSync(at("pkg", "generated", "events.d.ts"), "utf8").split("\n");
  const bare = lines.filter(
    (line, index) => /^ {2}("[^"]+"|\w+)\??: /.test(line) && !/\*\/\s*$/.test(lines[index - 1] ?? ""),
  );
  expect(bare).toEqual([]);
});

describe("KnownEvent", () => {
  test("is narrowed by its type", () => {
    const event: WorkatoJob = {
      id: "j-1",
      flow_id: 1,
      status: "succeeded",
      started_at: "",
      lines: [{ adapter_name: "clock" }],
    };
    expect(headline({ type: "workato.job", event, at: "/log" })).toBe("clock");
    expectTypeOf<KnownEvent["type"]>().toEqualTypeOf<EventType>();
    expectTypeOf<
      Extract<KnownEvent, { type: "paragon.event_log" }>["event"]
    >().toEqualTypeOf<ParagonEventLog>();
    // @ts-expect-error: the event of another type
    const wrong: KnownEvent = { type: "tray.execution", event, at: "" };
    expect(wrong.type).not.toBe("workato.job");
  });
});

describe("an event's type", () => {
  test("offers the known words of an open enum and takes others", () => {
    const status: WorkatoJob["status"][] = ["succeeded", "failed", "a word of next year"];
    expect(status).toHaveLength(3);
    expectTypeOf<WorkatoJob["status"]>().toExtend<string>();
    // @ts-expect-error: no text
    const wrong: WorkatoJob["status"] = 1;
    expect(wrong).toBe(1);
  });

  test("is open to members that are not known, and strict about those that are", () => {
    const event: EventTypes["paragon.event_log"] = { projectId: "p", type: "t", later: [1] };
    expectTypeOf(event.later).toBeUnknown();
    // @ts-expect-error: the project is missing
    const without: ParagonEventLog = { type: "t" };
    expect(without).not.toHaveProperty("projectId");
  });

  test("leaves JSON in a string a string, and has a type for what it holds", () => {
    expectTypeOf<WorkatoJob["error"]>().toEqualTypeOf<string | null | undefined>();
    const error: WorkatoJobError = JSON.parse(`{"line_number":1}`);
    expect(error.line_number).toBe(1);
  });

  test("there is one for each folder of the catalogue, and each sample is of its type", () => {
    const lines = [`import type { EventTypes } from ${JSON.stringify(at("pkg", "generated", "events.js"))};`];
    lines.push(
      `export const types = ${JSON.stringify(catalogue.map(({ type }) => type))} satisfies (keyof EventTypes)[];`,
    );
    for (const { type, samples } of catalogue) {
      for (const [name, event] of Object.entries(samples)) {
        lines.push(`// ${type}/${name}`, `(${JSON.stringify(event)}) satisfies EventTypes["${type}"];`);
      }
    }
    // The check itself can fail:
    lines.push(
      `// @ts-expect-error`,
      `({ projectId: 1, type: "t" }) satisfies EventTypes["paragon.event_log"];`,
    );
    const folder = temporaryFolder();
    writeFileSync(join(folder, "samples.ts"), lines.join("\n"));
    const compilerOptions = {
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      target: "es2022",
      types: [],
    };
    const options = {
      ...compilerOptions,
      module: "esnext",
      moduleResolution: "bundler",
      moduleDetection: "force",
    };
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({ compilerOptions: options, files: ["samples.ts"] }),
    );
    const tsc = at("node_modules", "typescript", "bin", "tsc");
    const { stdout, status } = spawnSync(process.execPath, [tsc], { cwd: folder, encoding: "utf8" });
    expect({ stdout, status }).toEqual({ stdout: "", status: 0 });
    expect(lines.length).toBeGreaterThan(300);
  }, 120_000);
});

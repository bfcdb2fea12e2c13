// A fault is provoked in the real core: it is told of bytes that were never written, and panics. Where the build
// unwinds, JavaScript catches that; where it aborts, the instance traps.
import { existsSync, readFileSync } from "node:fs";
import type * as Package from "logweir";
import { describe, expect, test } from "vitest";
import { at, bodyOf, copyOfPackage, streamOf, text, textOf, thrownBy } from "./tools.js";

type Reading = Record<
  "process" | "push" | "is_valid" | "findings" | "one",
  (length: number, format?: number) => unknown
>;
interface Glue {
  Run: { prototype: Reading };
  Validator: { prototype: Reading };
  CatalogReader: { prototype: Reading };
  Engine: { prototype: Record<"explain", (input: Uint8Array, format: number) => unknown> };
}

const secret = "s3cret";
const policy = { logweir: 1 } as const;

async function load(build: string): Promise<{ glue: Glue; logweir: typeof Package }> {
  const file = copyOfPackage(build);
  return { glue: await file("wasm", "core.js"), logweir: await file("dist", "entry", "inline.js") };
}

/** Lets the next call of a border function claim a gigabyte that nobody wrote. */
function sabotage(glue: Glue, name: keyof Reading, { prototype }: { prototype: Reading } = glue.Run): void {
  const original = prototype[name];
  prototype[name] = function (this: unknown, length, format) {
    prototype[name] = original;
    return original.call(this, length + 2 ** 30, format);
  };
}

function panicOf(build: string): string | undefined {
  const info = at("pkg", build, "build-info.json");
  return existsSync(info) ? JSON.parse(readFileSync(info, "utf8")).panic : undefined;
}

const builds = ["wasm", "wasm-unwind"].map((build) => ({ build, panic: panicOf(build) }));
const aborting = builds.filter(({ panic }) => panic === "abort").map(({ build }) => build);
const unwinding = builds.filter(({ panic }) => panic === "unwind").map(({ build }) => build);
for (const [kind, found] of Object.entries({ aborting, unwinding })) {
  if (found.length === 0)
    console.log(`skipped: no ${kind} build of the wasm is here (pkg/wasm, pkg/wasm-unwind)`);
}

/** What every build owes: the call says so, and so does every later call of the handle. */
function refuses({ FaultError, LogweirError }: typeof Package, call: () => unknown): void {
  const error = thrownBy(call) as Package.FaultError;
  expect(error).toBeInstanceOf(FaultError);
  expect(error).toBeInstanceOf(LogweirError);
  expect(error).toMatchObject({ name: "FaultError", code: "W901", problems: [] });
  expect(error.message).toContain("until it is made anew");
  expect(error.message).toContain("undelivered");
  expect(`${error.stack} ${error.cause}`).not.toContain(secret);
}

describe.each([...aborting, ...unwinding])("after a fault (%s)", (build) => {
  test("the handle refuses until it is made anew", async () => {
    const { glue, logweir } = await load(build);
    const weir = logweir.compile(policy);
    const [run, stream] = [weir.run(), weir.stream()];
    run.push(`{"a":1}\n{"b":2}\n`);
    sabotage(glue, "process");
    refuses(logweir, () => weir.process(`{"a":"${secret}"}`));
    const uses = [
      () => weir.process("{}"),
      () => weir.explain("{}"),
      () => weir.run(),
      () => weir.stream(),
      () => run.push("{}"),
      () => run.finish(),
      () => run.report,
      () => stream.report,
    ];
    for (const use of uses) refuses(logweir, use);
    weir.free();
    run.free();
    weir.free();
    refuses(logweir, () => weir.process("{}"));

    const anew = logweir.compile(policy);
    const result = anew.process(`{"a":1}`);
    expect(bodyOf(result)).toBe(`{"a":1}\n`);
    expect(result.report.records).toBe(1);
    refuses(logweir, () => weir.process("{}"));
  });

  test("a stream in flight fails on both sides, and what it gave before stands", async () => {
    const { glue, logweir } = await load(build);
    const stream = logweir.compile(policy).stream({ format: "ndjson" });
    const writer = stream.writable.getWriter();
    const reader = stream.readable.getReader();
    const read = reader.read();
    await writer.write(`{"a":1}\n`);
    expect(text((await read).value as Uint8Array)).toBe(`{"a":1}\n`);
    sabotage(glue, "push");
    const next = reader.read();
    await expect(writer.write(`{"b":"${secret}"}\n`)).rejects.toBeInstanceOf(logweir.FaultError);
    await expect(next).rejects.toBeInstanceOf(logweir.FaultError);
    await expect(writer.write("{}")).rejects.toMatchObject({ code: "W901" });
    const again = logweir.compile(policy).stream();
    expect(await textOf(streamOf([`{"c":3}`]).pipeThrough(again))).toBe(`{"c":3}\n`);
  });

  test("a schema and its runs refuse until it is made anew", async () => {
    const { glue, logweir } = await load(build);
    const { Schema } = logweir;
    const strings = { type: "string" } as const;
    for (const [name, use] of [
      ["is_valid", (schema) => schema.isValid(`"${secret}"`)],
      ["findings", (schema) => schema.validate(`{"a":"${secret}"}`)],
      ["push", (schema) => schema.run().push(`"${secret}"\n`)],
    ] satisfies [keyof Reading, (schema: Package.Schema) => unknown][]) {
      const schema = new Schema(strings);
      const run = schema.run();
      run.push(`"a"\n"b`);
      sabotage(glue, name, glue.Validator);
      refuses(logweir, () => use(schema));
      const uses = [
        () => schema.isValid("1"),
        () => schema.validate("1"),
        () => schema.output("1", "flag"),
        () => schema.run(),
        () => run.push("1"),
        () => run.next(),
        () => run.finish(),
      ];
      for (const again of uses) refuses(logweir, again);
      run.free();
      schema.free();
      schema.free();
      refuses(logweir, () => schema.isValid("1"));
      const anew = new Schema(strings);
      expect([anew.isValid(`"a"`), anew.isValid("1")]).toEqual([true, false]);
    }
  });

  test("a catalogue and its runs refuse until it is made anew", async () => {
    const { glue, logweir } = await load(build);
    const { Catalog } = logweir;
    const event = `{"logType":"execution_event","eventType":"${secret}"}`;
    for (const [name, call] of [
      ["one", (catalog) => catalog.detect(event)],
      ["one", (catalog) => catalog.fields(event)],
      ["one", (catalog) => catalog.validate(event)],
      ["push", (catalog) => catalog.run().push(event)],
    ] satisfies [keyof Reading, (catalog: Package.Catalog) => unknown][]) {
      const catalog = new Catalog();
      const run = catalog.run();
      sabotage(glue, name, glue.CatalogReader);
      refuses(logweir, () => call(catalog));
      for (const use of [() => catalog.detect("{}"), () => catalog.run(), () => run.push("{}")])
        refuses(logweir, use);
      run.free();
      catalog.free();
      expect(new Catalog().detect(event).type).toBe("tray.execution");
    }
  });

  test("detect() has another handle the next time", async () => {
    const { glue, logweir } = await load(build);
    const event = `{"logType":"execution_event","eventType":"${secret}"}`;
    for (let time = 0; time < 3; time += 1) {
      expect(logweir.detect(event).type).toBe("tray.execution");
      sabotage(glue, "one", glue.CatalogReader);
      refuses(logweir, () => logweir.detect(event));
    }
    expect(logweir.detect(event).type).toBe("tray.execution");
  });

  test("recovery works again and again", async () => {
    const { glue, logweir } = await load(build);
    for (let n = 0; n < 20; n += 1) {
      const weir = logweir.compile(policy);
      expect(bodyOf(weir.process(`{"n":${n}}`))).toBe(`{"n":${n}}\n`);
      sabotage(glue, "process");
      refuses(logweir, () => weir.process("{}"));
    }
  });

  test("what was made before it and lies about is collected without harm to the new instance", async () => {
    const { glue, logweir } = await load(build);
    const old = Array.from({ length: 50 }, () => logweir.compile(policy));
    for (const weir of old) weir.process("{}");
    sabotage(glue, "process");
    refuses(logweir, () => old[0]?.process("{}"));
    const anew = Array.from({ length: 50 }, () => logweir.compile(policy));
    for (const weir of old) weir.free();
    old.length = 0;
    for (const weir of anew) expect(bodyOf(weir.process(`{"a":1}`))).toBe(`{"a":1}\n`);
  });
});

describe.each(unwinding)("after a caught panic (%s)", (build) => {
  test("other handles go on", async () => {
    const { glue, logweir } = await load(build);
    const [one, other] = [logweir.compile(policy), logweir.compile(policy)];
    sabotage(glue, "process");
    const error = thrownBy(() => one.process("{}")) as Error;
    expect(error.cause).toBeUndefined();
    expect(bodyOf(other.process(`{"a":1}`))).toBe(`{"a":1}\n`);
  });
});

describe.each(aborting)("after a trap (%s)", (build) => {
  test("all handles of the instance refuse", async () => {
    const { glue, logweir } = await load(build);
    const [one, other] = [logweir.compile(policy), logweir.compile(policy)];
    const run = other.run();
    sabotage(glue, "process");
    const error = thrownBy(() => one.process("{}")) as Error;
    expect(error.cause).toBeInstanceOf(WebAssembly.RuntimeError);
    refuses(logweir, () => other.process("{}"));
    refuses(logweir, () => run.push("{}"));
    expect(bodyOf(logweir.compile(policy).process(`{"a":1}`))).toBe(`{"a":1}\n`);
    refuses(logweir, () => other.process("{}"));
  });
});

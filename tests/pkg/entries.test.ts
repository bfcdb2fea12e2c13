import { readFileSync } from "node:fs";
import type { Policy } from "logweir";
import * as logweir from "logweir";
import type * as Slim from "logweir/slim";
import { describe, expect, test } from "vitest";
import { at, bodyOf, copyOfPackage, thrownBy } from "./tools.js";

const slim = (): Promise<typeof Slim> => copyOfPackage()("dist", "entry", "slim.js");
const wasm = () => readFileSync(at("pkg", "wasm", "core_bg.wasm"));
const policy = { logweir: 1 } as const;
const rejected = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("logweir/slim", () => {
  test("says what is missing before the module is loaded", async () => {
    const { Catalog, compile, detect, Schema, UsageError } = await slim();
    for (const make of [
      () => compile(policy),
      () => new Schema(true),
      () => new Catalog(),
      () => detect("{}"),
    ]) {
      const error = thrownBy(make);
      expect(error).toBeInstanceOf(UsageError);
      expect(error).toMatchObject({ code: "W903", message: expect.stringContaining("init()") });
    }
  });

  test("takes bytes or a compiled module at once", async () => {
    for (const source of [wasm(), new WebAssembly.Module(wasm())]) {
      const { compile, initSync } = await slim();
      initSync(source);
      initSync(source);
      expect(bodyOf(compile(policy).process("{}"))).toBe("{}\n");
    }
  });

  test("takes bytes, a module or a response on its way", async () => {
    const response = async () => new Response(wasm(), { headers: { "content-type": "application/wasm" } });
    for (const source of [wasm(), new WebAssembly.Module(wasm()), response()]) {
      const { compile, init } = await slim();
      await Promise.all([init(source), init(source)]);
      expect(bodyOf(compile(policy).process("{}"))).toBe("{}\n");
    }
  });

  const empty = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
  const html = { headers: { "content-type": "text/html" } };
  test.each<[string, unknown | (() => unknown)]>([
    ["nothing", undefined],
    ["a number", 5],
    ["no bytes", new Uint8Array()],
    ["other bytes", new Uint8Array([1, 2, 3])],
    ["another module's bytes", empty],
    ["another module", new WebAssembly.Module(empty)],
    ["an answer that nothing was found", new Response("", { status: 404 })],
    ["a page", new Response("<!doctype html>", html)],
    ["a page on its way", Promise.resolve(new Response("<!doctype html>", html))],
    ["an address where nothing is", new URL("file:///nowhere/core.wasm")],
    ["a promise that is broken", () => Promise.reject(new Error("offline"))],
  ])("refuses %s with a code, and loads the right one afterwards", async (_, given) => {
    const { compile, init, initSync, UsageError } = await slim();
    const refused = { name: "UsageError", code: "W912" };
    const source = () => (typeof given === "function" ? given() : given) as never;
    for (const error of [await rejected(init(source())), thrownBy(() => initSync(given as never))]) {
      expect(error).toBeInstanceOf(UsageError);
      expect(error).toMatchObject(refused);
    }
    expect(thrownBy(() => compile(policy))).toMatchObject({ code: "W903" });
    initSync(wasm());
    expect(bodyOf(compile(policy).process("{}"))).toBe("{}\n");
  });

  test("takes bytes at once while others are on their way", async () => {
    const { compile, init, initSync } = await slim();
    const later = init(wasm());
    await Promise.resolve();
    initSync(wasm());
    const first = compile(policy);
    await later;
    const outcomes = [first, compile(policy)].map((weir) => {
      try {
        return bodyOf(weir.process("{}"));
      } catch (error) {
        return (error as { code: string }).code;
      }
    });
    expect(["{}\n", "W901"]).toContain(outcomes[0]);
    expect(outcomes[1]).toBe("{}\n");
  });

  test("names the engines that have SIMD where there is none", async () => {
    const { init, initSync } = await slim();
    const { validate } = WebAssembly;
    WebAssembly.validate = () => false; // as an engine without it would say
    try {
      const without = { code: "W909", message: expect.stringContaining("Safari 16.4") };
      expect(thrownBy(() => initSync(new Uint8Array([1, 2, 3])))).toMatchObject(without);
      await expect(init(new Uint8Array([1, 2, 3]))).rejects.toMatchObject(without);
    } finally {
      WebAssembly.validate = validate;
    }
  });

  test("says which part a module lacks that somebody built", async () => {
    const { Catalog, compile, detect, initSync, Query, Schema, Template } = await slim();
    // What a build without parts does not export, this one exports under other names.
    const text = wasm().toString("latin1");
    const renamed = text.replace(/(catalog|query|schema|template)_new/g, "$1_old");
    initSync(Buffer.from(renamed, "latin1"));
    const calls: Record<string, (() => unknown)[]> = {
      catalog: [() => new Catalog(), () => detect("{}")],
      query: [() => new Query("a:b"), () => Query.tokens("a:b"), () => Query.complete("a", 1)],
      schema: [() => new Schema(true)],
      template: [() => new Template("{{a}}")],
    };
    for (const [part, each] of Object.entries(calls))
      for (const call of each)
        expect(thrownBy(call)).toMatchObject({ code: "W913", message: expect.stringContaining(`"${part}"`) });
    expect(bodyOf(compile(policy).process("{}"))).toBe("{}\n");
  });

  test("recovers from a trap like the other entries", async () => {
    const file = copyOfPackage();
    const { compile, initSync, FaultError }: typeof Slim = await file("dist", "entry", "slim.js");
    initSync(wasm());
    const weir = compile(policy);
    const { Run } = (await file("wasm", "core.js")) as { Run: { prototype: { process(): void } } };
    const { process } = Run.prototype;
    Run.prototype.process = () => {
      throw new WebAssembly.RuntimeError("unreachable");
    };
    expect(thrownBy(() => weir.process("{}"))).toBeInstanceOf(FaultError);
    Run.prototype.process = process;
    expect(bodyOf(compile(policy).process("{}"))).toBe("{}\n");
  });
});

test("both entries offer the same, and slim how to load", async () => {
  const names = Object.keys(logweir).sort();
  expect(names).toEqual([
    "Catalog",
    "CatalogError",
    "FaultError",
    "LogweirError",
    "PolicyError",
    "Query",
    "QueryError",
    "RecordError",
    "Report",
    "Schema",
    "SchemaError",
    "Template",
    "TemplateError",
    "UsageError",
    "compile",
    "definePolicy",
    "detect",
    "formatFinding",
    "formatTrip",
    "interpret",
    "prepare",
    "split",
    "version",
  ]);
  expect(Object.keys(await slim()).sort()).toEqual([...names, "init", "initSync"].sort());
});

test("the version is the manifest's", () => {
  expect(logweir.version).toBe(JSON.parse(readFileSync(at("pkg", "package.json"), "utf8")).version);
});

describe("the package's README", () => {
  const readme = readFileSync(at("pkg", "README.md"), "utf8");
  const blocks = (language: string) =>
    [...readme.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "gs"))].map(
      (match) => match[1] as string,
    );

  test("shows a policy that compiles, and does what it says", () => {
    const [policy = ""] = blocks("jsonc");
    const weir = logweir.compile(policy, { keys: { pii: "k".repeat(32) } });
    expect(weir.warnings).toEqual([]);
    const failed = `{"logType":"execution_event","eventType":"failed","note":"password=x, ana@example.org"`;
    const done = weir.process(`{"email":1}\n${failed},"email":1}`);
    expect(bodyOf(done)).toBe(
      `{"logType":"execution_event","eventType":"failed","note":", ***********.org","email":"[redacted]"}\n`,
    );
    expect(done.report).toMatchObject({ records: 2, kept: 1, filtered: 1 });
  });

  test("shows rules that compile, and presets that are what their documents say", () => {
    const rules = blocks("jsonc").find((block) => block.startsWith('"redact"'));
    const weir = logweir.compile(`{ "logweir": 1, ${rules} }`, { keys: { pii: "k".repeat(32) } });
    expect(weir.warnings).toEqual([]);
    const names = [...readme.matchAll(/logweir\/presets\/([\w-]+)\.json/g)].map(
      (match) => match[1] as string,
    );
    expect(names).toEqual(["personal", "secrets", "strict-payload", "mask-data"]);
    const record = `{"password":"x","m":"to ana@example.org","lines":[{"mask_data":true,"input":1}]}`;
    for (const name of names) {
      const file = at("pkg", "generated", "presets", `${name}.json`);
      const { redact } = JSON.parse(readFileSync(file, "utf8")) as { redact: Policy["redact"] };
      const [own, used] = [redact, [{ use: name }]].map((redact) =>
        bodyOf(logweir.compile({ logweir: 1, redact } as Policy).process(record)),
      );
      expect(own, name).toBe(used);
      expect(own, name).not.toBe(`${record}\n`);
    }
  });
});

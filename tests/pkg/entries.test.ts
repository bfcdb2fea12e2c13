import { readFileSync } from "node:fs";
import type { Policy } from "logweir";
import * as logweir from "logweir";
import type * as Slim from "logweir/slim";
import { describe, expect, test } from "vitest";
import { at, bodyOf, copyOfPackage, thrownBy } from "./tools.js";

const slim = (): Promise<typeof Slim> => copyOfPackage()("dist", "entry", "slim.js");
const wasm = () => readFileSync(at("pkg", "wasm", "core_bg.wasm"));
const policy = { logweir: 1 } as const;

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

  test("can load again after a failed try", async () => {
    const { compile, init } = await slim();
    await expect(init(new Uint8Array([1, 2, 3]))).rejects.toBeInstanceOf(WebAssembly.CompileError);
    await init(wasm());
    expect(bodyOf(compile(policy).process("{}"))).toBe("{}\n");
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

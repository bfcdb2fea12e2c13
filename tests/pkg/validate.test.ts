import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { Schema } from "logweir";
import { describe, expect, test } from "vitest";
import { at, logweir, temporaryFolder } from "./tools.js";

/** Writes files by name; gives where one lies. A value becomes its JSON text. */
function workplace(contents: Record<string, string | Uint8Array | object>) {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(contents)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    const raw = typeof content === "string" || content instanceof Uint8Array;
    writeFileSync(join(folder, name), raw ? content : JSON.stringify(content));
  }
  return (name: string) => join(folder, name);
}

const schema = {
  type: "object",
  required: ["id"],
  properties: { id: { type: "integer" }, day: { format: "date" } },
};

/** A line of what the command says of a document, without its findings' particulars. */
const verdicts = (stdout: string) =>
  stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
const told = (stdout: string) =>
  verdicts(stdout).map(({ findings, ...rest }) => ({
    ...rest,
    codes: findings.map(({ code }: { code: string }) => code),
  }));

describe("logweir validate", () => {
  test("gives a line of JSON for each document, and a few words to stderr", async () => {
    const path = workplace({
      "schema.json": schema,
      "in.ndjson": `{"id":1}\n{"id":"s3cret"}\n{s3cret\n{"id":2}`,
    });
    const result = await logweir(["validate", "--schema", path("schema.json"), path("in.ndjson")]);
    expect(result.status).toBe(1);
    const lines = result.stdout.split("\n");
    expect(lines.slice(0, 2)).toEqual([
      `{"record":0,"valid":true,"findings":[]}`,
      `{"record":1,"valid":false,"findings":[{"code":"V101","instance":"/id","span":{"start":6,"end":14},` +
        `"keyword":"/properties/id/type","absolute":"#/properties/id/type","expected":"an integer"}]}`,
    ]);
    expect(told(result.stdout).slice(2)).toEqual([
      { record: 2, valid: false, codes: ["V001"] },
      { record: 3, valid: true, codes: [] },
    ]);
    expect(result.stderr).toBe(
      `${path("in.ndjson")}:2 record 1: V101 at /id, bytes 6 to 14: expected an integer (/properties/id/type)\n` +
        `${path("in.ndjson")}:3 record 2: V001 at the top, bytes 1 to 1: expected ${verdicts(result.stdout)[2].findings[0].expected}\n` +
        `4 documents: 2 valid, 2 not\n`,
    );
    expect(result.stdout + result.stderr).not.toContain("s3cret");
    const ofFindings = new Schema(readFileSync(at("pkg", "generated", "finding.schema.json"), "utf8"));
    for (const { findings } of verdicts(result.stdout))
      for (const finding of findings)
        expect(ofFindings.validate(JSON.stringify(finding)).findings).toEqual([]);
  });

  test("is quiet and content where every document is valid", async () => {
    const path = workplace({ "schema.json": schema });
    const line = `{"record":0,"valid":true,"findings":[]}\n`;
    const run = (input: string) => logweir(["validate", "-s", path("schema.json")], input);
    expect(await run(`{"id":\n1}`)).toEqual({ status: 0, signal: null, stdout: line, stderr: "" });
    expect(await run("")).toEqual({ status: 0, signal: null, stdout: "", stderr: "" });
  });

  test("takes an array for one document, unless --format says otherwise", async () => {
    const path = workplace({ "schema.json": { type: "object" } });
    const count = async (input: string, ...options: string[]) =>
      told((await logweir(["validate", "-s", path("schema.json"), ...options], input)).stdout).map(
        ({ valid }) => valid,
      );
    expect(await count(`[{},{}]`)).toEqual([false]);
    expect(await count(`[{},\n{}]\n`)).toEqual([false]);
    expect(await count(`{}\n[{}]\n!\n{}\n`)).toEqual([true, false, false, true]);
    expect(await count(`{}\n[{}]`, "--format", "json")).toEqual([false]);
    for (const format of ["array", "auto"])
      expect(await count(`[{},{}]`, "-f", format)).toEqual([true, true]);
  });

  test("reads files, folders, gzip and stdin, and says which it was", async () => {
    const path = workplace({
      "schema.json": schema,
      "in/a.json": { id: 1 },
      "in/b/c.json.gz": gzipSync(`{"id":2}\n{}\n`),
    });
    const args = ["validate", "-s", path("schema.json"), path("in")];
    expect(told((await logweir(args)).stdout)).toEqual([
      { file: path("in/a.json"), record: 0, valid: true, codes: [] },
      { file: path("in/b/c.json.gz"), record: 1, valid: true, codes: [] },
      { file: path("in/b/c.json.gz"), record: 2, valid: false, codes: ["V143"] },
    ]);
    expect(told((await logweir([...args, "-"], `{"id":3}`)).stdout).at(-1)).toMatchObject({
      file: "-",
      record: 3,
    });
    const short = gzipSync(`{"id":2}\n`.repeat(5000));
    const lost = await logweir(["validate", "-s", path("schema.json")], short.subarray(0, -20));
    expect(lost.status).toBe(2);
    expect(lost.stderr).toContain("stdin: the gzip data ends too early");
  });

  test("shows the first few findings and counts the rest", async () => {
    const path = workplace({ "schema.json": schema });
    const result = await logweir(["validate", "-s", path("schema.json")], "{}\n".repeat(1500));
    expect(verdicts(result.stdout)).toHaveLength(1500);
    expect(result.stderr.split("\n")).toHaveLength(13);
    expect(result.stderr).toContain("… and 1,490 more\n1,500 documents: 0 valid, 1,500 not\n");
  });

  test("asserts formats, shows keys and reads old drafts if told so", async () => {
    const path = workplace({
      "schema.json": schema,
      "keys.json": { additionalProperties: { type: "string" } },
      "old.json": { items: [{ type: "string" }] },
    });
    const run = async (name: string, input: string, ...options: string[]) =>
      verdicts((await logweir(["validate", "-s", path(name), ...options], input)).stdout)[0];
    const day = `{"id":1,"day":"today"}`;
    expect(await run("schema.json", day)).toMatchObject({ valid: true });
    expect(await run("schema.json", day, "--formats")).toMatchObject({ findings: [{ code: "V124" }] });
    expect(await run("keys.json", `{"key":1}`)).toMatchObject({ findings: [{ instance: "/*" }] });
    expect(await run("keys.json", `{"key":1}`, "--show-keys")).toMatchObject({
      findings: [{ instance: "/key" }],
    });
    expect(await run("old.json", `[1]`, "--dialect", "draft-07")).toMatchObject({ valid: false });
  });

  test("serves a folder of remotes as the official suite does", async () => {
    const path = workplace({
      "schema.json": { $ref: "http://localhost:1234/deep/id.json#/$defs/n" },
      "remotes/deep/id.json": { $defs: { n: { $ref: "../type.json" } } },
      "remotes/type.json": { type: "integer" },
      "remotes/README.md": "not a schema",
    });
    const args = ["validate", "-s", path("schema.json"), "--remotes", path("remotes")];
    expect(await logweir(args, "7")).toMatchObject({ status: 0 });
    const wrong = await logweir(args, "true");
    expect(verdicts(wrong.stdout)[0].findings[0].absolute).toBe("http://localhost:1234/type.json#/type");
    const without = await logweir(args.slice(0, 3), "7");
    expect(without).toMatchObject({ status: 2, stdout: "" });
    expect(without.stderr).toContain("expected a reference to a schema at hand");
  });

  test("shows all mistakes of a schema and of its remotes, each under its own line", async () => {
    const path = workplace({
      "schema.json": `{\n  "type": "objct",\n  "$ref": "http://localhost:1234/a.json"\n}`,
      "remotes/a.json": `{\n  "minLength": "long"\n}`,
      "warned.json": `{\n  "propertes": {}\n}`,
    });
    const args = ["validate", "-s", path("schema.json"), "--remotes", path("remotes")];
    const result = await logweir(args, "7");
    expect(result).toMatchObject({ status: 2, stdout: "" });
    const lines = result.stderr.split("\n");
    expect(lines[0]).toContain(`${path("schema.json")}:2:11 error S202 at /type: expected`);
    expect(lines.slice(1, 5)).toEqual([
      `    2 |   "type": "objct",`,
      `      |           ^^^^^^^`,
      `      = did you mean "object"?`,
      `      = see PROBLEMS.md#s202`,
    ]);
    expect(lines[5]).toContain(
      `${path("remotes/a.json")}:2:16 error S202 at http://localhost:1234/a.json#/minLength`,
    );
    expect(lines[6]).toBe(`    2 |   "minLength": "long"`);
    expect(result.stderr).toContain("2 mistakes in the schema; nothing was read");
    const warned = await logweir(["validate", "-s", path("warned.json")], "7");
    expect(warned.status).toBe(0);
    expect(warned.stderr).toContain(`did you mean "properties"?`);
  });

  test.each([
    [["validate", "-s", "there-is-none.json"], "there-is-none.json: the schema cannot be read: no such file"],
    [["validate", "--shema", "x"], `did you mean "--schema"?`],
    [["validate", "-s", "x", "--dialect", "draft7"], `did you mean "draft-07"?`],
    [["validate", "-s", "x", "--formats=yes"], "takes no value"],
    [["validate", "-s", "-"], "stdin holds the events then"],
    [["validate", "-s", "-", "-"], "stdin holds the events then"],
    [["validate", "-s", at("package.json"), "--remotes", "nowhere"], "nowhere: the remotes cannot be read"],
    [["validate", "-s", at("package.json"), "--remotes", at("package.json")], "--remotes needs a folder"],
  ])("%j is answered with help", async (args, answer) => {
    const result = await logweir(args);
    expect(result).toMatchObject({ status: 2, stdout: "" });
    expect(result.stderr).toContain(answer);
    expect(result.stderr).not.toContain("    at ");
  });

  test("has a help of its own", async () => {
    const help = await logweir(["help", "validate"]);
    expect(help).toMatchObject({ status: 0, stderr: "" });
    for (const option of ["--schema", "--remotes", "--dialect", "--formats", "--format F", "--show-keys"])
      expect(help.stdout).toContain(option);
    expect((await logweir(["--help"])).stdout).toContain("logweir validate [--schema S]");
  });
});

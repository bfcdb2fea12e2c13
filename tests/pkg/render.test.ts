// logweir render.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { at, logweir, temporaryFolder } from "./tools.js";

function workplace(files: Record<string, string>) {
  const folder = temporaryFolder();
  const path = (name: string) => join(folder, name);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), content);
  }
  return path;
}

describe("logweir render", () => {
  test("gives a line of JSON for each record", async () => {
    const path = workplace({ "t.json": '{\n  "at": {{now_utc}},\n  "log": {{{log_message}}}\n}\n' });
    const args = ["render", "--template", path("t.json"), "--now", "2026-05-04T06:00:00.5Z"];
    const result = await logweir(args, '{"a":1.0}\n\n[1 ]\n');
    expect(result).toMatchObject({ status: 0, stderr: "" });
    expect(result.stdout).toBe('{"at": 1777874400500,"log": {"a":1.0}}\n{"at": 1777874400500,"log": [1 ]}\n');
    const pretty = await logweir(args, '[\n  { "a": 1 }\n]\n');
    expect(pretty).toMatchObject({ status: 0, stdout: '{"at": 1777874400500,"log": [{ "a": 1 }]}\n' });
  });

  test("gives text as it is, with partials", async () => {
    const path = workplace({
      "t.mustache": "Hello {{name}}\n{{> more}}",
      "partials/more.mustache": "{{#tags}}<{{.}}>{{/tags}}\n",
      "partials/README.md": "no partial",
    });
    const args = ["render", "--text", "-t", path("t.mustache"), "--partials", path("partials")];
    const result = await logweir(args, '{"name":"A & B","tags":["x","y"]}');
    expect(result).toMatchObject({ status: 0, stderr: "", stdout: "Hello A &amp; B\n<x><y>\n" });
  });

  test("goes on where a record cannot be read, and says so without its values", async () => {
    const path = workplace({ "t.json": "{{id}}", "in.ndjson": '{"id":1}\n{"id":secret}\n{"id":3}\n' });
    const result = await logweir(["render", "-t", path("t.json"), "-f", "ndjson", path("in.ndjson")]);
    expect(result).toMatchObject({ status: 1, stdout: "1\n3\n" });
    expect(result.stderr).toMatch(/in\.ndjson:2: S102 at byte 15: expected a value/);
    expect(result.stderr).not.toContain("secret");
  });

  test("shows all mistakes, each under its own line", async () => {
    const path = workplace({
      "t.json": '{\n  "a": {{@tiem}},\n  "b": {{b | epochs}}\n}',
      "p/x.mustache": "\n{{#open}}",
      "w.mustache": "{{>nme}}",
    });
    const result = await logweir(["render", "-t", path("t.json"), "--partials", path("p")], "{}");
    expect(result).toMatchObject({ status: 2, stdout: "" });
    const lines = result.stderr.split("\n");
    expect(lines[0]).toContain(`${path("t.json")}:2:10 error T304: expected a common field`);
    expect(lines.slice(1, 4)).toEqual([
      `    2 |   "a": {{@tiem}},`,
      `      |          ^`,
      '      = did you mean "@time"?',
    ]);
    expect(result.stderr).toContain(
      `${path("p/x.mustache")}:2:1 error T302 at x#: expected a tag that is closed behind this`,
    );
    expect(result.stderr).toContain("3 mistakes in the template; nothing was read");
    const warned = await logweir(["render", "--text", "-t", path("w.mustache")], "{}");
    expect(warned).toMatchObject({ status: 0, stdout: "" });
    expect(warned.stderr).toContain("warning T381");
  });

  test.each([
    [["render"], "--template is missing: which file is it?"],
    [["render", "-t", "there-is-none"], "there-is-none: the template cannot be read: no such file"],
    [["render", "-t", "-"], "stdin holds the events then"],
    [["render", "--tempalte", "x"], `did you mean "--template"?`],
    [
      ["render", "-t", at("LICENSE-MIT"), "--text", "--partials", "nowhere"],
      "nowhere: the partials cannot be read",
    ],
    [["render", "-t", at("LICENSE-MIT"), "--text", "--now", "noon"], ""],
    [["rendr"], `did you mean "render"?`],
  ])("%j is answered with help", async (args, answer) => {
    const result = await logweir(args, "{}");
    expect(result.stderr).toContain(answer);
    expect(result.stderr).not.toContain("    at ");
    if (answer) expect(result).toMatchObject({ status: 2, stdout: "" });
  });

  test("has a help of its own", async () => {
    const help = await logweir(["help", "render"]);
    expect(help).toMatchObject({ status: 0, stderr: "" });
    for (const option of ["--template", "--text", "--partials", "--now", "--format"])
      expect(help.stdout).toContain(option);
  });
});

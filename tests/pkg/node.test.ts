// Streams of node:stream, and policies from files.
import { createReadStream, createWriteStream, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip, gunzipSync } from "node:zlib";
import { compile, PolicyError } from "logweir";
import { compileFile, transform } from "logweir/node";
import { expect, test } from "vitest";
import { temporaryFolder, thrownBy } from "./tools.js";

const lines = Array.from({ length: 5_000 }, (_, n) => `{"n":${n},"email":"ana@example.org","é":"💧"}\n`).join(
  "",
);
const policy = `{
  "logweir": 1, // with comments
  "redact": [{ "path": "email" }],
}`;

test("a file goes through a policy in a file, on into others' streams", async () => {
  const folder = temporaryFolder();
  const [rules, input, output] = ["policy.jsonc", "in", "out.gz"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(rules, policy);
  writeFileSync(input, lines);
  const weir = compileFile(rules);
  const through = transform(weir);
  await pipeline(
    createReadStream(input, { highWaterMark: 777 }),
    through,
    createGzip(),
    createWriteStream(output),
  );
  expect(gunzipSync(readFileSync(output)).toString()).toBe(lines.replaceAll("ana@example.org", "[redacted]"));
  expect(through.report).toMatchObject({ records: 5_000, kept: 5_000 });
  expect(through.drift).toEqual([]);
});

test("a policy file that is no UTF-8 is refused: its rules would name what is not there", () => {
  const file = join(temporaryFolder(), "latin1.json");
  writeFileSync(file, Buffer.from('{"logweir":1,"redact":[{"path":"größe"}]}', "latin1"));
  expect(thrownBy(() => compileFile(file))).toMatchObject({
    code: "W904",
    message: "policy: expected UTF-8",
  });
});

test("text goes through as bytes do", async () => {
  const parts: Buffer[] = [];
  const sink = new Writable({
    write(part, _, done) {
      parts.push(part);
      done();
    },
  });
  await pipeline(Readable.from([lines.slice(0, 1001), lines.slice(1001)]), transform(compile(policy)), sink);
  expect(Buffer.concat(parts).toString()).toBe(lines.replaceAll("ana@example.org", "[redacted]"));
});

test("what fails on one side fails the pipeline", async () => {
  const failing = Readable.from(
    (function* () {
      yield lines;
      throw new Error("the disk is gone");
    })(),
  );
  const sink = new Writable({ write: (_, __, done) => done() });
  await expect(pipeline(failing, transform(compile(policy)), sink)).rejects.toThrow("the disk is gone");
  const full = new Writable({ write: (_, __, done) => done(new Error("the disk is full")) });
  await expect(pipeline(Readable.from([lines]), transform(compile(policy)), full)).rejects.toThrow(
    "the disk is full",
  );
});

test("a policy's mistakes are told, and a file that is not there", () => {
  const path = join(temporaryFolder(), "policy.json");
  writeFileSync(path, '{ "logweir": 1,\n  "redcat": [] }');
  expect(thrownBy(() => compileFile(path))).toBeInstanceOf(PolicyError);
  expect(thrownBy(() => compileFile(path))).toMatchObject({ code: "P101", line: 2, column: 3 });
  expect(thrownBy(() => compileFile(`${path}.none`))).toMatchObject({ code: "ENOENT" });
});

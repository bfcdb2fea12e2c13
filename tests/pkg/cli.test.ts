import { spawn } from "node:child_process";
import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { version } from "logweir";
import { describe, expect, test } from "vitest";
import { at, finished, logweir, temporaryFolder } from "./tools.js";

const command = at("pkg", "bin", "logweir.js");

/** A folder with a policy in it; further files by name. */
function workplace(files: Record<string, string | Uint8Array> = {}) {
  const folder = temporaryFolder();
  const path = (name: string) => join(folder, name);
  const policy = path("policy.json");
  writeFileSync(policy, `{ "logweir": 1, "redact": [{ "path": "**.email" }] }`);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(path(name), ".."), { recursive: true });
    writeFileSync(path(name), content);
  }
  return { folder, path, policy };
}

describe("logweir", () => {
  test("says what it can do", async () => {
    const help = await logweir(["--help"]);
    expect(help).toMatchObject({ status: 0, stderr: "" });
    expect(help.stdout).toContain("logweir run --policy");
    expect((await logweir(["help", "run"])).stdout).toContain("--dead-letter");
    expect((await logweir(["run", "-h"])).stdout).toBe((await logweir(["help", "run"])).stdout);
    expect((await logweir(["help", "explain"])).stdout).toContain("--show-values");
    expect(await logweir(["--version"])).toMatchObject({ status: 0, stdout: `${version}\n` });
    expect(await logweir([])).toMatchObject({ status: 2, stdout: "", stderr: help.stdout });
  });

  test("the first try of its help works as it stands there", async () => {
    const { stdout } = await logweir(["--help"]);
    const lines = stdout
      .split("\n")
      .filter((line) => line.startsWith("  echo") || line.startsWith("  logweir run --policy p"));
    const script = lines
      .map((line) => line.trim().replace(/^logweir/, `${process.execPath} ${command}`))
      .join("\n");
    const { folder } = workplace();
    const shell = spawn("sh", ["-euc", script], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
    let out = "";
    for await (const piece of shell.stdout) out += piece;
    expect(out).toBe(`{"user":{"email":"[redacted]"}}\n`);
  });

  test.each([
    [["rnu", "-p", "x"], `did you mean "run"?`],
    [["frobnicate"], "no command"],
    [["help", "explian"], `did you mean "explain"?`],
    [["run", "--polcy", "x"], `did you mean "--policy"?`],
    [["run", "--dead-leter=x", "-p", "x"], `did you mean "--dead-letter"?`],
    [["run"], "--policy is missing"],
    [["run", "--policy"], "--policy needs a value"],
    [["run", "--policy", "--report", "x"], "--policy needs a value"],
    [["run", "-p", "x", "--format", "njson"], `did you mean "ndjson"?`],
    [["explain", "-p", "x", "--show-values=yes"], "takes no value"],
    [["run", "-p", "-"], "--policy -: stdin holds the events then"],
    [["explain", "-p", "-", "-"], "--policy -: stdin holds the events then"],
    [["run", "-p", "there-is-none.json"], "there-is-none.json: the policy cannot be read: no such file"],
  ])("%j is answered with help", async (args, answer) => {
    const result = await logweir(args);
    expect(result).toMatchObject({ status: 2, stdout: "" });
    expect(result.stderr).toContain(answer);
    expect(result.stderr).not.toContain("    at ");
  });
});

describe("logweir run", () => {
  test("reads stdin, files, folders and gzip, in order", async () => {
    const { path, policy } = workplace({
      "a.ndjson": `{"n":1,"email":"ana@example.org"}\n{"n":2}`,
      "jobs/10.json": `{"n":\n  4}`,
      "jobs/2/deep.json": `[{"n":5},{"n":6}]`,
      "jobs/3.json.gz": gzipSync(`{"n":7,"email":"bo@example.org"}`),
      "jobs/.hidden": `{"n":"hidden"}`,
      "z.gz": Buffer.concat([gzipSync(`{"n":8}\n`), gzipSync(`{"n":9}\n`)]),
    });
    const args = ["run", "--policy", policy, path("a.ndjson"), "-", path("jobs"), path("z.gz")];
    const result = await logweir(args, gzipSync(`{"n":3}`));
    expect(result).toMatchObject({ status: 0, stderr: "" });
    const records = result.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(records.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(records.map(({ email }) => email).filter(Boolean)).toEqual(["[redacted]", "[redacted]"]);
    expect(await logweir(["run", "-p", policy], `{"n":1}\n`)).toMatchObject({
      status: 0,
      stdout: `{"n":1}\n`,
    });
    expect(await logweir(["run", "-p", policy], "")).toMatchObject({ status: 0, stdout: "", stderr: "" });
  });

  test("writes every body of a route to a destination", async () => {
    const { path } = workplace({
      "policy.json": JSON.stringify({ logweir: 1, routes: [{ name: "dd", to: { datadog: {} } }] }),
    });
    const input = Array.from({ length: 2500 }, (_, n) => `{"n":${n}}\n`).join("");
    const { status, stdout } = await logweir(["run", "-p", path("policy.json")], input);
    const bodies: { event: { n: number } }[][] = JSON.parse(`[${stdout.replaceAll("]\n[", "],[")}]`);
    expect(status).toBe(0);
    expect(bodies.length).toBeGreaterThan(2);
    expect(bodies.flat().map(({ event }) => event.n)).toEqual(Array.from({ length: 2500 }, (_, n) => n));
  });

  test("follows links to files, and none to folders", async () => {
    const { path, policy } = workplace({ "logs/a.json": `{"a":1}`, "elsewhere/b.json": `{"b":2}` });
    symlinkSync(path("elsewhere/b.json"), path("logs/b.json"));
    symlinkSync(path("logs"), path("logs/round"));
    expect(await logweir(["run", "-p", policy, path("logs")])).toMatchObject({
      status: 0,
      stdout: `{"a":1}\n{"b":2}\n`,
    });
  });

  test("withholds, accounts and tells so by its exit status", async () => {
    const { path, policy } = workplace({
      "a.json": `{"a":1}\n{"email":"s3cret@example.org",\n{"b":2}\n`,
      "b.json": `{"c":3}\n!\n`,
    });
    const files = [
      "--report",
      path("report.json"),
      "--dead-letter",
      path("dead.ndjson"),
      path("a.json"),
      path("b.json"),
    ];
    const result = await logweir(["run", "-p", policy, ...files]);
    expect(result).toMatchObject({ status: 1, stdout: `{"a":1}\n{"b":2}\n{"c":3}\n` });
    expect(result.stderr).toContain("5 records: 3 kept, 0 filtered, 2 quarantined");
    // Where they were is what is asked next.
    expect(result.stderr).not.toContain("--dead-letter");
    const untold = await logweir(["run", "-p", policy, path("b.json")]);
    expect(untold.stderr).toContain("--dead-letter FILE tells");
    const report = JSON.parse(readFileSync(path("report.json"), "utf8"));
    expect(report).toMatchObject({ records: 5, kept: 3, filtered: 0, quarantined: 2, bytes: { out: 24 } });
    const letters = readFileSync(path("dead.ndjson"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(letters).toMatchObject([
      { file: path("a.json"), record: 1, line: 2, offset: 8, length: 30 },
      { file: path("b.json"), record: 4, line: 2, offset: 8, length: 1 },
    ]);
    expect(Object.keys(report.reasons).sort()).toEqual(
      [...new Set(letters.map((letter) => letter.code))].sort(),
    );
    expect(JSON.stringify([report, letters, result.stderr])).not.toContain("s3cret");
  });

  test("keeps originals in the dead letters if the policy says so: as text, or as base64", async () => {
    const { path } = workplace({ "policy.json": `{ "logweir": 1, "quarantine": { "originals": true } }` });
    const input = Buffer.concat([
      Buffer.from(`{"ä":\n`),
      Buffer.from([0x22, 0xff, 0x22, 0x0a]),
      Buffer.from(`{}\n`),
    ]);
    const result = await logweir(
      ["run", "-p", path("policy.json"), "--format", "ndjson", "--dead-letter", path("dead")],
      input,
    );
    expect(result).toMatchObject({ status: 1, stdout: "{}\n" });
    const [first, second] = readFileSync(path("dead"), "utf8")
      .split("\n")
      .map((line) => line && JSON.parse(line));
    expect(first).toMatchObject({ file: "-", original: `{"ä":` });
    expect(first.originalEncoding).toBeUndefined();
    expect(second).toMatchObject({ original: "Iv8i", originalEncoding: "base64" });
  });

  test("writes the report for Prometheus where its name says so", async () => {
    const { policy, path } = workplace();
    const result = await logweir(
      ["run", "-p", policy, "--report", path("metrics.prom")],
      '{"n":1}\n{"n":2}\n',
    );
    expect(result).toMatchObject({ status: 0 });
    const text = readFileSync(path("metrics.prom"), "utf8");
    expect(text).toContain('\nlogweir_records_total{outcome="kept"} 2\n');
    expect(text.endsWith("\n")).toBe(true);
  });

  test("writes the account to stderr if asked", async () => {
    const { policy } = workplace();
    const result = await logweir(["run", "-p", policy, "--report", "-"], "{}");
    expect(JSON.parse(result.stderr)).toMatchObject({ records: 1, kept: 1 });
    // Nothing for people stands behind it, whatever it tells.
    const withheld = await logweir(["run", "-p", policy, "--report", "-"], "{broken");
    expect(JSON.parse(withheld.stderr)).toMatchObject({ records: 1, quarantined: 1 });
  });

  test("writes the dead letters to stderr if asked, and makes no file of that name", async () => {
    const { folder, policy } = workplace();
    const args = ["run", "-p", policy, "--dead-letter", "-", "--report", "-"];
    const child = spawn(process.execPath, [command, ...args], { cwd: folder });
    child.stdin.end(`{"a":1}\n!\n`);
    let stderr = "";
    for await (const piece of child.stderr) stderr += piece;
    const [first, ...rest] = stderr.split("\n");
    expect(JSON.parse(first as string)).toMatchObject({ file: "-", line: 2, code: "S102" });
    expect(rest[0]).toBe("{");
    expect(readdirSync(folder)).toEqual(["policy.json"]);
  });

  test("reads the policy from stdin if asked", async () => {
    const { path } = workplace({ "a.json": `{"a":1,"b":2}` });
    const run = (policy: string) => logweir(["run", "-p", "-", path("a.json")], policy);
    expect(await run(`{"logweir":1,"redact":[{"path":"a","with":"remove"}]}`)).toMatchObject({
      status: 0,
      stdout: `{"b":2}\n`,
    });
    expect((await run(`{"logweir":2}`)).stderr).toContain("stdin:1:12 error P109");
  });

  test("wants to know the route where there are several", async () => {
    const { path } = workplace({
      "policy.json": `{"logweir":1,"routes":[{"name":"ops"},{"name":"archive","to":"json"}]}`,
    });
    const run = (...more: string[]) => logweir(["run", "-p", path("policy.json"), ...more], `{"a":1}`);
    const none = await run();
    expect(none).toMatchObject({ status: 2, stdout: "" });
    expect(none.stderr).toContain("ops, archive");
    expect((await run("--route", "archiv")).stderr).toContain(`did you mean "archive"?`);
    const one = await run("--route", "archive");
    expect(one.status).toBe(0);
    expect(JSON.parse(one.stdout)).toEqual([{ a: 1 }]);
  });

  test("shows all mistakes of a policy, each under its own line, and reads nothing", async () => {
    const broken = [
      `{`,
      `  "logweir": 2,`,
      `  "redcat": [],`,
      `  "redact": [{ "path": "a..b" }],`,
      `  "routes": [{ "name": "out", "to": "xml" }],`,
      `  "limits": { "depth": "deep" }`,
      `}`,
    ];
    const { path } = workplace({ "policy.json": broken.join("\n") });
    const result = await logweir([
      "run",
      "-p",
      path("policy.json"),
      "--report",
      path("report.json"),
      path("policy.json"),
    ]);
    expect(result).toMatchObject({ status: 2, stdout: "" });
    const lines = result.stderr.split("\n");
    const heads = lines.filter((line) => line.startsWith(path("policy.json")));
    expect(heads).toHaveLength(5);
    for (const head of heads)
      expect(head.slice(path("policy.json").length)).toMatch(/^:[2-6]:\d+ error P\d{3} .*expected/);
    const third = lines.indexOf(`    3 |   "redcat": [],`);
    expect(lines[third + 1]).toBe(`      |   ^^^^^^^^`);
    expect(lines[third + 2]).toContain(`"redact"`);
    expect(result.stderr).toContain("5 mistakes in the policy");
    expect(() => readFileSync(path("report.json"))).toThrow("ENOENT");
  });

  test("puts the caret right in long lines and under wide characters", async () => {
    const long = `{"logweir":1,"redact":[${Array.from({ length: 30 }, (_, n) => `{"path":"ä🐟${n}"}`).join(",")},{"paht":"x"}]}`;
    const { path } = workplace({ "policy.json": long });
    const { stderr } = await logweir(["run", "-p", path("policy.json")], "");
    const lines = stderr.split("\n");
    const caret = lines.findIndex((line) => line.endsWith("^^^^^^"));
    // A fish takes two cells of a terminal.
    const column = [...(lines[caret] ?? "")].indexOf("^");
    expect((lines[caret - 1] ?? "").replaceAll("🐟", "🐟 ").indexOf(`"paht"`) - column).toBe(
      (lines[caret - 1] ?? "").split("🐟").length - 1,
    );
    expect(lines[caret - 1]?.length).toBeLessThan(130);
  });

  test("puts one caret where the place lies inside a text", async () => {
    const policy = `{ "logweir": 1, "redact": [{ "path": "user\\"..email" }, { "path": "a.b[x]" }] }`;
    const { path } = workplace({ "policy.json": policy });
    const { stderr } = await logweir(["run", "-p", path("policy.json")], "");
    const carets = stderr.split("\n").filter((line) => /^ +\| +\^/.test(line));
    expect(carets.map((line) => line.trimEnd().match(/\^+$/)?.[0])).toEqual(["^^^^^^^^^^^^^^^", "^"]);
    const lines = stderr.split("\n");
    const above = lines[lines.lastIndexOf(carets[1] as string) - 1] as string;
    expect(above.slice(carets[1]?.indexOf("^")).slice(0, 2)).toBe("x]");
  });

  test("lets no name of the policy steer the terminal, nor fill it", async () => {
    const { path } = workplace({ "policy.json": `{"logweir":1,"\\u001b[31mred":1,"${"x".repeat(5000)}":1}` });
    const { stderr } = await logweir(["run", "-p", path("policy.json")], "");
    expect(stderr).toContain("at / [31mred");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: there must be none
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(stderr.length).toBeLessThan(2000);
  });

  test("names every input that cannot be read before it writes anything", async () => {
    const { path, policy } = workplace({ "a.json": "{}" });
    const result = await logweir(["run", "-p", policy, path("a.json"), path("b.json"), path("c")]);
    expect(result).toMatchObject({ status: 2, stdout: "" });
    expect(result.stderr).toContain(`${path("b.json")}: no such file`);
    expect(result.stderr).toContain(`${path("c")}: no such file`);
  });

  test("says so where gzip is damaged or ends too early", async () => {
    const whole = gzipSync(`{"a":"${"x".repeat(1000)}"}\n`.repeat(1000));
    const { path, policy } = workplace({ "short.gz": whole.subarray(0, whole.length - 20) });
    const short = await logweir(["run", "-p", policy, path("short.gz")]);
    expect(short.status).toBe(2);
    expect(short.stderr).toContain("short.gz: the gzip data ends too early");
    const damaged = await logweir(
      ["run", "-p", policy],
      Buffer.concat([whole.subarray(0, -8), Buffer.alloc(8)]),
    );
    expect(damaged.status).toBe(2);
    expect(damaged.stderr).toContain("stdin: the gzip data is damaged");
  });

  test.each([
    ["zstd", "28b52ffd0400"],
    ["xz", "fd377a585a00"],
    ["bzip2", "425a683931415926"],
    ["zip", "504b0304"],
    ["UTF-16", "fffe7b007d00"],
    ["UTF-16", "feff007b007d"],
  ])("says so where an input is %s and not broken JSON, and reads the others", async (what, bytes) => {
    const { path, policy } = workplace({ a: Buffer.from(bytes, "hex"), b: "{}" });
    const result = await logweir(["run", "-p", policy, path("a"), path("b")]);
    expect(result).toMatchObject({ status: 2, stdout: "{}\n" });
    expect(result.stderr).toContain(`logweir: ${path("a")}: it is `);
    expect(result.stderr).toContain(what);
  });

  test("takes what only begins like something else for what it is: broken records", async () => {
    const { policy } = workplace();
    for (const odd of ["PK", "BZh", "(", "\xff\xfe{}", "\xfe"]) {
      const result = await logweir(
        ["run", "-p", policy, "-f", "ndjson"],
        Buffer.from(`${odd}\n{}\n`, "latin1"),
      );
      expect(result).toMatchObject({ status: 1, stdout: "{}\n" });
    }
  });

  test("takes zeros after gzip for padding", async () => {
    const { path, policy } = workplace({
      "a.gz": Buffer.concat([gzipSync(`{"a":1}\n`), Buffer.alloc(900_000)]),
    });
    const result = await logweir(["run", "-p", policy, path("a.gz")]);
    expect(result).toEqual({ status: 0, signal: null, stdout: `{"a":1}\n`, stderr: "" });
  });

  test("never writes over what it reads", async () => {
    const { path, policy } = workplace({ "in/a.json": `{"a":1}\n` });
    const attempts = [
      ["--report", path("in/a.json"), path("in/a.json")],
      ["--dead-letter", path("in/dead"), path("in")],
      ["--report", policy],
    ];
    for (const attempt of attempts) {
      const result = await logweir(["run", "-p", policy, ...attempt], "");
      expect(result).toMatchObject({ status: 2, stdout: "" });
      expect(result.stderr).toContain("is among what is read");
    }
    expect(readFileSync(path("in/a.json"), "utf8")).toBe(`{"a":1}\n`);
    const out = openSync(path("in/out.json"), "w");
    const child = spawn(process.execPath, [command, "run", "-p", policy, path("in")], {
      stdio: ["ignore", out, "pipe"],
    });
    let stderr = "";
    for await (const piece of child.stderr as Readable) stderr += piece;
    closeSync(out);
    expect(stderr).toContain("read and written at once");
  });

  test("never writes the report and the dead letters into one file, nor over an input under another name", async () => {
    const { path, policy } = workplace({ "in/a.json": `{"a":1}\n`, "old.json": "precious", "sub/x": "" });
    linkSync(path("old.json"), path("hard.json"));
    symlinkSync(path("old.json"), path("soft.json"));
    symlinkSync(path("new.json"), path("dangling.json"));
    symlinkSync(path("sub"), path("way"));
    linkSync(path("in/a.json"), path("a-hard.json"));
    writeFileSync(path("linked.json"), "precious");
    symlinkSync(path("linked.json"), path("in/linked.json"));
    const refused = async (report: string, letters: string, why: string, ...inputs: string[]) => {
      const outputs = ["--report", path(report), "--dead-letter", path(letters)];
      const result = await logweir(["run", "-p", policy, ...outputs, ...inputs.map(path)], "{}");
      expect(result).toMatchObject({ status: 2, stdout: "" });
      expect(result.stderr).toContain(why);
    };
    for (const [report, letters] of [
      ["old.json", "old.json"],
      ["hard.json", "old.json"],
      ["old.json", "soft.json"],
      ["new.json", "new.json"],
      ["new.json", "dangling.json"],
      ["sub/new.json", "way/new.json"],
    ] as const)
      await refused(report, letters, "is the same file as");
    await refused("a-hard.json", "dead", "is among what is read", "in/a.json");
    await refused("a-hard.json", "dead", "is among what is read", "in");
    await refused("linked.json", "dead", "is among what is read", "in");
    expect(readFileSync(path("old.json"), "utf8")).toBe("precious");
    expect(readFileSync(path("linked.json"), "utf8")).toBe("precious");
    expect(readFileSync(path("in/a.json"), "utf8")).toBe(`{"a":1}\n`);
    for (const name of ["new.json", "sub/new.json", "dead"])
      expect(() => readFileSync(path(name))).toThrow("ENOENT");
  });

  test.skipIf(process.platform === "win32")("looks where stdin and stdout lead", async () => {
    const { path, policy, folder } = workplace({ "in.json": `{"a":1}\n`, "out.json": "" });
    const shell = async (script: string) => {
      const args = ["-c", script, process.execPath, command, policy];
      const child = spawn("sh", args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
      let stderr = "";
      child.stderr.on("data", (piece) => (stderr += piece));
      child.stdout.resume();
      const status = await new Promise((resolve) => child.on("close", resolve));
      return { status, stderr };
    };
    const folderIn = await shell(`"$0" "$1" run -p "$2" < .`);
    expect(folderIn).toMatchObject({ status: 2 });
    expect(folderIn.stderr).toContain("stdin: it is a folder");
    expect((await shell(`"$0" "$1" explain -p "$2" < .`)).status).toBe(2);
    const fromReport = await shell(`"$0" "$1" run -p "$2" --report in.json < in.json`);
    expect(fromReport).toMatchObject({ status: 2 });
    expect(fromReport.stderr).toContain("is among what is read (stdin)");
    expect(readFileSync(path("in.json"), "utf8")).toBe(`{"a":1}\n`);
    const toStdout = await shell(`"$0" "$1" run -p "$2" --report out.json in.json > out.json`);
    expect(toStdout).toMatchObject({ status: 2 });
    expect(toStdout.stderr).toContain("is the file that stdout goes to");
    const devices = await shell(`"$0" "$1" run -p "$2" --report /dev/null --dead-letter /dev/null in.json`);
    expect(devices).toEqual({ status: 0, stderr: "" });
  });

  test("goes on after a file that cannot be read to its end, and closes what it began", async () => {
    const lines = Array.from({ length: 40_000 }, (_, n) => `{"n":${n},"id":"${(n * 7919) % 10007}"}\n`).join(
      "",
    );
    const whole = gzipSync(lines);
    const { path } = workplace({
      "policy.json": `{"logweir":1,"routes":[{"name":"out","to":"json"}]}`,
      "in/1.json": `{"a":1}\n`,
      "in/2.gz": whole.subarray(0, Math.floor(whole.length / 2)),
      "in/3.gz": Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xff, 0xff, 0xff]),
      "in/5.json": `{"z":5}\n`,
    });
    symlinkSync(path("nowhere"), path("in/4.json"));
    const outputs = ["--report", path("report.json"), "--dead-letter", path("dead")];
    const result = await logweir(["run", "-p", path("policy.json"), ...outputs, path("in")]);
    expect(result.status).toBe(2);
    expect(result.stderr).toContain(`${path("in/2.gz")}: the gzip data ends too early`);
    expect(result.stderr).toContain(`${path("in/3.gz")}: the gzip data is damaged`);
    expect(result.stderr).toContain(`${path("in/4.json")}: no such file`);
    expect(result.stderr).not.toContain("    at ");
    const records = JSON.parse(result.stdout);
    expect(records[0]).toEqual({ a: 1 });
    expect(records.at(-1)).toEqual({ z: 5 });
    expect(records.length).toBeGreaterThan(10_000);
    records.slice(1, -1).forEach((record: { n: number }, index: number) => {
      if (record.n !== index) throw new Error(`record ${index} is ${record.n}`);
    });
    const report = JSON.parse(readFileSync(path("report.json"), "utf8"));
    expect(report).toMatchObject({ kept: records.length, quarantined: 1 });
    expect(JSON.parse(readFileSync(path("dead"), "utf8"))).toMatchObject({ file: path("in/2.gz") });
  });

  test("says so where an output cannot be written", async () => {
    const { path, policy } = workplace();
    const result = await logweir(["run", "-p", policy, "--report", path("no/such/report.json")], "{}");
    expect(result).toMatchObject({ status: 2, stdout: "" });
    expect(result.stderr).toContain("cannot be written: no such file or folder");
  });

  test.skipIf(process.platform === "win32")("ends quietly when its reader goes away", async () => {
    const { policy } = workplace();
    const script = `yes '{"a":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}' | "$0" "$1" run -p "$2" | head -n 2; echo done >&2`;
    const shell = spawn("sh", ["-c", script, process.execPath, command, policy], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    shell.stdout.on("data", (piece) => (stdout += piece));
    shell.stderr.on("data", (piece) => (stderr += piece));
    await new Promise((resolve) => shell.on("close", resolve));
    expect(stdout.split("\n")).toHaveLength(3);
    expect(stderr).toBe("done\n");
  });

  test.skipIf(process.platform === "win32")(
    "ends with its reader, and a full disk, in whatever it writes",
    async () => {
      const { folder, policy } = workplace();
      const commands = [
        "--help",
        "--version",
        "help run",
        "catalog",
        "check -",
        "sample -n 1",
        "worker key k",
      ];
      for (const words of commands) {
        const script = `"$0" "$1" ${words} < "$2" > /dev/full; status=$?; rm -f k; exit $status`;
        const args = ["-c", script, process.execPath, command, policy];
        const full = await finished(spawn("sh", args, { cwd: folder }));
        expect([words, full.status]).toEqual([words, 2]);
        expect(full.stderr).toMatch(/logweir: stdout: no space left on the device\n$/);
      }
      const piped = `{ "$0" "$1" --help; echo $? >&2; } | true`;
      const { stderr } = await finished(spawn("sh", ["-c", piped, process.execPath, command]));
      expect(stderr).toBe("141\n");
    },
  );

  test.skipIf(process.platform === "win32")(
    "has the same exit status where nobody hears what it tells",
    async () => {
      const { folder, policy } = workplace({
        "events.ndjson": '{"a":1}\n',
        "broken.ndjson": '{broken\n{"a":1}\n',
      });
      const ended = (words: string) =>
        finished(spawn("sh", ["-c", `"$0" "$1" ${words}`, process.execPath, command], { cwd: folder }));
      expect(await ended("run -p none.json 2> /dev/full")).toMatchObject({ status: 2, stdout: "" });
      expect(await ended("frobnicate 2> /dev/full")).toMatchObject({ status: 2 });
      const heard = `run -p ${policy} --dead-letter dead.ndjson broken.ndjson events.ndjson`;
      expect(await ended(`${heard} 2> /dev/full`)).toMatchObject({ status: 1, stdout: '{"a":1}\n{"a":1}\n' });
      // Dead letters are data: who asked for them there is told that they are lost.
      expect(await ended(`run -p ${policy} --dead-letter - broken.ndjson 2> /dev/full`)).toMatchObject({
        status: 2,
      });
    },
  );

  test.skipIf(process.platform === "win32")("ends on an interrupt, as the signal would end it", async () => {
    const { policy } = workplace();
    const child = spawn(process.execPath, [command, "run", "-p", policy, "-f", "ndjson"], { stdio: "pipe" });
    let stderr = "";
    child.stderr.on("data", (piece) => (stderr += piece));
    const closed = new Promise((resolve) =>
      child.on("close", (status, signal) => resolve({ status, signal })),
    );
    child.stdin.write(`{"a":1}\n`);
    await new Promise((resolve) => child.stdout.once("data", resolve));
    child.kill("SIGINT");
    expect(await closed).toEqual({ status: null, signal: "SIGINT" });
    expect(stderr).toBe("");
  });

  test("writes as it reads, without waiting for the end", async () => {
    const { policy } = workplace();
    const child = spawn(process.execPath, [command, "run", "-p", policy, "-f", "ndjson"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    for (let n = 0; n < 3; n += 1) {
      child.stdin.write(`{"n":${n}}\n`);
      const piece = await new Promise((resolve) => child.stdout.once("data", resolve));
      expect(String(piece)).toBe(`{"n":${n}}\n`);
    }
    child.stdin.end();
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(0);
  });
});

describe("logweir explain", () => {
  const input = `{"user":{"email":"ana@example.org"},"log":"{\\"email\\":\\"bo@example.org\\"}"}\n{"x":\n`;

  test("tells what became of each record, without values", async () => {
    const { policy } = workplace();
    const result = await logweir(["explain", "--policy", policy], input);
    expect(result).toMatchObject({ status: 1, stderr: "" });
    expect(result.stdout).toContain("record 0, line 1");
    expect(result.stdout).toContain("kept → out");
    expect(result.stdout).toContain("/redact/0 at **.email: replace, string of 17 bytes at 17 is now 12\n");
    expect(result.stdout).toContain("inside JSON in a string");
    expect(result.stdout).toMatch(/record 1, line 2.*quarantined/);
    expect(result.stdout).not.toContain("example.org");
  });

  test("shows the values if asked", async () => {
    const { path, policy } = workplace({ "events.json": input });
    const { stdout } = await logweir(["explain", "-p", policy, "--show-values", path("events.json")]);
    expect(stdout).toContain(`was "ana@example.org"`);
    expect(stdout).toContain(`was "bo@example.org"`);
  });

  test("tells where a key or a detector reached something, by names that the catalogue or the policy has", async () => {
    const { path } = workplace({
      "policy.json": `{"logweir":1,"accept":{"unknown":"pass"},"redact":[{"key":"*token","with":"null"},{"detect":"email"}]}`,
    });
    const job = `{"id":"j-1","flow_id":7,"status":"failed","started_at":"2026-05-04T06:00:00Z","error":"{\\"message\\":\\"of bo@example.org\\"}","lines":[{"input":{"ana@example.org":{"token":1}}}]}`;
    const { stdout } = await logweir(["explain", "-p", path("policy.json")], job);
    expect(stdout).toContain("/redact/0 key at lines[*].input.*.token: null, number of 1 bytes");
    expect(stdout).toContain("/redact/1 detect at error.message: replace, string of 14 bytes");
    expect(stdout).toContain("/redact/1 detect at lines[*].input.*: replace, key of 15 bytes");
    expect(stdout).not.toContain("example.org");
    const { stderr } = await logweir(["run", "-p", path("policy.json"), "--report", "-"], job);
    expect(JSON.parse(stderr).places).toEqual([
      { rule: "/redact/1", path: "error.message", count: 1 },
      { rule: "/redact/1", path: "lines[*].input.*", count: 1 },
      { rule: "/redact/0", path: "lines[*].input.*.token", count: 1 },
    ]);
  });

  test("tells what decided, and what goes out only if asked", async () => {
    const { path } = workplace({
      "policy.json": JSON.stringify({
        logweir: 1,
        keep: "status:failed -n:2",
        redact: [{ path: "email" }],
        routes: [
          { name: "ops", when: "n:1", to: { datadog: {} } },
          { name: "all", template: '{"who":{{{email}}},"n":{{{n}}}}' },
        ],
      }),
    });
    const record = (n: number) => `{"status":"failed","n":${n},"email":"ana@example.org"}\n`;
    const run = (...more: string[]) =>
      logweir(["explain", "-p", path("policy.json"), ...more], record(1) + record(2));
    const { stdout } = await run();
    expect(stdout).toContain(
      [
        "  query    /keep: yes, by status:failed (bytes 0 to 13)",
        "           /routes/0/when: yes, by n:1 (bytes 0 to 3)",
        "  redact   1 changed, 0 of them inside strings",
      ].join("\n"),
    );
    expect(stdout).toContain("             POST to https://http-intake.logs.datadoghq.com\n");
    expect(stdout).toContain("  encode   all: ndjson, json of /routes/1/template; 1 record, 27 bytes\n");
    expect(stdout).toContain(": filtered by /keep\n  query    /keep: no, by n:2 (bytes 15 to 18)\n");
    expect(stdout).not.toContain("who");
    const shown = await run("--show-output");
    expect(shown.stdout).toContain(`             {"who":"[redacted]","n":1}\n`);
    const trips = (await run("--json")).stdout.trimEnd().split("\n");
    expect(trips.map((line) => JSON.parse(line))).toHaveLength(2);
    for (const told of [stdout, shown.stdout]) expect(told).not.toContain("example.org");
  });

  test("knows what now is", async () => {
    const { path } = workplace({ "policy.json": `{ "logweir": 1, "keep": "at:>=now-1h" }` });
    const outcome = async (now: string) =>
      (await logweir(["explain", "-p", path("policy.json"), "--now", now], `{"at":"2026-05-01T11:30:00Z"}`))
        .stdout;
    expect(await outcome("2026-05-01T12:00:00Z")).toContain(": kept");
    expect(await outcome("2026-05-01T13:00:00Z")).toContain(": filtered");
    // Also where nobody asks for it.
    const plain = workplace().policy;
    for (const command of [
      ["explain", "-p", path("policy.json")],
      ["run", "-p", plain],
      ["grep", "a"],
    ])
      expect(await logweir([...command, "--now", "noon"], "{}")).toMatchObject({
        status: 2,
        stdout: "",
        stderr: expect.stringContaining("now: expected a point in time"),
      });
  });

  test("is for a look, not for bulk", async () => {
    const { path, policy } = workplace({ "big.json": `"${"x".repeat(17_000_000)}"` });
    const big = await logweir(["explain", "-p", policy, path("big.json")]);
    expect(big).toMatchObject({ status: 2, stdout: "" });
    expect(big.stderr).toContain("head -n");
    for (const many of [
      `{"a":1}\n`.repeat(10_001),
      `[${`{"email":1},`.repeat(10_000)}1]`,
      `{"email":1}\n`.repeat(1_300_000),
    ]) {
      const result = await logweir(
        ["explain", "-p", policy, "-f", "json"].slice(0, many[0] === "[" ? 5 : 3),
        many,
      );
      expect(result).toMatchObject({ status: 2, stdout: "" });
      expect(result.stderr).toContain("more than 10,000 records and changes");
    }
    expect((await logweir(["explain", "-p", policy], `{"email":1}\n`.repeat(5000))).status).toBe(0);
    expect((await logweir(["explain", "-p", policy, path("big.json"), policy])).stderr).toContain("one file");
    expect((await logweir(["explain", "-p", policy, path(".")])).stderr).toContain("is a folder");
  });
});

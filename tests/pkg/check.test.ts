// Policies are checked: what could leak, and whether their own tests hold; by the package and by the command.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile, PolicyError } from "logweir";
import { check } from "logweir/check";
import { describe, expect, test } from "vitest";
import { logweir, temporaryFolder } from "./tools.js";

const job = {
  id: "j-1",
  flow_id: 7,
  status: "failed",
  started_at: "2026-05-04T06:00:00.000-07:00",
  context: { user_email: "ana@example.org", user_name: "Ana" },
};

const policy = {
  logweir: 1,
  accept: { events: ["workato.job"], unknown: "quarantine" },
  redact: [
    { class: ["email", "person"], with: "remove" },
    { class: "customer_id", with: { hash: "pii" } },
    { payload: true },
  ],
  routes: [{ name: "ops", when: "@status:failed" }, { name: "all" }],
  tests: [
    {
      name: "people are taken out",
      given: { log: job },
      expect: {
        ops: [
          {
            log: { id: "j-1", flow_id: 7, status: "failed", started_at: "*", context: {} },
          },
        ],
      },
      nowhere: ["ana@example.org", "Ana"],
    },
    { name: "what is fine stays away", given: [{ ...job, status: "succeeded" }], expect: { ops: [] } },
    { name: "what nobody knows is withheld", given: { a: 1 }, quarantined: ["D101"] },
    { name: "a sample", sample: "workato.job/numeric_id", filtered: 0 },
  ],
} as const;
const keys = { pii: "0123456789abcdef0123456789abcdef" };

describe("check()", () => {
  test("finds a sound policy sound, and tells what its tests exercise", async () => {
    const result = await check(compile(policy, { keys }));
    expect(result.tests.flatMap(({ faults }) => faults)).toEqual([]);
    expect(result).toMatchObject({ ok: true, problems: [] });
    expect(result.tests).toHaveLength(4);
    expect(result.coverage.rules[0]).toBeGreaterThan(1);
    expect(result.coverage.routes).toMatchObject({ all: 3 });
    expect(result.coverage.events).toEqual({ "workato.job": 3 });
  });

  test("tells each leak, with the mend that mends it", async () => {
    const redact = policy.redact.slice(1);
    const weir = compile({ ...policy, redact, tests: [] }, { keys });
    const leaks = weir.leaks();
    expect(new Set(leaks.map(({ code }) => code))).toEqual(new Set(["F101"]));
    expect(leaks[0]).toMatchObject({
      severity: "error",
      pointer: "/routes/0",
      expected: 'no email as it came on route "ops": workato.job has it at context.user_email',
      help: 'the rule { "class": "email" }',
    });
    expect((await check(weir)).ok).toBe(false);
    expect(
      compile({ ...policy, redact: [...redact, { class: ["email", "person"] }] }, { keys }).leaks(),
    ).toEqual([]);
  });

  test("counts routes of any name, and looks for values in addresses and originals, too", async () => {
    const record = { who: "ana@example.org", x: "hidden" };
    const to = { s3: { bucket: "b", region: "r", key: "{{who}}/${batch}" } };
    const weir = compile({
      logweir: 1,
      quarantine: { originals: true },
      accept: { events: ["tray.audit"] },
      routes: [
        { name: "constructor", template: '{"x":1}', to },
        { name: "__proto__", template: '{"x":1}', to },
      ],
      tests: [
        { name: "an address", given: record, nowhere: ["ana@example.org"] },
        { name: "an original", given: [record], nowhere: ["hidden"] },
      ],
    });
    const { tests, coverage } = await check(weir);
    expect(Object.entries(coverage.routes)).toEqual([
      ["constructor", 2],
      ["__proto__", 2],
    ]);
    expect(tests[0]?.faults).toEqual(
      ["constructor", "__proto__"].map((r) => `${r}: expected "ana@example.org" nowhere`),
    );
    expect(tests[1]?.faults).toEqual([]);
    const broken = compile({
      logweir: 1,
      quarantine: { originals: true },
      accept: { unknown: "quarantine" },
      tests: [{ name: "withheld", given: record, quarantined: ["D101"], nowhere: ["hidden"] }],
    });
    expect((await check(broken)).tests[0]?.faults).toEqual([`quarantine: expected "hidden" nowhere`]);
  });

  test("tells what a test expected and what came, place by place", async () => {
    const tests = [
      {
        name: "one",
        given: { log: job },
        expect: { all: [{ log: { ...job, context: { n: 1 } } }, 7] },
        nowhere: ["j-1"],
      },
      { name: "two", given: [1, 2], filtered: 1 },
      { name: "three", sample: "workato.job/none", filtered: 0 },
      { name: "four", file: "x.ndjson", filtered: 0 },
    ];
    const result = await check(compile({ ...policy, tests }, { keys }));
    expect(result.ok).toBe(false);
    expect(result.tests).toEqual([
      {
        name: "one",
        faults: [
          "all/0/log/context/n: expected 1, found nothing",
          "all/1: expected 7, found nothing",
          'ops: expected "j-1" nowhere',
          'all: expected "j-1" nowhere',
        ],
      },
      {
        name: "two",
        faults: ['quarantined: expected nothing, found ["D101","D101"]', "filtered: expected 1, found 0"],
      },
      { name: "three", faults: ["there is no sample workato.job/none"] },
      { name: "four", faults: ["there is no file x.ndjson"] },
    ]);
  });

  test.each([
    [{}, "/tests/0", "name"],
    [{ name: "a", given: 1 }, "/tests/0", '"expect"'],
    [{ name: "a", expect: {} }, "/tests/0", '"given"'],
    [{ name: "a", given: 1, sample: "b", expect: {} }, "/tests/0", '"given"'],
    [{ name: "a", given: 1, expect: { opps: [] } }, "/tests/0/expect/opps", "the name of a route"],
    [{ name: "a", given: 1, expect: { ops: 1 } }, "/tests/0/expect/ops", "an array of records"],
  ])("refuses the test %j", (one, pointer, expected) => {
    const problems = (() => {
      try {
        compile({ ...policy, tests: [one] } as never, { keys });
        return [];
      } catch (error) {
        if (error instanceof PolicyError) return error.problems;
        throw error;
      }
    })();
    expect(problems).toContainEqual(
      expect.objectContaining({ pointer, expected: expect.stringContaining(expected) }),
    );
  });
});

describe("logweir check", () => {
  const place = (value: unknown) => {
    const folder = temporaryFolder();
    const path = join(folder, "policy.json");
    writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value, null, 2));
    writeFileSync(join(folder, "jobs.ndjson"), `${JSON.stringify(job)}\n`);
    return path;
  };

  test("needs no keys, and says what holds", async () => {
    const tests = [...policy.tests, { name: "from a file", file: "jobs.ndjson", nowhere: ["ana@"] }];
    const redact = [...policy.redact, { key: "nothing_like_this" }];
    const result = await logweir(["check", "--coverage", place({ ...policy, redact, tests })]);
    expect(result).toMatchObject({ status: 0, stderr: "" });
    expect(result.stdout).toContain("ok    people are taken out\n");
    expect(result.stdout).toContain("0 leaks; 5 tests, 0 failed\n");
    expect(result.stdout).toContain("  none  rule 3: no test makes it fire\n");
  });

  test("shows leaks at their route, and failures", async () => {
    const text = `{ "logweir": 1, // as it is
  "accept": { "unknown": "drop", "events": ["tray.audit"], },
  "redact": [{ "payload": true }, { "class": ["user_id", "person"] }],
  "routes": [
    { "name": "siem" }
  ],
  "tests": [{ "name": "nothing", "given": { "a": 1 }, "filtered": 0 }] }`;
    const { status, stdout } = await logweir(["check", place(text)]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/policy\.json:5:5 error F101 at \/routes\/0: expected no email as it came/);
    expect(stdout).toContain("FAIL  nothing\n        filtered: expected 0, found 1\n");
    expect(stdout).toContain("2 leaks; 1 test, 1 failed\n");
    const json = JSON.parse((await logweir(["check", "--json", place(text)])).stdout);
    expect(json).toMatchObject({ ok: false, tests: [{ name: "nothing" }] });
    // A script is told of mistakes in the same form.
    const mistaken = await logweir(["check", "--json", place('{"logweir":1,"keeps":"a"}')]);
    expect(mistaken).toMatchObject({ status: 2, stderr: expect.stringContaining("1 mistake in the policy") });
    expect(JSON.parse(mistaken.stdout)).toEqual({
      ok: false,
      problems: [expect.objectContaining({ code: "P101", pointer: "/keeps", line: 1 })],
      tests: [],
      coverage: { rules: [], routes: {}, events: {} },
    });
  });

  test("refuses what is no policy", async () => {
    expect(await logweir(["check", place("{")])).toMatchObject({ status: 2, stdout: "" });
    expect((await logweir(["check"])).stderr).toContain("expected one policy");
  });
});

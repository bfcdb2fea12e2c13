// Policies that the forwarder makes from its own: the tail's leaks nothing, whatever the policy lets out; tests and alerts
// go through whatever it accepts.
import { readdirSync, readFileSync } from "node:fs";
import { compile } from "logweir";
import { sample } from "logweir/sample";
import { describe, expect, test } from "vitest";
import { limited } from "../../pkg/dist/worker/setup.js";
import { forTail, forTest, plain, withOwn } from "../../pkg/dist/worker/variants.js";
import { at } from "./tools.js";

const keys = { "*": new Uint8Array(32) };

const leaks = (policy: string) =>
  compile(policy, { keys })
    .leaks()
    .filter(({ severity }) => severity === "error");

const examples = readdirSync(at("tests", "examples")).flatMap((folder) =>
  readdirSync(at("tests", "examples", folder))
    .filter((name) => /^policy.*\.jsonc?$/.test(name))
    .map(
      (name) => [`${folder}/${name}`, readFileSync(at("tests", "examples", folder, name), "utf8")] as const,
    ),
);

const everything = [
  { class: ["email", "person", "user_id", "customer_id", "ip"] },
  { payload: true },
  { unknown: true },
];
const open = {
  "no rule": { logweir: 1, routes: [{ name: "out" }] },
  "no rule, and a catalogue": { logweir: 1, accept: {}, routes: [{ name: "out" }] },
  "all allowed": {
    logweir: 1,
    accept: { unknown: "pass" },
    routes: [{ name: "out" }],
    allow: everything.map((what) => ({ route: "out", ...what, because: "synthetic" })),
  },
  "rules of another route": {
    logweir: 1,
    accept: { unknown: "quarantine" },
    redact: [{ use: ["personal", "secrets"], routes: ["other"] }],
    routes: [{ name: "out" }, { name: "other" }],
  },
  "rules with a condition": {
    logweir: 1,
    accept: { events: ["workato.*"] },
    redact: [
      { use: ["personal", "secrets"], when: "@level:error" },
      { payload: true, except: "title" },
    ],
    routes: [{ name: "out" }],
  },
};
const policies = [
  ...examples,
  ...Object.entries(open).map(([name, policy]) => [name, JSON.stringify(policy)] as const),
];

describe.each(policies)("of %s", (_, policy) => {
  test("the tail leaks nothing", () => {
    const shown = forTail(policy).find((each) => leaks(each).length === 0);
    expect(shown).toBeDefined();
    expect(compile(shown as string, { keys }).routes).toEqual(["tail"]);
  });

  test("a marked event goes through every route, and an alert is accepted", () => {
    const run = (text: string, event: object) =>
      compile(text, { keys }).process(`${JSON.stringify(event)}\n`);
    const time = "2026-05-04T06:00:00.000Z";
    const tried = run(forTest(policy), { event: "logweir.test", id: "1f", time });
    expect([tried.report.kept, tried.batches.length]).toEqual([1, compile(policy, { keys }).routes.length]);
    const alert = {
      event: "logweir.silence",
      id: "1f",
      time,
      level: "error",
      status: "begun",
      source: "tray",
    };
    expect(run(withOwn(policy), alert).report.quarantined).toBe(0);
  });

  test("nothing else is accepted by that", () => {
    const events = [...sample({ count: 60, seed: 7, asText: true })].join("\n");
    const [before, after] = [policy, withOwn(policy)].map(
      (text) => compile(text, { keys }).process(`${events}\n`).report,
    );
    expect(after?.routes).toEqual(before?.routes);
  });
});

test.each([
  ['{"a":1}', { a: 1 }],
  ['// x\n{"a": "// \\" /* no */", /* y, } */ "b": [1, 2,], }', { a: '// " /* no */', b: [1, 2] }],
  ['{"a":"x,}"}', { a: "x,}" }],
  ['{"a":[1, // one\n /* two */ ], // three\n}', { a: [1] }],
  ["[1]", undefined],
  ["{", undefined],
  ['"text"', undefined],
])("%s is read with its comments", (text, value) => {
  expect(plain(text)).toEqual(value);
});

test.each([
  [
    '{"logweir":1,"n":1694081235979123457}',
    '{"limits":{"recordBytes":8000000},"logweir":1,"n":1694081235979123457}',
  ],
  [
    '// {\n/* { */ {"logweir":1, // x\n}',
    '// {\n/* { */ {"limits":{"recordBytes":8000000},"logweir":1, // x\n}',
  ],
  ['{"limits":{"recordBytes":9}} // x', '{"limits":{"recordBytes":9}} // x'],
  ['{"limits":{"depth":9}, // x\n}', '{\n  "limits": {\n    "recordBytes": 8000000,\n    "depth": 9\n  }\n}'],
  ['{"limits":1}', '{"limits":1}'],
  ["no policy", "no policy"],
])("%s has a Worker's limit", (text, expected) => {
  expect(limited(text)).toBe(expected);
});

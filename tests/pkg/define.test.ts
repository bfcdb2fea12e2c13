// A policy in TypeScript, and its JSON Schema: both know what the core knows.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compile, definePolicy, type Policy, type RedactRule, Schema } from "logweir";
import policySchema from "logweir/policy.schema.json" with { type: "json" };
import { describe, expect, test } from "vitest";
import { at } from "./tools.js";

test("definePolicy gives back what it was given", () => {
  const policy = { logweir: 1 } as const;
  expect(definePolicy(policy)).toBe(policy);
});

test("a policy with everything in it has its types", () => {
  const policy = definePolicy({
    logweir: 1,
    accept: { events: ["tray.*"], unknown: "quarantine", invalid: "drop" },
    keep: "@level:>=info",
    sample: { share: 0.1, always: "@level:>=error" },
    redact: [
      { class: ["email", "person"], with: { hash: "pii" } },
      { key: "*token*", with: "remove", routes: ["ops"] },
      { detect: "card", with: { mask: { last: 4 } } },
      { use: "secrets" },
    ],
    routes: [
      {
        name: "ops",
        when: "@status:failed",
        sample: 0.5,
        quota: { records: 6000, bytes: 5_000_000 },
        to: { datadog: { service: "tray", tags: ["env:prod"] } },
      },
      { name: "archive", to: "json", steps: false, oversize: "split" },
    ],
    allow: [{ route: "archive", payload: true, because: "it stays in the house" }],
    quarantine: { originals: false },
    limits: { depth: 64 },
    tests: [{ name: "nothing", given: {}, filtered: 1 }],
  });
  const weir = compile(policy, { keys: { pii: "a key of thirty-two bytes or more" } });
  expect(weir.routes).toEqual(["ops", "archive"]);
  expect(new Schema(policySchema).isValid(JSON.stringify(policy))).toBe(true);
});

test("a policy may be put together at run time, or come from a JSON file", () => {
  const names = ["a", "b"];
  const rules: RedactRule[] = names.map((path) => ({ path }));
  const policy: Policy = { logweir: 1, redact: rules, routes: names.map((name) => ({ name })) };
  expect(compile(policy).routes).toEqual(names);
  const kept = { route: "quarantine", because: "it is encrypted" } as const;
  expect(definePolicy({ logweir: 1, quarantine: { originals: true }, allow: [kept] })).toMatchObject({
    allow: [kept],
  });
  // As `resolveJsonModule` types it.
  const file = {
    logweir: 1,
    redact: [{ path: "a", with: "remove" }, { class: ["email"] }],
    tests: [{ name: "x", given: 1, filtered: 0 }],
  };
  expect(compile(file).routes).toEqual(["out"]);
});

/** Each has one mistake, which the compiler of TypeScript has to find: without one, that directive is an error itself. */
const mistaken: Policy[] = [
  // @ts-expect-error no such version
  definePolicy({ logweir: 2 }),
  // @ts-expect-error the version is missing
  definePolicy({}),
  // @ts-expect-error misspelt
  definePolicy({ logweir: 1, redcat: [] }),
  // @ts-expect-error misspelt
  definePolicy({ logweir: 1, accept: { event: ["tray.*"] } }),
  // @ts-expect-error no such word
  definePolicy({ logweir: 1, accept: { unknown: "keep" } }),
  // @ts-expect-error a query is a text
  definePolicy({ logweir: 1, keep: true }),
  // @ts-expect-error a share is a number
  definePolicy({ logweir: 1, sample: "0.1" }),
  // @ts-expect-error misspelt
  definePolicy({ logweir: 1, sample: { share: 0.1, allways: "*" } }),
  // @ts-expect-error the share is missing
  definePolicy({ logweir: 1, sample: { always: "@level:error" } }),
  // @ts-expect-error no such class
  definePolicy({ logweir: 1, redact: [{ class: "mail" }] }),
  // @ts-expect-error no such action
  definePolicy({ logweir: 1, redact: [{ path: "a", with: "delete" }] }),
  // @ts-expect-error no such preset
  definePolicy({ logweir: 1, redact: [{ use: "secret" }] }),
  // @ts-expect-error misspelt
  definePolicy({ logweir: 1, redact: [{ path: "a", width: "remove" }] }),
  // @ts-expect-error a route has a name
  definePolicy({ logweir: 1, routes: [{ to: "json" }] }),
  // @ts-expect-error no such destination
  definePolicy({ logweir: 1, routes: [{ name: "out", to: "xml" }] }),
  // @ts-expect-error no such option
  definePolicy({ logweir: 1, routes: [{ name: "out", to: { datadog: { servise: "tray" } } }] }),
  // @ts-expect-error misspelt
  definePolicy({ logweir: 1, routes: [{ name: "out", quota: { recods: 1 } }] }),
  // @ts-expect-error a reason is missing
  definePolicy({ logweir: 1, routes: [{ name: "out" }], allow: [{ route: "out", payload: true }] }),
  // @ts-expect-error no such limit
  definePolicy({ logweir: 1, limits: { dept: 3 } }),
  // @ts-expect-error a rule is for something
  definePolicy({ logweir: 1, redact: [{ with: "remove" }] }),
  // @ts-expect-error misspelt
  definePolicy({ logweir: 1, redact: [{ path: "a", clas: "email" }] }),
  // @ts-expect-error one destination
  definePolicy({ logweir: 1, routes: [{ name: "out", to: { s3: { bucket: "b" }, sumo: {} } }] }),
  // @ts-expect-error a destination
  definePolicy({ logweir: 1, routes: [{ name: "out", to: {} }] }),
  // @ts-expect-error a route, at least
  definePolicy({ logweir: 1, routes: [] }),
  // @ts-expect-error what may pass
  definePolicy({ logweir: 1, routes: [{ name: "out" }], allow: [{ route: "out", because: "why" }] }),
  // @ts-expect-error a test is given something
  definePolicy({ logweir: 1, tests: [{ name: "nothing", filtered: 1 }] }),
  // @ts-expect-error either this or that
  definePolicy({ logweir: 1, tests: [{ name: "both", given: {}, file: "a.ndjson", filtered: 1 }] }),
  // @ts-expect-error something is expected
  definePolicy({ logweir: 1, tests: [{ name: "nothing", given: {} }] }),
  // @ts-expect-error a test has a name
  definePolicy({ logweir: 1, tests: [{ given: {}, filtered: 1 }] }),
];

test("what TypeScript refuses, the core and the schema refuse too", () => {
  const schema = new Schema(policySchema);
  for (const policy of mistaken) {
    expect(() => compile(policy), JSON.stringify(policy)).toThrow();
    expect(schema.isValid(JSON.stringify(policy)), JSON.stringify(policy)).toBe(false);
  }
});

describe("the policies of the corpus", () => {
  const schema = new Schema(policySchema);
  const folder = at("tests", "corpus");
  const rooms = ["accept", "edit", "encode", "pipeline", "plan", "policy", "redact", "scan", "tape"];
  const cases = rooms.flatMap((room) =>
    readdirSync(join(folder, room)).map((name) => {
      const { policy, expect: wanted } = JSON.parse(readFileSync(join(folder, room, name), "utf8"));
      const text: string = typeof policy === "string" ? policy : JSON.stringify(policy);
      const codes: string[] = (wanted.problems ?? []).map(({ code }: { code: string }) => code);
      return { name, text, codes };
    }),
  );
  const isJson = (text: string) => {
    try {
      return JSON.parse(text) !== undefined;
    } catch {
      return false; // with comments, or broken
    }
  };

  test("are valid by the schema where the core takes them", () => {
    const sound = cases.filter(({ codes, text }) => codes.length === 0 && isJson(text));
    expect(sound.length).toBeGreaterThan(100);
    const refused = sound.filter(({ text }) => !schema.isValid(text));
    expect(refused.map(({ name, text }) => [name, schema.validate(text).findings])).toEqual([]);
  });

  test("are not where it misses a member, or finds one or a word that it does not know", () => {
    const structural = new Set(["P101", "P103", "P104", "P109"]);
    const wrong = cases.filter(
      ({ codes, text }) => codes.some((code) => structural.has(code)) && isJson(text),
    );
    expect(wrong.length).toBeGreaterThan(20);
    expect(wrong.filter(({ text }) => schema.isValid(text)).map(({ name }) => name)).toEqual([]);
  });
});

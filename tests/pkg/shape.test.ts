// The policy's JSON Schema against the core: both refuse the same shapes. Whole policies, and each with one change.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compile, PolicyError, Schema } from "logweir";
import policySchema from "logweir/policy.schema.json" with { type: "json" };
import { expect, test } from "vitest";
import { paragraphs } from "./manual.js";
import { at } from "./tools.js";

/** Codes of the document's shape; the others are of what it means. */
const SHAPE = new Set(["P101", "P102", "P103", "P104", "P105", "P107", "P109"]);
const schema = new Schema(policySchema);
const keys = { "pii-key": "0".repeat(32), pii: "0".repeat(32) };

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** All policies of the corpus, the examples, the presets and the manual that are JSON. */
function policies(): Json[] {
  const files = (folder: string) =>
    (readdirSync(folder, { recursive: true }) as string[]).map((name) => join(folder, name));
  const texts = [
    ...files(at("tests", "corpus"))
      .filter((name) => name.endsWith(".json"))
      .map((name) => JSON.parse(readFileSync(name, "utf8")).policy)
      .map((policy) => (typeof policy === "string" ? policy : JSON.stringify(policy))),
    ...files(at("tests", "examples"))
      .filter((name) => name.endsWith("policy.jsonc"))
      .map((name) => readFileSync(name, "utf8").replace(/^\s*\/\/.*$/gm, "")),
    ...paragraphs().flatMap(({ examples }) => examples.map(({ text }) => text)),
    ...parts(),
  ];
  return texts.flatMap((text) => {
    try {
      const policy = JSON.parse(text);
      return typeof policy === "object" && policy !== null && "logweir" in policy ? [policy as Json] : [];
    } catch {
      return []; // with comments, or broken
    }
  });
}

function parts(): string[] {
  const values = Object.entries(EVERYTHING).flatMap(([name, value]): [string, Json][] =>
    Array.isArray(value) ? value.map((element) => [name, [element]]) : [[name, value]],
  );
  const base = { logweir: 1, routes: [{ name: "s" }] };
  return values.map(([name, value]) => JSON.stringify({ ...base, [name]: value }));
}

/** Something of all there is; each part of it makes a policy. */
const EVERYTHING: { readonly [name: string]: Json } = {
  logweir: 1,
  $schema: "policy.schema.json",
  accept: { events: ["tray.*"], unknown: "drop", invalid: "report" },
  keep: "@level:>=info",
  sample: { share: 0.25, always: "@level:>=error" },
  redact: [
    {
      path: ["a", "b.c"],
      in: "d",
      except: ["e"],
      when: "a:1",
      routes: ["ndjson"],
      with: { mask: { first: 1, last: 2, keepType: true } },
    },
    { key: "k", with: { hash: { key: "pii", prefix: "h:", length: 16, encoding: "hex" } } },
    { class: ["email"], with: { truncate: 8 } },
    { detect: "card", with: { replace: { a: [1] } } },
    { pattern: "[0-9]{4}", validate: "luhn", with: "null" },
    { payload: true, with: { hash: "pii" } },
    { pass: ["a"], with: { mask: { keep: 4 } } },
    { use: "secrets" },
  ],
  routes: [
    {
      name: "ndjson",
      to: "ndjson",
      when: "a:1",
      sample: 0.5,
      steps: false,
      quota: { records: 1, bytes: 2 },
      template: { a: "{{a}}" },
    },
    { name: "s", oversize: { summary: { above: 9 } } },
    { name: "c", oversize: { truncate: { path: "a", to: 9 } } },
    {
      name: "datadog",
      to: {
        datadog: {
          site: "datadoghq.eu",
          url: "https://a",
          secret: "A",
          service: "s",
          source: "x",
          hostname: "h",
          tags: ["a:b"],
          gzip: true,
        },
      },
    },
    {
      name: "splunk",
      to: {
        splunk: {
          url: "https://a",
          secret: "A",
          index: "i",
          host: "h",
          source: "s",
          sourcetype: "t",
          gzip: true,
        },
      },
    },
    {
      name: "sumo",
      to: { sumo: { secret: "A", name: "n", host: "h", category: "c", fields: { a: "b" }, gzip: true } },
    },
    {
      name: "newrelic",
      to: {
        newrelic: { region: "eu", url: "https://a", secret: "A", service: "s", logtype: "l", gzip: true },
      },
    },
    {
      name: "elastic",
      to: { elastic: { url: "https://a", secret: "A", index: "i", dataset: "d", gzip: true } },
    },
    { name: "otlp", to: { otlp: { url: "https://a", headers: { a: "b" }, service: "s", gzip: true } } },
    { name: "sentry", to: { sentry: { dsn: "https://k@a/1", environment: "e", release: "r", gzip: true } } },
    { name: "s3", to: { s3: { bucket: "b", region: "r", url: "https://a", key: "k", gzip: true } } },
    {
      name: "redshift",
      to: { redshift: { bucket: "b", region: "r", url: "https://a", key: "k", gzip: true } },
    },
    {
      name: "cloudevents",
      to: { cloudevents: { url: "https://a", headers: { a: "b" }, source: "s", batch: true, gzip: true } },
    },
    { name: "ocsf", to: { ocsf: { url: "https://a", headers: { a: "b" }, batch: "json", gzip: true } } },
    {
      name: "http",
      to: { http: { url: "https://a", method: "PUT", headers: { a: "b" }, batch: "single", gzip: true } },
    },
  ],
  quarantine: { originals: true },
  limits: { recordBytes: 1000, depth: 10, embeddedDepth: 2, outputBytes: 2000 },
  allow: [
    { route: "s", event: "tray.*", class: "email", path: "a", payload: true, unknown: true, because: "x" },
    { route: "quarantine", because: "x" },
  ],
  tests: [
    { name: "a", given: {}, expect: { s: [] }, filtered: 0, quarantined: ["S101"], nowhere: ["x"] },
    { name: "b", sample: "workato.job/failed", filtered: 1 },
    { name: "c", file: "f", quarantined: [] },
  ],
};

/** What may stand for any value: one of each kind, or nearly; and for one of the same kind. */
const KINDS: Json[] = [null, true, 7, "x", [], {}, ["a", 1], { a: 1 }];
const OTHERS: Record<string, Json[]> = {
  number: [
    -1,
    0,
    1,
    0.5,
    1.5,
    1.0000000001,
    8,
    16,
    17,
    64,
    65,
    1024,
    1025,
    2 ** 30,
    2 ** 30 + 1,
    2 ** 32,
    1e300,
  ],
  string: [
    ...[
      "",
      " ",
      "é",
      "日本",
      "a\nb",
      "a\u007f",
      "1a",
      "x".repeat(129),
      "remove",
      "ndjson",
      "datadog",
      "quarantine",
    ],
    ...[
      "https://",
      "http://a b",
      "https://a?b",
      "${",
      "${A}",
      { mask: {} },
      { truncate: 1 },
      { summary: {} },
    ],
  ],
  object: [
    { "Content-Encoding": "gzip" },
    { "a b": "c" },
    { a: "" },
    { replace: 1 },
    { s3: { bucket: "b" } },
    0.5,
  ],
  array: [[""], [[]], [null], ["a", "a"]],
  boolean: [0, "true"],
};
const MEMBERS = [
  "unknwon",
  "sample",
  "file",
  "with",
  "pass",
  "s3",
  "ndjson",
  "truncate",
  "because",
  "__proto__",
];

/** Where any JSON may stand, and event types, which have a form of their own. */
const FREE = /^(accept\/catalog|.*\/(template|given|replace|expect\/\w+))\/./;

type Step = string | number;

/** A policy with one change, each with a name that is the same for the same change in another policy. */
function* changes(policy: Json, path: readonly Step[] = []): Generator<[name: string, changed: Json]> {
  const name = path.map((step) => (typeof step === "number" ? "*" : step)).join("/");
  if (FREE.test(name)) return;
  /** A copy, and what stands at a path of it. */
  const copy = (to: readonly Step[]) => {
    const root = structuredClone(policy);
    const at = to.reduce((at, step) => at[step] as Inner, root as unknown as Inner);
    return { root, at };
  };
  const { at: value } = copy(path) as { at: unknown };
  const last = path.at(-1);
  if (last !== undefined) {
    const kind = Array.isArray(value) ? "array" : typeof value;
    for (const [number, other] of [...KINDS, ...(OTHERS[kind] ?? [])].entries()) {
      const { root, at } = copy(path.slice(0, -1));
      at[last] = other;
      yield [`${name} = ${kind} ${number}`, root];
    }
    const { root, at } = copy(path.slice(0, -1));
    if (Array.isArray(at)) at.splice(last as number, 1);
    else delete at[last];
    yield [`${name} gone from ${Object.keys(at).length}`, root];
  }
  if (Array.isArray(value)) {
    for (const times of value.length > 0 ? [2, 17, 257] : []) {
      const { root, at } = copy(path);
      const list = at as unknown as Json[];
      while (list.length < times) list.push(list[0] as Json);
      yield [`${name} * ${times}`, root];
    }
    for (const number of value.keys()) yield* changes(policy, [...path, number]);
  } else if (typeof value === "object" && value !== null) {
    for (const more of MEMBERS.filter((more) => !Object.hasOwn(value, more))) {
      const { root, at } = copy(path);
      Object.defineProperty(at, more, { value: "x", enumerable: true });
      yield [`${name} + ${more}`, root];
    }
    for (const member of Object.keys(value)) yield* changes(policy, [...path, member]);
  }
}
type Inner = Record<Step, Json>;

/** The problems of a policy by the core; none if it takes it. */
function problemsOf(text: string) {
  try {
    compile(text, { keys }).free();
    return [];
  } catch (error) {
    if (error instanceof PolicyError) return error.problems;
    throw error;
  }
}

/** What the two say differently of a policy. */
function difference(policy: Json): string | undefined {
  const text = JSON.stringify(policy);
  const problems = problemsOf(text);
  const isValid = schema.isValid(text);
  const ofShape = problems.filter(({ code, expected }) => SHAPE.has(code) && !expected.includes("decimals"));
  const told = (list: readonly { code: string; pointer: string; expected: string }[]) =>
    list.map(({ code, pointer, expected }) => `${code} ${pointer} ${expected}`).join("; ");
  if (isValid && ofShape.length > 0) return `only the core refuses it: ${told(ofShape)}`;
  // It may also know better what a text cannot mean: an empty path, a name that no event type has.
  if (!isValid && problems.length === 0)
    return `only the schema refuses it: ${JSON.stringify(schema.validate(text).findings.slice(0, 3))}`;
  return undefined;
}

test("of every policy at hand", () => {
  const all = policies();
  expect(all.length).toBeGreaterThan(200);
  expect(all.flatMap((policy) => difference(policy) ?? [])).toEqual([]);
});

test("of every policy with one change", { timeout: 300_000 }, () => {
  const seen = new Set<string>();
  const differences: string[] = [];
  // Each change is tried once, where it costs least: parts of policies first, and none where compiling takes long.
  const sound = policies()
    .map((policy) => JSON.stringify(policy))
    .filter((text) => !text.includes('"use"'));
  const few = sound.filter((text) => text.length < 600 && problemsOf(text).length === 0);
  for (const text of [...parts(), ...few]) {
    const policy: Json = JSON.parse(text);
    for (const [name, changed] of changes(policy)) {
      if (seen.has(name)) continue;
      seen.add(name);
      const found = difference(changed);
      if (found) differences.push(`${name}: ${found}`);
    }
  }
  expect(differences).toEqual([]);
  expect(seen.size).toBeGreaterThan(4000);
});

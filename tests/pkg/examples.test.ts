// The policies for the platforms: nothing leaks through them, their tests hold, and each rule that the flow check rests on
// is missed when it is taken out.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compile, type Problem } from "logweir";
import { check } from "logweir/check";
import { expect, test } from "vitest";
import { at } from "./tools.js";

const keys = { "*": new Uint8Array(32) };
const folder = at("tests", "examples");
const names = readdirSync(folder).filter((name) => name.includes("-to-"));
const textOf = (name: string) => readFileSync(join(folder, name, "policy.jsonc"), "utf8");

/** The policy without comments; no text in it holds two slashes behind a blank. */
const parsed = (name: string) => JSON.parse(textOf(name).replace(/^\s*\/\/.*$/gm, ""));

test("there are policies for three platforms", () => {
  expect(names).toEqual(["paragon-to-newrelic-and-otlp", "tray-to-datadog", "workato-to-splunk-and-s3"]);
});

test.each(names)("%s is sound", async (name) => {
  const result = await check(compile(textOf(name), { keys }));
  expect(result.problems).toEqual([]);
  expect(result.tests.filter(({ faults }) => faults.length > 0)).toEqual([]);
  expect(result.tests.length).toBeGreaterThan(2);
});

// What a detector finds, and a name that no event type is known to have, no flow check can miss: a test of the policy does.
test.each(names)("%s fails without any one of its rules", async (name) => {
  const { redact } = parsed(name);
  for (const rule of redact.keys()) {
    const policy = parsed(name);
    policy.redact.splice(rule, 1);
    const { ok, problems, tests } = await check(compile(policy, { keys }));
    const leaks = problems.filter(({ code, severity }) => severity === "error" && code.startsWith("F10"));
    const failed = tests.filter(({ faults }) => faults.some((fault) => fault.endsWith(" nowhere")));
    expect({ rule, ok, isNamed: leaks.length + failed.length > 0 }).toEqual({
      rule,
      ok: false,
      isNamed: true,
    });
  }
});

test.each([
  [
    "tray-to-datadog",
    0,
    "F101",
    'no email as it came on route "datadog": tray.audit has it at calledBy.email',
  ],
  [
    "tray-to-datadog",
    1,
    "F102",
    'no free payload as it came on route "datadog": tray.audit has it at details',
  ],
  [
    "workato-to-splunk-and-s3",
    0,
    "F101",
    'no email as it came on route "siem": workato.job has it at context.user_email',
  ],
  [
    "workato-to-splunk-and-s3",
    1,
    "F101",
    'no ip as it came on route "siem": workato.activity has it at details.request.ip_address',
  ],
  [
    "workato-to-splunk-and-s3",
    2,
    "F102",
    'no free payload as it came on route "siem": workato.job has it at lines[*].input',
  ],
  [
    "paragon-to-newrelic-and-otlp",
    0,
    "F101",
    'no user_id as it came on route "otlp": paragon.event_log has it at endUserId',
  ],
  [
    "paragon-to-newrelic-and-otlp",
    1,
    "F102",
    'no free payload as it came on route "newrelic": paragon.event_log has it at payload',
  ],
  [
    "paragon-to-newrelic-and-otlp",
    2,
    "F102",
    'no free payload as it came on route "otlp": paragon.event_log has it at error',
  ],
] as const)("%s leaks without its rule %i", (name, rule, code, expected) => {
  const policy = parsed(name);
  policy.redact.splice(rule, 1);
  const leaks: readonly Problem[] = compile(policy, { keys }).leaks();
  expect(leaks).toContainEqual(expect.objectContaining({ severity: "error", code, expected }));
});

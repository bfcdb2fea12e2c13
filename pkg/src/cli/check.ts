// logweir check: what could leak through a policy, and whether its own tests hold.
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { type CheckResult, check as checkWeir } from "../check.js";
import { PolicyError, type Weir } from "../entry/inline.js";
import type { Arguments } from "./args.js";
import { readText, show } from "./mistakes.js";
import { write } from "./output.js";
import { compilePolicy } from "./policy.js";
import { Refusal, reason } from "./problem.js";

/** Checks a policy. Gives the exit status. */
export async function check({ coverage, json, secrets, paths }: Arguments): Promise<number> {
  const [path, ...more] = paths;
  if (path === undefined || more.length > 0) throw new Refusal("check: expected one policy");
  const text = await readText(path, "policy");
  const name = path === "-" ? "stdin" : path;
  const weir = await compilePolicy(name, text, secrets, true).catch(async (error) => {
    const { cause } = error as Error;
    if (json && cause instanceof PolicyError) await writeJson(unchecked(cause));
    throw error;
  });
  const folder = path === "-" ? "." : dirname(path);
  const read = (file: string) =>
    readFile(resolve(folder, file)).catch((error) => {
      throw new Error(`cannot be read: ${reason(error)}`);
    });
  const result = await checkWeir(weir, { read });
  if (json) await writeJson(result);
  else {
    const errors = result.problems.filter(({ code }) => code.startsWith("F"));
    if (errors.length > 0) await write(process.stdout, `${show(errors, () => ({ path: name, text }))}\n`);
    await write(process.stdout, tested(result));
    if (coverage) await write(process.stdout, covered(weir, result));
    await write(process.stdout, verdict(result));
  }
  return result.ok ? 0 : 1;
}

const writeJson = (result: CheckResult) => write(process.stdout, `${JSON.stringify(result, null, 2)}\n`);

/** Of a policy with mistakes nothing can be checked: the result is the mistakes. */
function unchecked({ problems }: PolicyError): CheckResult {
  return { ok: false, problems, tests: [], coverage: { rules: [], routes: {}, events: {} } };
}

function tested({ tests }: CheckResult): string {
  const told = tests.map(({ name, faults }) =>
    faults.length === 0
      ? `ok    ${name}\n`
      : `FAIL  ${name}\n${faults.map((fault) => `        ${fault}\n`).join("")}`,
  );
  return told.join("");
}

/** What the tests exercise, and what none does. */
function covered(weir: Weir, { coverage: { rules, routes, events } }: CheckResult): string {
  const row = (name: string, count: number, what: string) =>
    `${count === 0 ? "  none" : String(count).padStart(6)}  ${name}${count === 0 ? `: no test ${what}` : ""}\n`;
  return [
    "\nWhat the tests exercise\n",
    ...rules.map((count, number) => row(`rule ${number}`, count, "makes it fire")),
    ...weir.routes.map((route) =>
      row(`route ${route}`, Object.hasOwn(routes, route) ? (routes[route] ?? 0) : 0, "brings a record there"),
    ),
    ...Object.entries(events).map(([event, count]) => row(event, count, "")),
  ].join("");
}

function verdict({ problems, tests }: CheckResult): string {
  const leaks = problems.filter(({ severity }) => severity === "error").length;
  const failed = tests.filter(({ faults }) => faults.length > 0).length;
  const of = (count: number, one: string) => `${count} ${one}${count === 1 ? "" : "s"}`;
  return `${of(leaks, "leak")}; ${of(tests.length, "test")}, ${failed} failed\n`;
}

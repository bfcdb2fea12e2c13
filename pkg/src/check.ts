/**
 * What could leak through a policy, and whether its own tests hold.
 *
 * @module logweir/check
 */
import { Report } from "./account.js";
import { checkOptions } from "./options.js";
import type { Format, Input, Output, Problem } from "./types.js";

/** What `check` needs of a compiled policy: a `Weir` has it. */
export interface Checkable {
  /** The names of its routes. */
  readonly routes: readonly string[];
  /** What its compiler found odd. */
  readonly warnings: readonly Problem[];
  /** Its own tests. */
  readonly tests: readonly PolicyTest[];
  /** What could pass a route as it came. */
  leaks(): readonly Problem[];
  /** Begins a run. */
  run(options?: { readonly now?: string; readonly format?: Format }): CheckRun;
}

/** What `check` needs of a run: a `Run` has it. */
export interface CheckRun {
  /** Takes a chunk. */
  push(chunk: Input): Output;
  /** Ends the input. */
  finish(): Output;
  /** The account so far. */
  readonly report: Report;
}

/** A test in a policy. */
export interface PolicyTest {
  /** What it shows. */
  readonly name: string;
  /** A record, or an array of records. One of `given`, `sample` and `file` there is. */
  readonly given?: unknown;
  /** A sample of the catalogue, such as `workato.job/failed`. */
  readonly sample?: string;
  /** A file of records, from where the policy is. */
  readonly file?: string;
  /** By route, the records that come out of it, in order; the text `*` stands for any value. */
  readonly expect?: Readonly<Record<string, readonly unknown[]>>;
  /** How many records are left out. */
  readonly filtered?: number;
  /** The codes of the records that are withheld, in order. */
  readonly quarantined?: readonly string[];
  /** Texts that no route shows. */
  readonly nowhere?: readonly string[];
}

/** How a policy is checked. */
export interface CheckOptions {
  /** Reads a file that a test names; without it, such tests fail. */
  readonly read?: ((file: string) => Promise<Input> | Input) | undefined;
}

/** What became of a test. */
export interface TestResult {
  /** The test's name. */
  readonly name: string;
  /** What is not as expected, a line each; none if the test holds. */
  readonly faults: readonly string[];
}

/** How often the tests exercised what. */
export interface Coverage {
  /** By rule, in the policy's order: how many values it was applied to. */
  readonly rules: readonly number[];
  /** By route: how many records it took. */
  readonly routes: Readonly<Record<string, number>>;
  /** By event type: how many records were recognised. */
  readonly events: Readonly<Record<string, number>>;
}

/** What a check found. */
export interface CheckResult {
  /** No leak, and every test holds. */
  readonly ok: boolean;
  /** What could pass a route as it came (errors), and what is odd (warnings). */
  readonly problems: readonly Problem[];
  /** What became of the policy's tests, in its order. */
  readonly tests: readonly TestResult[];
  /** What the tests exercised. */
  readonly coverage: Coverage;
}

/**
 * Checks a compiled policy: the flow check, and the policy's own tests.
 *
 * @example
 * const { ok, problems, tests } = await check(compile(policy, { keys }));
 */
export async function check(weir: Checkable, options: CheckOptions = {}): Promise<CheckResult> {
  checkOptions(options, { read: "checked" });
  const tests: TestResult[] = [];
  const reports: Report[] = [];
  for (const test of weir.tests) {
    const { faults, report } = await attempt(weir, test, options.read);
    tests.push({ name: test.name, faults });
    if (report) reports.push(report);
  }
  const coverage = covered(reports);
  const problems = [...weir.leaks(), ...weir.warnings];
  const isSound = problems.every(({ severity }) => severity !== "error");
  return { ok: isSound && tests.every(({ faults }) => faults.length === 0), problems, tests, coverage };
}

function covered(reports: readonly Report[]): Coverage {
  const { rules, routes, events } = Report.merge(...reports);
  const records = (counts: Readonly<Record<string, { readonly records: number }>>) =>
    Object.fromEntries(Object.entries(counts).map(([name, { records }]) => [name, records]));
  return { rules: rules.map(({ fired }) => fired), routes: records(routes), events: records(events) };
}

/** Runs a test. Without a report it could not be run. */
async function attempt(
  weir: Checkable,
  test: PolicyTest,
  read: CheckOptions["read"],
): Promise<{ faults: string[]; report?: Report }> {
  let input: Input | undefined;
  try {
    input = await inputOf(test, read);
  } catch (error) {
    return { faults: [`file ${test.file}: ${error instanceof Error ? error.message : "cannot be read"}`] };
  }
  if (input === undefined)
    return { faults: [`there is no ${test.sample ? `sample ${test.sample}` : `file ${test.file}`}`] };
  const run = weir.run({ format: test.file === undefined ? "ndjson" : "auto", now: NOW });
  const outputs = [run.push(input), run.finish()];
  const { report } = run;
  const batches = outputs.flatMap((output) => output.batches);
  const faults: string[] = [];
  for (const [route, expected] of Object.entries(test.expect ?? {})) {
    const bodies = batches.filter((batch) => batch.route === route).map(({ body }) => recordsOf(body));
    differ(expected, bodies.flat(), route, faults);
  }
  if (report.records === 0) faults.push("there is no record");
  // Nothing of what never came out.
  const isBlind = test.expect === undefined && test.filtered === undefined && test.quarantined === undefined;
  if (isBlind && batches.length === 0) faults.push("nothing came out: say so by filtered or quarantined");
  const codes = outputs.flatMap(({ quarantined }) => quarantined.map(({ code }) => code));
  if (test.quarantined !== undefined) differ(test.quarantined, codes, "quarantined", faults);
  else if (codes.length > 0) faults.push(`quarantined: expected nothing, found ${show(codes)}`);
  if (test.filtered !== undefined && test.filtered !== report.filtered)
    faults.push(`filtered: expected ${test.filtered}, found ${report.filtered}`);
  for (const text of test.nowhere ?? []) {
    const forms = escaped(text);
    const look = (place: string, said: readonly string[]) => {
      if (forms.some((form) => said.some((each) => each.includes(form))))
        faults.push(`${place}: expected ${show(text)} nowhere`);
    };
    for (const { route, body, request } of batches) {
      const url = request?.url ?? "";
      // Names of objects are encoded, and the address that they are part of is, too.
      const urls = [url, decoded(url), decoded(decoded(url))];
      look(route, [new TextDecoder().decode(body), ...urls, JSON.stringify(request?.headers ?? {})]);
    }
    for (const { original } of outputs.flatMap(({ quarantined }) => quarantined))
      if (original) look("quarantine", [new TextDecoder().decode(original)]);
  }
  return { faults, report };
}

function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}

/** A text as it stands in JSON, in JSON in a string, and so on inwards. */
function escaped(text: string): string[] {
  const forms = [text];
  for (let depth = 0; depth < 5; depth += 1) forms.push(JSON.stringify(forms[depth]).slice(1, -1));
  return forms;
}

/** What templates take for the present: the same in every run of a test. */
const NOW = "2026-01-01T00:00:00Z";

async function inputOf(test: PolicyTest, read: CheckOptions["read"]): Promise<Input | undefined> {
  if (test.file !== undefined) return read?.(test.file);
  if (test.sample !== undefined) {
    const [type = "", name = ""] = test.sample.split("/");
    return (await import("./sample/index.js")).sampleOf(type, name);
  }
  const records = Array.isArray(test.given) ? test.given : [test.given];
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}

/** The records of a body: its lines, or the elements of its array; what is no JSON as text. */
function recordsOf(body: Uint8Array): unknown[] {
  const text = new TextDecoder().decode(body);
  try {
    const whole: unknown = JSON.parse(text);
    return Array.isArray(whole) ? whole : [whole];
  } catch {
    return text.split("\n").filter(Boolean).map(parsed);
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}

/** Where two values differ, a line for each place. */
function differ(expected: unknown, found: unknown, place: string, faults: string[]): void {
  if (expected === "*" && found !== undefined) return;
  const [wanted, there] = [membersOf(expected), membersOf(found)];
  const areAlike = wanted && there && Array.isArray(expected) === Array.isArray(found);
  if (!areAlike) {
    if (expected === found) return;
    const told = (value: unknown) => (value === undefined ? "nothing" : show(value));
    faults.push(`${place}: expected ${told(expected)}, found ${told(found)}`);
    return;
  }
  for (const name of new Set([...wanted.keys(), ...there.keys()]))
    differ(wanted.get(name), there.get(name), `${place}/${name}`, faults);
}

const membersOf = (value: unknown) =>
  typeof value === "object" && value !== null ? new Map(Object.entries(value)) : undefined;

function show(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

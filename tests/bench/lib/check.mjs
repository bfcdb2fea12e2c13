// Answers first: what is wrong is not timed. Mismatches are told by record and pointer, never by value.
import { REPLACEMENT } from "./policies.mjs";
import { difference, parse, redactor, write } from "./reference.mjs";

const SHOWN = 5;

/** What the reference makes of every record. */
export function expectation({ lines }, { paths, events = false }) {
  const alone = redactor(paths, { replacement: REPLACEMENT });
  const wrapped = redactor([...paths, ...paths.map((path) => `*.${path}`)], { replacement: REPLACEMENT });
  const redact = (text) => {
    if (!events || !isWrapped(text)) return alone(text);
    const { fired, ...answer } = wrapped(text);
    return { ...answer, fired: paths.map((_, rule) => fired[rule] + fired[rule + paths.length]) };
  };
  const records = [];
  const fired = paths.map(() => 0);
  let entered = 0;
  for (const text of lines.flat()) {
    const answer = redact(text);
    const hits = answer.fired.reduce((sum, n) => sum + n, 0);
    answer.fired.forEach((n, rule) => {
      fired[rule] += n;
    });
    entered += answer.entered > 0 ? 1 : 0;
    records.push({
      text,
      touched: hits > 0,
      tree: answer.tree,
      wanted: hits > 0 ? write(answer.tree, true) : undefined,
    });
  }
  return { records, fired, entered };
}

/** Whether a record of the corpora wraps its event in a member: such records are few, and begin in one of two ways. */
function isWrapped(text) {
  const record = JSON.parse(text);
  const marks = [
    "logType",
    "flow_id",
    "team",
    "log_level",
    "genie_id",
    "resource_id_d",
    "projectId",
    "eventType",
  ];
  const isEvent = (value) =>
    typeof value === "object" && value !== null && marks.some((mark) => mark in value);
  return typeof record === "object" && !isEvent(record) && Object.values(record).some(isEvent);
}

/** Compares one record of our output; undefined where it is right. */
function fault({ text, touched, tree, wanted }, line) {
  if (!touched) return line === text ? undefined : "no rule touches it, yet its bytes changed";
  try {
    const got = parse(line);
    if (write(got, true) === wanted) return undefined;
    return `differs at ${difference(tree, got) ?? "(somewhere)"}`;
  } catch (error) {
    return error instanceof SyntaxError ? "is no JSON" : error.message;
  }
}

/**
 * @param {ReturnType<import("./input.mjs").forms>} input
 * @param {{ compile: Function }} module
 * @returns {{ problems: string[], summary: string }}
 */
export function checkPackage(input, { compile }, policy, expected) {
  const problems = [];
  const total = expected.records.length;
  const weir = compile(policy.policy);

  // In batches, views copied out at once.
  const run = weir.run({ format: "ndjson", views: true });
  const bodies = [];
  const keep = ({ batches }) => {
    for (const { body } of batches) bodies.push(Buffer.from(body));
  };
  for (const chunk of input.chunks) keep(run.push(chunk));
  keep(run.finish() ?? { batches: [] });
  const output = Buffer.concat(bodies);
  const report = run.report;
  run.free?.();

  const lines = output.toString("utf8").split("\n");
  if (lines.pop() !== "") problems.push("the output does not end in a newline");
  if (lines.length !== total) problems.push(`${total} records in, ${lines.length} out`);
  let wrong = 0;
  for (let i = 0; i < Math.min(total, lines.length); i++) {
    const found = fault(expected.records[i], lines[i]);
    if (found === undefined) continue;
    if (++wrong <= SHOWN) problems.push(`record ${i}: ${found}`);
  }
  if (wrong > SHOWN) problems.push(`… ${wrong} records are wrong in all`);

  if (report.records !== total || report.kept !== total)
    problems.push(`report: ${report.records} records, ${report.kept} kept, expected ${total}`);
  policy.paths.forEach((path, i) => {
    const got = report.rules[i]?.fired;
    if (got !== expected.fired[i])
      problems.push(`report: rule ${path} fired ${got} times, expected ${expected.fired[i]}`);
  });

  // The other ways in must give the same bytes.
  const copied = weir.run({ format: "ndjson" });
  const copies = [];
  for (const chunk of input.chunks) for (const { body } of copied.push(chunk).batches) copies.push(body);
  for (const { body } of copied.finish()?.batches ?? []) copies.push(body);
  copied.free?.();
  if (!output.equals(Buffer.concat(copies))) problems.push("copies out differ from views");
  for (const views of [true, false]) {
    const singles = [];
    for (const event of input.events)
      for (const { body } of weir.process(event, { format: "json", views }).batches)
        singles.push(Buffer.from(body));
    if (!output.equals(Buffer.concat(singles)))
      problems.push(`one event per call (${views ? "views" : "copies"}) differs from batches`);
  }
  weir.free();
  const touched = expected.records.filter((record) => record.touched).length;
  return {
    problems,
    summary: `${total} records, ${touched} touched by a rule, ${expected.entered} entered by way of a string`,
  };
}

/** How many records a peer redacts as the reference does; a peer need not know JSON in strings. */
export function checkPeer({ lines }, { paths }, one) {
  const flat = redactor(paths, { replacement: REPLACEMENT, strings: false });
  const all = lines.flat();
  let same = 0;
  for (const text of all) {
    const wanted = JSON.stringify(JSON.parse(write(flat(text).tree)));
    if (JSON.stringify(JSON.parse(one(text))) === wanted) same++;
  }
  return { same, total: all.length };
}

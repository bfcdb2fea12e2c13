// Reports added up, and in Prometheus's text format.
import fc from "fast-check";
import { compile, Report } from "logweir";
import { describe, expect, test } from "vitest";
import "./arbitrary.js";
import { thrownBy } from "./tools.js";

const name = fc.oneof(
  fc.string({ minLength: 1, maxLength: 8 }),
  fc.constantFrom("__proto__", "constructor", 'a"b', "a\\", "\n", "out", "siem"),
);
const count = fc.nat(1_000_000);
const few = { maxKeys: 4 };
const codes = fc.constantFrom("S101", "S113", "R201", "V201");

const some = fc.integer({ min: 1, max: 1000 });
const drift = fc.record({ unknown: some, missing: some, type: some, value: some }, { requiredKeys: [] });

/** A report whose counts add up, of a policy with so many rules. */
const reportOf = (rules: number): fc.Arbitrary<Report> =>
  fc
    .record({
      kept: count,
      filtered: count,
      sampled: count,
      reasons: fc.dictionary(codes, fc.integer({ min: 1, max: 1000 }), few),
      bytesIn: count,
      routes: fc.dictionary(name, fc.record({ records: count, bytes: count, oversize: count }), few),
      events: fc.dictionary(name, fc.record({ records: count, findings: codes, invalid: count, drift }), few),
      rules: fc.array(fc.record({ fired: count, depth: fc.nat(4) }), { minLength: rules, maxLength: rules }),
      embedded: fc.record({ entered: count, withheld: count }),
    })
    .map(({ bytesIn, rules, sampled, routes, events, ...report }) => {
      const findings: Record<string, number> = {};
      for (const { findings: code, invalid } of Object.values(events))
        if (invalid > 0) findings[code] = (findings[code] ?? 0) + invalid;
      const quarantined = Object.values(report.reasons).reduce((a, b) => a + b, 0);
      const left = Math.min(sampled, report.filtered);
      return {
        ...report,
        records: report.kept + report.filtered + quarantined,
        quarantined,
        ...(left > 0 && { sampled: left }),
        bytes: { in: bytesIn, out: Object.values(routes).reduce((sum, { bytes }) => sum + bytes, 0) },
        routes: Object.fromEntries(
          Object.entries(routes).map(([route, { oversize, ...counts }]) => [
            route,
            oversize > 0 ? { ...counts, oversize } : counts,
          ]),
        ),
        events: Object.fromEntries(
          Object.entries(events).map(([type, { records, invalid, drift }]) => [
            type,
            Object.keys(drift).length > 0 ? { records, invalid, drift } : { records, invalid },
          ]),
        ),
        findings,
        rules: rules.map((of, number) => ({ rule: `/redact/${number}`, ...of })),
      };
    });

const reports = (most: number) =>
  fc.nat(12).chain((rules) => fc.array(reportOf(rules), { minLength: 1, maxLength: most }));

describe("merge", () => {
  test("is associative and commutative, and nothing is neutral", () => {
    fc.assert(
      fc.property(
        fc.nat(12).chain((rules) => fc.tuple(reportOf(rules), reportOf(rules), reportOf(rules))),
        ([a, b, c]) => {
          const sum = Report.merge(a, b, c);
          expect(Report.merge(Report.merge(a, b), c)).toEqual(sum);
          expect(Report.merge(a, Report.merge(b, c))).toEqual(sum);
          expect(Report.merge(c, a, b)).toEqual(sum);
          expect(Report.merge(a)).toEqual(a);
          expect(Report.merge(a, Report.merge())).toEqual(a);
          expect(Report.merge(Report.merge(), a)).toEqual(a);
        },
      ),
    );
  });

  test("adds up where its parts do", () => {
    fc.assert(
      fc.property(reports(5), (parts) => {
        const {
          records,
          kept,
          filtered,
          quarantined,
          sampled = 0,
          reasons,
          bytes,
          routes,
          events,
          findings,
        } = Report.merge(...parts);
        const sum = (counts: object) => Object.values(counts).reduce((a: number, b: number) => a + b, 0);
        expect(sum(findings)).toBe(sum(Object.values(events).map(({ invalid }) => invalid)));
        const driftOf = ({ events }: Pick<Report, "events">) =>
          Object.values(events).reduce((all, { drift = {} }) => all + sum(drift), 0);
        expect(driftOf({ events })).toBe(parts.map(driftOf).reduce((a, b) => a + b));
        expect(records).toBe(kept + filtered + quarantined);
        expect(records).toBe(parts.reduce((sum, part) => sum + part.records, 0));
        expect(Object.values(reasons).reduce((a, b) => a + b, 0)).toBe(quarantined);
        expect(Object.values(routes).reduce((sum, route) => sum + route.bytes, 0)).toBe(bytes.out);
        expect(sampled).toBeLessThanOrEqual(filtered);
      }),
    );
  });

  test("changes none of its parts, and gives plain JSON", () => {
    fc.assert(
      fc.property(reports(3), (parts) => {
        const before = JSON.stringify(parts);
        const sum = Report.merge(...parts);
        expect(JSON.parse(JSON.stringify(sum))).toEqual(sum);
        expect(JSON.stringify(parts)).toBe(before);
      }),
    );
  });

  test("reports of calls are that of the run over the same input", () => {
    const policy = {
      logweir: 1,
      accept: { unknown: "pass" },
      sample: 0.5,
      redact: [{ path: "**.email" }, { path: "nobody" }],
      routes: [{ name: "a" }, { name: "b", when: "n:1" }],
    } as const;
    const weir = compile(policy);
    const calls = [
      '{"n":1}\n',
      '{"log":"{\\"email\\":1}"}\n{\n',
      '{"logType":"execution_event","eventType":"failed"}\n',
    ];
    const run = weir.run({ format: "ndjson" });
    for (const call of calls) run.push(call);
    run.finish();
    const sum = Report.merge(...calls.map((call) => weir.process(call, { format: "ndjson" }).report));
    expect(sum).toEqual(run.report);
    expect(sum.records).toBe(4);
  });
});

/** A sample: its name, labels and value. */
interface Sample {
  name: string;
  labels: [string, string][];
  value: number;
}

/**
 * Reads the text format by its own rules (Prometheus, "Exposition formats", text-based format): lines end with a line feed,
 * the last one too; names and labels have their letters; only \\, \" and \n are escapes; a HELP and a TYPE stand once, before
 * all samples of their name, which stand together; no two samples have the same name and labels.
 */
function parsed(text: string): Sample[] {
  expect(text.endsWith("\n")).toBe(true);
  const samples: Sample[] = [];
  const helped: string[] = [];
  const typed: string[] = [];
  for (const line of text.slice(0, -1).split("\n")) {
    const head = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line);
    if (head) {
      const [, kind, name = "", rest = ""] = head;
      expect(kind === "HELP" ? helped : typed).not.toContain(name);
      expect(samples.map((sample) => sample.name)).not.toContain(name);
      if (kind === "TYPE") expect(rest).toBe("counter");
      else expect(rest.replace(/\\[\\n]/g, "")).not.toContain("\\");
      (kind === "HELP" ? helped : typed).push(name);
      continue;
    }
    const sample = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\d+)$/.exec(line);
    expect(sample, line).not.toBeNull();
    const [, name = "", told = "", value] = sample ?? [];
    const labels: [string, string][] = [];
    let rest = told;
    while (rest !== "") {
      const label = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"(,(?=.)|$)/.exec(rest);
      expect(label, line).not.toBeNull();
      const [all = "", key = "", escaped = ""] = label ?? [];
      labels.push([key, escaped.replace(/\\(.)/g, (_, c) => (c === "n" ? "\n" : c))]);
      rest = rest.slice(all.length);
    }
    expect(new Set(labels.map(([key]) => key)).size).toBe(labels.length);
    expect(name.endsWith("_total")).toBe(true);
    expect(helped.at(-1)).toBe(name); // those of a name stand together
    expect(typed.at(-1)).toBe(name);
    samples.push({ name, labels, value: Number(value) });
  }
  expect(new Set(samples.map(({ name, labels }) => JSON.stringify([name, labels]))).size).toBe(
    samples.length,
  );
  return samples;
}

test("what is no report is refused, and nothing of it told", () => {
  for (const wrong of [undefined, null, {}, { rules: [] }, "s3cret"] as never[]) {
    for (const call of [() => Report.merge(wrong), () => Report.toPrometheus(wrong)])
      expect(thrownBy(call)).toMatchObject({ code: "W904", message: expect.not.stringContaining("s3cret") });
  }
});

describe("toPrometheus", () => {
  test("keeps the format's rules whatever the names, and loses no count", () => {
    fc.assert(
      fc.property(reports(1), fc.string(), ([report], worker) => {
        const samples = parsed(Report.toPrometheus(report as Report, { labels: { worker } }));
        for (const { labels } of samples) expect(labels).toContainEqual(["worker", worker]);
        const told = (metric: string) =>
          Object.fromEntries(
            samples
              .filter(({ name }) => name === `logweir_${metric}_total`)
              .map(({ labels, value }) => [labels.length > 1 ? labels[0]?.[1] : "", value]),
          );
        const { kept, filtered, quarantined, routes, events, findings, reasons, embedded } = report as Report;
        const each = <T>(of: Readonly<Record<string, T>>, count: (value: T) => number) =>
          Object.fromEntries(Object.entries(of).map(([name, value]) => [name, count(value)]));
        expect(told("records")).toEqual({ kept, filtered, quarantined });
        expect(told("sampled_records")).toEqual({ "": report?.sampled ?? 0 });
        expect(told("input_bytes")).toEqual({ "": report?.bytes.in });
        expect(told("route_records")).toEqual(each(routes, ({ records }) => records));
        expect(told("route_bytes")).toEqual(each(routes, ({ bytes }) => bytes));
        expect(told("route_oversize_records")).toEqual(each(routes, ({ oversize = 0 }) => oversize));
        expect(told("event_invalid_records")).toEqual(each(events, ({ invalid }) => invalid));
        expect(told("quarantined_records")).toEqual(reasons);
        expect(told("findings")).toEqual(findings);
        const drift = Object.entries(events).flatMap(([event, { drift = {} }]) =>
          Object.entries(drift).map(([change, count]) => [event, change, count]),
        );
        const drifts = samples.filter(({ name }) => name === "logweir_drift_total");
        expect(
          drifts.map(({ labels, value }) => {
            const { event, change } = Object.fromEntries(labels);
            return [event, change, value];
          }),
        ).toEqual(drift);
        expect(told("embedded_strings")).toEqual(embedded);
        expect(told("rule_fired")).toEqual(
          Object.fromEntries(report?.rules.map(({ rule, fired }) => [rule, fired]) ?? []),
        );
      }),
    );
  });

  test("reads well", () => {
    const { report } = compile({ logweir: 1, routes: [{ name: 'a "b"' }] }).process('{"n":1}\n{');
    expect(Report.toPrometheus(report).split("\n").slice(0, 6)).toEqual([
      "# HELP logweir_records_total Records by what became of them.",
      "# TYPE logweir_records_total counter",
      'logweir_records_total{outcome="kept"} 1',
      'logweir_records_total{outcome="filtered"} 0',
      'logweir_records_total{outcome="quarantined"} 1',
      "# HELP logweir_sampled_records_total Filtered records that sampling alone left out.",
    ]);
    expect(Report.toPrometheus(report)).toContain('logweir_route_records_total{route="a \\"b\\""} 1\n');
  });

  test("refuses labels that Prometheus would not take, or that are told already", () => {
    const report = Report.merge();
    for (const labels of [{ "a-b": "" }, { __a: "" }, { "1": "" }, { route: "" }, { a: 1 as never }])
      expect(thrownBy(() => Report.toPrometheus(report, { labels }))).toMatchObject({ code: "W904" });
    expect(thrownBy(() => Report.toPrometheus(report, { lables: {} } as never))).toMatchObject({
      code: "W904",
    });
  });
});

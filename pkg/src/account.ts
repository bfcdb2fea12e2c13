// What is done with reports: added up, and told to Prometheus.
import { UsageError } from "./errors.js";
import { checkOptions } from "./options.js";
import type { Report as Account } from "./types.js";

/** How `Report.toPrometheus()` writes. */
export interface PrometheusOptions {
  /** Labels that every sample gets, such as the worker's name. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** What became of the records: counts, names from the policy and codes, never a value of an event. It is its own JSON. */
export type Report = Account;

/**
 * What can be done with reports.
 *
 * @example
 * const day = Report.merge(...reports);   // of calls, runs and workers, in any order
 * new Response(Report.toPrometheus(day, { labels: { worker: "eu-1" } }), { headers: { "Content-Type": Report.prometheusType } });
 */
export const Report = {
  /** The media type of `toPrometheus()`. */
  prometheusType: "text/plain; version=0.0.4; charset=utf-8",

  /**
   * Adds up reports of one policy, in any order; of none, all is nought. Where the reports add up, so does the sum.
   * `depth` of a rule is the greatest.
   */
  merge(...reports: readonly Report[]): Report {
    checkReports("merge", reports);
    const sum = (count: (report: Report) => number | undefined) =>
      reports.reduce((all, report) => all + (count(report) ?? 0), 0);
    const rules = new Map<string, Report["rules"][number]>();
    for (const { rule, fired, depth } of reports.flatMap(({ rules }) => rules)) {
      const known = rules.get(rule);
      rules.set(rule, {
        rule,
        fired: fired + (known?.fired ?? 0),
        depth: Math.max(depth, known?.depth ?? 0),
      });
    }
    return {
      records: sum(({ records }) => records),
      kept: sum(({ kept }) => kept),
      filtered: sum(({ filtered }) => filtered),
      quarantined: sum(({ quarantined }) => quarantined),
      ...ifAny(
        "sampled",
        sum(({ sampled }) => sampled),
      ),
      bytes: { in: sum(({ bytes }) => bytes.in), out: sum(({ bytes }) => bytes.out) },
      routes: byName(
        reports.map(({ routes }) => routes),
        (counts) => ({
          records: total(counts, "records"),
          bytes: total(counts, "bytes"),
          ...ifAny("oversize", total(counts, "oversize")),
          ...ifAny("sampled", total(counts, "sampled")),
        }),
      ),
      events: byName(
        reports.map(({ events }) => events),
        (counts) => ({
          records: total(counts, "records"),
          invalid: total(counts, "invalid"),
          ...ifAnyOf("drift", merged(counts.map(({ drift = {} }) => drift))),
        }),
      ),
      findings: merged(reports.map(({ findings }) => findings)),
      // In the policy's order: shorter numbers are lower.
      rules: [...rules.values()].sort((a, b) => a.rule.length - b.rule.length || (a.rule < b.rule ? -1 : 1)),
      reasons: merged(reports.map(({ reasons }) => reasons)),
      embedded: {
        entered: sum(({ embedded }) => embedded.entered),
        withheld: sum(({ embedded }) => embedded.withheld),
      },
    };
  },

  /**
   * Writes a report in Prometheus's text format (0.0.4): counters, whose names begin with `logweir_`. What grows from one
   * scrape to the next is the report of a run, or a sum that the caller keeps.
   *
   * @throws {UsageError} `W904` for what is no report, or a label that Prometheus does not take, or that is told already
   */
  toPrometheus(report: Report, options?: PrometheusOptions): string {
    checkReports("toPrometheus", [report]);
    checkOptions(options, { labels: "object" });
    const labels = Object.entries(options?.labels ?? {});
    for (const [name, value] of labels) checkLabel(name, value);
    return families(report)
      .filter(({ samples }) => samples.length > 0)
      .map((family) => write(family, labels))
      .join("");
  },
} as const;

function checkReports(call: string, reports: readonly Report[]): void {
  const isReport = (report: Report) =>
    Array.isArray(report?.rules) &&
    [report.bytes, report.routes, report.events, report.findings].every(Boolean);
  if (!reports.every(isReport))
    throw new UsageError("W904", `Report.${call}(): expected reports, as process() and runs give them`);
}

/** A member that is left out where it would be nought. */
export const ifAny = <K extends string>(name: K, count: number): { readonly [name in K]?: number } =>
  (count > 0 ? { [name]: count } : {}) as { readonly [name in K]?: number };

/** The same of counts by name. */
export const ifAnyOf = <K extends string, C extends object>(
  name: K,
  counts: C,
): { readonly [name in K]?: C } =>
  (Object.keys(counts).length > 0 ? { [name]: counts } : {}) as { readonly [name in K]?: C };

function total<T extends object>(counts: readonly T[], name: keyof T): number {
  return counts.reduce((all, count) => all + ((count[name] as number | undefined) ?? 0), 0);
}

/** Counts by name, added up. */
function merged<C extends object>(counts: readonly C[]): C {
  return byName<number>(counts as readonly { [name: string]: number }[], (all) =>
    all.reduce((a, b) => a + b, 0),
  ) as C;
}

/** What stands under each name in some objects, as one. */
function byName<T>(
  objects: readonly { readonly [name: string]: T }[],
  merge: (values: readonly T[]) => T,
): { [name: string]: T } {
  const values = new Map<string, T[]>();
  for (const [name, value] of objects.flatMap((object) => Object.entries(object))) {
    const known = values.get(name);
    if (known) known.push(value);
    else values.set(name, [value]);
  }
  // Which makes a property of any name, even of __proto__.
  return Object.fromEntries([...values].map(([name, all]) => [name, merge(all)]));
}

type Label = readonly [name: string, value: string];

interface Family {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly (readonly [labels: readonly Label[], count: number])[];
}

/** The names that samples have as it is. */
const OWN_LABELS = ["outcome", "route", "event", "rule", "code", "change"];

function families(report: Report): Family[] {
  const one = (name: string, help: string, count: number): Family => ({ name, help, samples: [[[], count]] });
  const each = <T>(
    name: string,
    help: string,
    label: string,
    of: { readonly [name: string]: T },
    count: (value: T) => number | undefined,
  ): Family => {
    const samples = Object.entries(of).map(
      ([said, value]) => [[[label, said] as const], count(value) ?? 0] as const,
    );
    return { name, help, samples };
  };
  const { kept, filtered, quarantined, routes, events, findings, reasons, embedded } = report;
  const drift = Object.entries(events).flatMap(([event, { drift = {} }]) =>
    Object.entries(drift).map(
      ([change, count]) =>
        [
          [
            ["event", event],
            ["change", change],
          ],
          count,
        ] as const,
    ),
  );
  const rules = Object.fromEntries(report.rules.map(({ rule, fired }) => [rule, fired]));
  const itself = (count: number) => count;
  return [
    each("records", "Records by what became of them.", "outcome", { kept, filtered, quarantined }, itself),
    one("sampled_records", "Filtered records that sampling alone left out.", report.sampled ?? 0),
    one("input_bytes", "Bytes of the input.", report.bytes.in),
    each("route_records", "Records that a route was given.", "route", routes, ({ records }) => records),
    each("route_bytes", "Bytes that went out over a route.", "route", routes, ({ bytes }) => bytes),
    each(
      "route_oversize_records",
      "Records too large for a route's receiver.",
      "route",
      routes,
      (of) => of.oversize,
    ),
    each(
      "route_sampled_records",
      "Records that sampling left out of a route.",
      "route",
      routes,
      (of) => of.sampled,
    ),
    each("event_records", "Events of a type.", "event", events, ({ records }) => records),
    each(
      "event_invalid_records",
      "Events that their JSON Schema finds fault with.",
      "event",
      events,
      (of) => of.invalid,
    ),
    each("findings", "Invalid events, by the code of what is wrong first.", "code", findings, itself),
    { name: "drift", help: "Differences from what the catalogue knows of events.", samples: drift },
    each("rule_fired", "Values that a rule of redaction was applied to.", "rule", rules, itself),
    each("quarantined_records", "Records withheld, by reason.", "code", reasons, itself),
    each("embedded_strings", "Strings that hold JSON.", "outcome", { ...embedded }, itself),
  ];
}

/** Prometheus, text-based format: HELP and TYPE first, then a line for each sample; the name of a counter ends in _total. */
function write({ name, help, samples }: Family, labels: readonly Label[]): string {
  const full = `logweir_${name}_total`;
  const lines = samples.map(([own, count]) => {
    const told = [...own, ...labels].map(([name, value]) => `${name}="${escaped(value)}"`).join(",");
    return `${full}${told && `{${told}}`} ${count}\n`;
  });
  return `# HELP ${full} ${help}\n# TYPE ${full} counter\n${lines.join("")}`;
}

/** In a label's value a backslash, a quote and a line feed are escaped, and nothing else. */
const escaped = (value: string) =>
  value.replace(/[\\"\n]/g, (character) => (character === "\n" ? "\\n" : `\\${character}`));

function checkLabel(name: string, value: unknown): void {
  if (typeof value !== "string") throw new UsageError("W904", `labels: expected a text for ${name}`);
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || name.startsWith("__"))
    throw new UsageError(
      "W904",
      "labels: expected names of letters, digits and _, that do not begin with __",
    );
  if (OWN_LABELS.includes(name))
    throw new UsageError("W904", `labels: expected another name than ${OWN_LABELS.join(", ")}`);
}

import { ifAny, ifAnyOf } from "./account.js";
import { type Layout, slot } from "./border.js";
import type { Report } from "./types.js";

/** A copy of the counter block: index and value of what is not zero, by turns. Made for each call, read for few. */
export type Counters = readonly number[];

/** The kinds of drift, in the order of the counters. */
const changes = ["unknown", "missing", "type", "value"] as const;

/** Those that are not nought. */
const some = <K extends string>(counts: readonly (readonly [K, number])[]) =>
  Object.fromEntries(counts.filter(([, count]) => count > 0)) as Record<K, number>;

/** Makes the report. Rules are all told, reasons only where they were met. */
export function buildReport(layout: Layout, counters: Counters): Report {
  const values = new Float64Array(layout.length);
  for (let at = 0; at < counters.length; at += 2) values[counters[at] as number] = counters[at + 1] as number;
  const count = (index: number) => values[index] ?? 0;
  const routes: [string, Report["routes"][string]][] = [];
  let bytesOut = 0;
  let at: number = slot.routes;
  for (const { name } of layout.routes) {
    const bytes = count(at + slot.routeBytes);
    const records = count(at + slot.routeRecords);
    const oversize = ifAny("oversize", count(at + slot.routeOversize));
    routes.push([name, { records, bytes, ...oversize, ...ifAny("sampled", count(at + slot.routeSampled)) }]);
    bytesOut += bytes;
    at += slot.perRoute;
  }
  const depths = at + layout.rules.length;
  const rules = layout.rules.map((rule, index) => ({
    rule,
    fired: count(at + index),
    depth: count(depths + index),
  }));
  at = depths + layout.rules.length;
  const reasons: Report["reasons"] = {};
  layout.reasons.forEach((code, index) => {
    if (count(at + index) > 0) reasons[code] = count(at + index);
  });
  at += layout.reasons.length;
  const others = at;
  const other = (name: string) => {
    const index = layout.other.indexOf(name);
    return index === -1 ? 0 : count(others + index);
  };
  const embedded = { entered: other("embedded.entered"), withheld: other("embedded.withheld") };
  at += layout.other.length;
  const events: [string, Report["events"][string]][] = [];
  for (const event of layout.events) {
    const [records, invalid] = [count(at), count(at + 1)];
    const drift = some(changes.map((change, index) => [change, count(at + 2 + index)]));
    if (records > 0) events.push([event, { records, invalid, ...ifAnyOf("drift", drift) }]);
    at += 2 + changes.length;
  }
  const findings = some(layout.findings.map((code, index) => [code, count(at + index)]));
  return {
    records: count(slot.records),
    kept: count(slot.kept),
    filtered: count(slot.filtered),
    quarantined: count(slot.quarantined),
    ...ifAny("sampled", count(slot.sampled)),
    bytes: { in: count(slot.bytesIn), out: bytesOut },
    routes: Object.fromEntries(routes), // which makes a property of any name, even of __proto__
    events: Object.fromEntries(events),
    findings,
    rules,
    reasons,
    embedded,
  };
}

// The account of a run, for people.
import type { Report } from "../types.js";
import { size } from "./progress.js";

const count = (value: number) => value.toLocaleString("en-US");

/** A few lines: where the records went, which rules fired, why some were withheld. */
export function summary(report: Report): string {
  const { records, kept, filtered, sampled = 0, quarantined, bytes } = report;
  const bySampling = sampled > 0 ? ` (${count(sampled)} by sampling)` : "";
  const lines = [
    `${count(records)} record${records === 1 ? "" : "s"}: ` +
      `${count(kept)} kept, ${count(filtered)} filtered${bySampling}, ${count(quarantined)} quarantined ` +
      `(${size(bytes.in)} in, ${size(bytes.out)} out)`,
  ];
  for (const { rule, fired } of report.rules) {
    lines.push(`  rule ${rule} fired ${fired === 1 ? "once" : `${count(fired)} times`}`);
  }
  const reasons = Object.entries(report.reasons).sort((a, b) => b[1] - a[1]);
  if (reasons.length > 0) {
    lines.push(`  quarantined for ${reasons.map(([code, times]) => `${code} (${count(times)})`).join(", ")}`);
  }
  return `${lines.join("\n")}\n`;
}

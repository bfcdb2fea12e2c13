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
  for (const [told, codes] of [
    ["invalid by", report.findings],
    ["quarantined for", report.reasons],
  ] as const) {
    const most = Object.entries(codes).sort((a, b) => b[1] - a[1]);
    if (most.length === 0) continue;
    lines.push(`  ${told} ${most.map(([code, times]) => `${code} (${count(times)})`).join(", ")}`);
  }
  return `${lines.join("\n")}\n`;
}

import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { Progress, progressLine, size } from "../../pkg/dist/cli/progress.js";
import { summary } from "../../pkg/dist/cli/summary.js";

describe("progress", () => {
  test("tells bytes, speed and what is left, as far as it is known", () => {
    expect(progressLine(250e6, 1e9, 2)).toBe(
      "[######..................]  25 %  250 MB of 1.0 GB  125 MB/s  0:06 left",
    );
    expect(progressLine(250e6, undefined, 2)).toBe("250 MB  125 MB/s");
    expect(progressLine(1e9, 1e9, 2)).toContain("[########################] 100 %");
    expect(progressLine(1e6, 9e9, 1)).toContain("2:29:59 left");
    expect(progressLine(0, 1e9, 1)).toContain("-:-- left");
    expect(progressLine(0, 0, 1)).toBe("0 B of 0 B  0 B/s");
    expect(progressLine(2e9, 1e9, 1)).toContain("0:00 left"); // a file that grew meanwhile
  });

  test("writes sizes for people", () => {
    expect([0, 999, 1000, 99_400, 99_500, 999_499, 999_500, 1.25e9, 3e15].map(size)).toEqual([
      "0 B",
      "999 B",
      "1.0 kB",
      "99.4 kB",
      "100 kB",
      "999 kB",
      "1.0 MB",
      "1.3 GB",
      "3000 TB",
    ]);
  });

  test("is shown after a second, and taken away", async () => {
    const written: string[] = [];
    const out = { write: (text: string) => written.push(text) > 0 };
    const progress = new Progress(100, out, true);
    progress.add(10);
    expect(written).toEqual([]);
    progress.clear();
    expect(written).toEqual([]);
    await pause(1050);
    progress.add(10);
    progress.add(10);
    expect(written).toHaveLength(1);
    expect(written[0]).toContain("20 %");
    progress.clear();
    progress.clear();
    expect(written.slice(1)).toEqual(["\r\x1b[K"]);
  });

  test("is never shown where nobody looks", async () => {
    const out = { write: () => expect.unreachable() };
    const progress = new Progress(100, out, false);
    await pause(1050);
    progress.add(10);
    progress.clear();
  });
});

test("the summary tells where records went and why", () => {
  const text = summary({
    records: 1234567,
    kept: 1234560,
    filtered: 0,
    quarantined: 7,
    bytes: { in: 5e8, out: 4e8 },
    routes: { out: { records: 1234560, bytes: 4e8 } },
    events: { "workato.job": { records: 1234560, invalid: 1234 } },
    findings: { V101: 1, V143: 1233 },
    rules: [
      { rule: "/redact/0", fired: 1, depth: 0 },
      { rule: "/redact/1", fired: 2000, depth: 1 },
    ],
    reasons: { S101: 2, S102: 5 },
    embedded: { entered: 0, withheld: 0 },
  });
  expect(text).toBe(
    [
      "1,234,567 records: 1,234,560 kept, 0 filtered, 7 quarantined (500 MB in, 400 MB out)",
      "  rule /redact/0 fired once",
      "  rule /redact/1 fired 2,000 times",
      "  invalid by V143 (1,233), V101 (1)",
      "  quarantined for S102 (5), S101 (2)",
      "",
    ].join("\n"),
  );
});

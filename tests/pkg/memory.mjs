// Peak memory of `logweir run` over large files. As a program it compares two sizes:
//   node tests/pkg/memory.mjs [SMALL LARGE]     megabytes, 100 and 1000 by default
// and fails if the larger one needs 200 MB or more, or over 10 % more than the smaller one.
import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
export const command = here("../../pkg/bin/logweir.js");

/** About 4 MB of events, some of them wide, some broken; always the same. With `whole` none is broken. */
function events(whole) {
  const lines = [];
  for (let n = 0, bytes = 0; bytes < 4_000_000; n += 1) {
    const user = { id: n, email: `user${n}@example.org`, name: n % 9 === 0 ? "Zoë 🐟" : `user ${n}` };
    const log = { message: "x".repeat((n * 37) % 700), user, at: `2026-05-${10 + (n % 20)}T08:00:00.000Z` };
    const event = {
      id: `e-${n}`,
      user,
      log: n % 5 === 0 ? JSON.stringify(log) : log,
      lines: [{ input: { n } }],
    };
    const line = n % 1000 === 999 && !whole ? `{"broken":${n}` : JSON.stringify(event);
    lines.push(line);
    bytes += line.length + 1;
  }
  return lines;
}

/** They stand on lines. */
export const block = () => new TextEncoder().encode(`${events(false).join("\n")}\n`);

/** Runs a Node program to its end; gives its peak memory in bytes and how much it wrote. */
export async function peakOf(args) {
  const folder = mkdtempSync(join(tmpdir(), "logweir-peak-"));
  const file = join(folder, "peak");
  try {
    const child = spawn(
      process.execPath,
      ["--import", new URL("./peak.mjs", import.meta.url).href, ...args],
      {
        env: { ...process.env, LOGWEIR_PEAK: file },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    const since = performance.now();
    let written = 0;
    let said = "";
    child.stdout.on("data", (piece) => {
      written += piece.length;
    });
    child.stderr.on("data", (piece) => {
      said += piece;
    });
    const status = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
    const seconds = (performance.now() - since) / 1000;
    return { status, written, said, seconds, peak: Number(readFileSync(file, "utf8")) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Writes files of these sizes (in megabytes), hands each to `logweir run`, and removes them. Events stand on lines; with
 * `asArray` in an array on one line.
 */
export async function peaksOfRun(sizes, asArray = false) {
  const folder = mkdtempSync(join(tmpdir(), "logweir-memory-"));
  try {
    const policy = join(folder, "policy.json");
    writeFileSync(
      policy,
      JSON.stringify({
        logweir: 1,
        redact: [{ path: "**.email" }, { path: "lines[*].input", with: "remove" }],
      }),
    );
    const piece = asArray ? new TextEncoder().encode(events(true).join(",")) : block();
    const [open, between, close] = asArray ? ["[", ",", "]"] : ["", "", ""];
    const results = [];
    for (const size of sizes) {
      const data = join(folder, "events.ndjson");
      const file = openSync(data, "w");
      let bytes = 0;
      for (; bytes < size * 1e6; bytes += piece.length) {
        writeSync(file, bytes === 0 ? open : between);
        writeSync(file, piece);
      }
      writeSync(file, close);
      closeSync(file);
      results.push({ size, bytes, ...(await peakOf([command, "run", "--policy", policy, data])) });
      rmSync(data);
    }
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [100, 1000];
  const results = await peaksOfRun(sizes);
  for (const { size, bytes, peak, seconds, status } of results) {
    const speed = bytes / 1e6 / seconds;
    console.log(
      `${size} MB: peak ${(peak / 1e6).toFixed(1)} MB, ${seconds.toFixed(1)} s, ${speed.toFixed(0)} MB/s, status ${status}`,
    );
  }
  // Some records are broken on purpose, so the status is 1; but a run that wrote nothing measured nothing.
  const failed = results.find(({ status, written, bytes }) => status !== 1 || written < bytes / 2);
  if (failed) throw new Error(`the run over ${failed.size} MB failed: ${failed.said}`);
  const [small, large] = [results[0], results[results.length - 1]];
  const growth = large.peak / small.peak - 1;
  console.log(`growth of the peak: ${(growth * 100).toFixed(1)} % (at most 10 %); the peak: at most 200 MB`);
  if (growth > 0.1 || large.peak >= 200e6) process.exitCode = 1;
}

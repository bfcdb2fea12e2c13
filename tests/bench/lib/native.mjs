// The same Rust code natively. It runs as a process of its own, so its ratios are approximate.
//
// The bench target is asked:  cargo bench --features _probe --bench native -- --json --file CORPUS --policy FILE
// and answers on stdout with one line per stage:  {"stage":"pipeline","mbps":1072.5}   (mbps: 10^6 bytes per second)
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** @returns {{ rows: { stage: string, mbps: number }[], skip?: string }} */
export function native(corpusPath, policy) {
  if (!existsSync(join(ROOT, "tests/bench/native.rs")))
    return { rows: [], skip: "tests/bench/native.rs is missing" };
  const folder = mkdtempSync(join(tmpdir(), "logweir-bench-"));
  try {
    const policyPath = join(folder, "policy.json");
    writeFileSync(policyPath, JSON.stringify(policy));
    const target = ["bench", "--quiet", "--features", "_probe", "--bench", "native"];
    const args = [...target, "--", "--json", "--file", corpusPath, "--policy", policyPath];
    const { status, stdout, stderr, error } = spawnSync("cargo", args, { cwd: ROOT, encoding: "utf8" });
    if (error) return { rows: [], skip: `cargo could not be run (${error.code})` };
    if (status !== 0) return { rows: [], skip: `cargo bench failed: ${stderr.trim().split("\n").pop()}` };
    const rows = stdout
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line));
    return rows.length ? { rows } : { rows, skip: "the native bench printed no stages" };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// The same Rust code natively. It runs as a process of its own, so its ratios are approximate.
//
// The bench target is asked:  cargo bench --features _probe,store --bench native -- --json --file CORPUS --policy FILE
// and answers on stdout with one line per stage:  {"stage":"pipeline","mbps":1072.5}   (mbps: 10^6 bytes per second)
// So does native-schema, a package of its own for the crates that it compares with.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** @returns {{ rows: { stage: string, mbps: number }[], skip?: string }} */
export function native(corpusPath, policy) {
  return withFile("policy.json", policy, (policyPath) => {
    const target = ["bench", "--quiet", "--features", "_probe,store", "--bench", "native"];
    return cargo([...target, "--", "--json", "--file", corpusPath, "--policy", policyPath]);
  });
}

/**
 * @param {import("./schemas.mjs").Workload} workload
 * @returns {{ rows: { stage: string, mbps: number }[], skip?: string }}
 */
export function nativeSchema(workload) {
  const folder = join(ROOT, "tests/bench/native-schema");
  return withFile("workload.json", workload, (path) =>
    cargo(["run", "--quiet", "--release", "--manifest-path", join(folder, "Cargo.toml"), "--", path]),
  );
}

function withFile(name, content, use) {
  const folder = mkdtempSync(join(tmpdir(), "logweir-bench-"));
  try {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(content));
    return use(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function cargo(args) {
  const { status, stdout, stderr, error } = spawnSync("cargo", args, { cwd: ROOT, encoding: "utf8" });
  if (error) return { rows: [], skip: `cargo could not be run (${error.code})` };
  if (status !== 0) return { rows: [], skip: `cargo ${args[0]} failed: ${stderr.trim().split("\n").pop()}` };
  const rows = stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
  return rows.length ? { rows } : { rows, skip: "the native bench printed no stages" };
}

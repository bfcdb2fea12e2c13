// What every build script needs: where things are, how to run a program, how to say what happens.
// Node builtins only: these scripts run on a fresh clone, before anything is installed.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root folder. */
export const root = fileURLToPath(new URL("../../", import.meta.url)).replace(/[\\/]$/, "");

/** A path inside the repository. */
export const at = (...parts) => join(root, ...parts);

/** True for the script that the user started, false for one that another script imported. */
export const isMain = (url) => process.argv[1] === fileURLToPath(url);

/** A mistake or a lack that the user can mend: shown as text alone, without a stack. */
export class Stop extends Error {}

/** Says what happens. Always on stderr: stdout belongs to data. */
export function say(text = "") {
  process.stderr.write(`${text}\n`);
}

const colour = process.stderr.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (colour ? `\x1b[${code}m${text}\x1b[0m` : text);
export const bold = (text) => paint(1, text);
export const dim = (text) => paint(2, text);

export const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
export const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;

/** Runs `work` under a heading and says how long it took. */
export async function step(title, work) {
  say(bold(`▸ ${title}`));
  const since = performance.now();
  const result = await work();
  say(dim(`  ${title}: ${seconds(since)}`));
  return result;
}

/** Runs a `main`, turning a Stop into a message and exit status 2. */
export async function mainly(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    say(`\n${error.message}`);
    process.exitCode = 2;
  }
}

const childEnv = (extra) => ({ ...process.env, ...extra });

/**
 * Runs a program with its output shown (on stderr, so that stdout stays clean) and waits for it.
 * @returns {Promise<{status: number, output: string}>} `output` holds what it printed, if `keep` was set
 */
export function run(program, args, { cwd = root, env, keep = false, timeout } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: childEnv(env),
      stdio: ["ignore", keep ? "pipe" : 2, keep ? "pipe" : 2],
      timeout,
      shell: needsShell(program),
    });
    const pieces = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (piece) => {
        pieces.push(piece);
        process.stderr.write(piece);
      });
    }
    child.on("error", (error) => {
      if (error.code === "ENOENT") reject(new Stop(`${program} was not found on this machine.`));
      else reject(error);
    });
    child.on("close", (status) =>
      resolve({ status: status ?? 1, output: Buffer.concat(pieces).toString("utf8") }),
    );
  });
}

/** Like `run`, but a status other than 0 stops everything. */
export async function must(program, args, options = {}) {
  const result = await run(program, args, options);
  if (result.status !== 0) {
    throw new Stop(`${options.what ?? [program, ...args].join(" ")} failed (exit status ${result.status}).`);
  }
  return result;
}

/** What a program prints on stdout, or undefined where it is missing or fails. */
export function ask(program, args, { timeout = 20_000, env, cwd = root } = {}) {
  const result = spawnSync(program, args, {
    cwd,
    env: childEnv(env),
    encoding: "utf8",
    timeout,
    shell: needsShell(program),
  });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

// npm is a command file on Windows, which only a shell starts.
const needsShell = (program) => process.platform === "win32" && program === "npm";

/** All files under the given files and folders, sorted, as paths relative to the root. */
export function filesUnder(paths, { skip = () => false } = {}) {
  const found = [];
  const visit = (path) => {
    const name = relative(root, path).split(sep).join("/");
    if (skip(name) || !existsSync(path)) return;
    if (statSync(path).isDirectory()) {
      for (const entry of readdirSync(path)) visit(join(path, entry));
    } else found.push(name);
  };
  for (const path of paths) visit(at(path));
  return found.sort();
}

/** One hash over the content of files and any further words: the same inputs, the same hash. */
export function hashOf(files, words = []) {
  const hash = createHash("sha256");
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(at(file)))
      .update("\0");
  for (const word of words) hash.update(`${word}\0`);
  return hash.digest("hex");
}

/** A JSON file's content, or undefined where there is none. */
export function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

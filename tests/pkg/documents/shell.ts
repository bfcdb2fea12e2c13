// Shell examples. With prompts ("$ ") each command's output is what stands below it, on stdout and stderr together, a line
// "…" standing for any lines; a command that fails is followed by one that shows its status (echo $?). Without prompts the
// block is a script that succeeds.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { at } from "../tools.js";

const MARK = "@@@";

/** A folder with `logweir` and `npx logweir` in it, as of an installed package. */
export function commands(folder: string): string {
  const bin = join(folder, ".bin");
  mkdirSync(bin, { recursive: true });
  const logweir = `exec "${process.execPath}" "${at("pkg", "bin", "logweir.js")}" "$@"`;
  for (const [name, text] of [
    ["logweir", logweir],
    ["npx", `shift\n${logweir}`],
  ] as const) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return bin;
}

/** What is not as the block shows it; nothing if all is. */
export function runShell(folder: string, bin: string, script: string): { shown: string; found: string } {
  const parts = script.split(/^\$ /m);
  const [before = "", ...steps] = parts;
  const told = steps.map((step) => {
    const lines = step.split("\n");
    // A command goes on where a line ends in one of these.
    let length = 1;
    while (/(\\|\||&&)$/.test(lines[length - 1] ?? "")) length += 1;
    return { command: lines.slice(0, length).join("\n"), output: lines.slice(length).join("\n").trimEnd() };
  });
  const program =
    told.length === 0
      ? `set -e\n${before}`
      : `${before}\n${told.map(({ command }) => `${command}\n__=$?; echo; echo "${MARK}$__"; (exit $__)`).join("\n")}\nexit 0`;
  const { stdout, status, error } = spawnSync("sh", ["-c", `exec 2>&1\n${program}`], {
    cwd: folder,
    encoding: "utf8",
    timeout: 25_000,
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, NO_COLOR: "1" },
  });
  if (status !== 0) return { shown: "exit 0", found: `exit ${status} ${error?.message ?? ""}\n${stdout}` };
  const found: string[] = [];
  const shown: string[] = [];
  const outputs = stdout.split(new RegExp(`\\n${MARK}(\\d+)\\n`));
  for (const [index, { command, output }] of told.entries()) {
    const [given = "", exit = "0"] = outputs.slice(index * 2, index * 2 + 2);
    const shows = told[index + 1]?.command === "echo $?";
    shown.push(`$ ${command}`, output);
    found.push(`$ ${command}`, fits(output, given.trimEnd()) ? output : given.trimEnd());
    if (exit !== "0" && !shows) found.push(`(exit ${exit})`);
  }
  return { shown: shown.join("\n"), found: found.join("\n") };
}

function fits(shown: string, given: string): boolean {
  const quoted = shown
    .split("\n")
    .map((line) => (line === "…" ? "[^]*" : line.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));
  return new RegExp(`^${quoted.join("\n")}$`).test(given);
}

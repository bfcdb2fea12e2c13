// Parts that others wrote, where they can be had.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Skip } from "../common/lanes.mjs";

export const here = fileURLToPath(new URL(".", import.meta.url));
export const target = join(here, "..", "..", "target", "receivers");

const refused = new Map();

/** Furnishes a folder under target/ once for what a file lists; throws Skip where that cannot be. */
function furnish(name, list, steps) {
  const folder = join(target, name);
  const wanted = readFileSync(join(here, list), "utf8");
  const mark = join(folder, "furnished.txt");
  if (refused.has(name)) throw new Skip(refused.get(name));
  if (existsSync(mark) && readFileSync(mark, "utf8") === wanted) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [why, command, ...args] of steps(folder)) {
    const { status } = spawnSync(command, args, { stdio: "ignore", timeout: 600_000, cwd: folder });
    if (status !== 0) {
      refused.set(name, why);
      throw new Skip(why);
    }
  }
  writeFileSync(mark, wanted);
  return folder;
}

/** A Python with the packages of `requirements.txt`. */
export function python() {
  const folder = furnish("python", "requirements.txt", (folder) => [
    ["python3 with venv is needed (Debian: python3-venv)", "python3", "-m", "venv", "."],
    [
      "its Python packages cannot be installed here",
      join(folder, "bin", "python"),
      ...[
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
        join(here, "requirements.txt"),
      ],
    ],
  ]);
  return join(folder, "bin", "python");
}

/** Where the packages of `clients/package.json` are. */
export function packages() {
  const folder = furnish("npm", "clients/package-lock.json", () => [
    [
      "its npm packages cannot be installed here",
      "cp",
      join(here, "clients/package.json"),
      join(here, "clients/package-lock.json"),
      ".",
    ],
    ["its npm packages cannot be installed here", "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
  ]);
  return join(folder, "node_modules");
}

/** A program on the path. */
export function program(name, how) {
  const { error } = spawnSync(name, ["--version"], { stdio: "ignore" });
  if (error) throw new Skip(`${name} is not installed (${how})`);
  return name;
}

// A folder outside the checkout's own packages, in which the tarball and the tools are installed side by side.
import { spawn } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { at, hashOf, must } from "../../pkg/tools/shell.mjs";

/** The folder; `node_modules` below it holds the package and the tools. */
export const folder = at("target", "runtimes");
const own = (...names) => at("tests", "runtimes", ...names);

/** Installs the tools, unless they are there already, and the package as it would be published now. */
export async function furnish() {
  mkdirSync(folder, { recursive: true });
  const stamp = join(folder, "installed");
  const wanted = hashOf(["package.json", "package-lock.json"].map((name) => `tests/runtimes/${name}`));
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
    for (const name of ["package.json", "package-lock.json"]) copyFileSync(own(name), join(folder, name));
    // Not `npm ci`: it demands every platform's optional packages, and not every mirror has them all.
    await must("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], {
      cwd: folder,
    });
    writeFileSync(stamp, wanted);
  }
  const packed = join(folder, "packed");
  rmSync(packed, { recursive: true, force: true });
  mkdirSync(packed);
  await must("npm", ["pack", "--silent", "--workspace", "logweir", "--pack-destination", packed], {
    cwd: at(),
    quiet: true,
  });
  const { version } = JSON.parse(readFileSync(at("pkg", "package.json"), "utf8"));
  const place = join(folder, "node_modules", "logweir");
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  await must("tar", ["-xzf", join(packed, `logweir-${version}.tgz`), "-C", place, "--strip-components=1"]);
}

/** Makes `folder/NAME` anew from `files` (a text each), with the trip in it, and gives its path. */
export function project(name, files = {}) {
  const place = join(folder, name);
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  copyFileSync(own("trip.mjs"), join(place, "trip.mjs"));
  if (existsSync(own(name))) cpSync(own(name), place, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    writeFileSync(join(place, path), text);
  }
  return place;
}

/** A program of the tools' by the name of its package and its path in it. */
export const tool = (...path) => join(folder, "node_modules", ...path);

/** Runs a program in `cwd`; gives what it printed on stdout, or throws with all that it printed. */
export function print(program, args, { cwd, env, timeout = 120_000 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, NO_COLOR: "1", ...env },
      timeout,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    let all = "";
    child.stdout.on("data", (part) => {
      out += part;
      all += part;
    });
    child.stderr.on("data", (part) => (all += part));
    child.once("error", reject);
    child.once("close", (status) =>
      status === 0
        ? resolve(out)
        : reject(new Error(`${program} ${args.join(" ")} ended with ${status}:\n${all.slice(-2000)}`)),
    );
  });
}

let answer;

/** Compares a lane's answer with that of the package in the Node that runs this. */
export async function same(text) {
  answer ??= await print(process.execPath, ["trip-here.mjs"], {
    cwd: project("here", { "trip-here.mjs": `import * as logweir from "logweir";\n${printing}` }),
  });
  if (text.trim() !== answer.trim()) {
    throw new Error(
      `another answer than Node's:\n  ${text.trim().slice(0, 2000)}\n  ${answer.trim().slice(0, 2000)}`,
    );
  }
}

/** The rest of a module that has the package as `logweir`. */
export const printing = `import { trip } from "./trip.mjs";\nconsole.log(trip(logweir));\n`;

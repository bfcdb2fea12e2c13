// What must never be in the repository or in what is built from it.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "./packed.js";

const read = (path: string) => readFileSync(join(root, path), "utf8");

/** Files that are committed or about to be. */
function tracked(): string[] {
  const printed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  return printed.split("\0").filter((path) => path !== "" && existsSync(join(root, path)));
}

const inGit = existsSync(join(root, ".git"));
if (!inGit) console.warn("Skipped: what is committed is looked at only in a git checkout.");

describe.skipIf(!inGit)("nothing committed", () => {
  // Put together from pieces, so that this file does not find itself.
  const slash = "/";
  const folders = ["work", "root", "tmp", "home", "Users"].map((name) => `${slash}${name}${slash}`);
  const hosts = [
    ["registry", "npmjs", "org"],
    ["index", "crates", "io"],
    ["static", "crates", "io"],
  ].map((parts) => parts.join("."));
  const mirrors = ["artif" + "actory"];

  test.each([...folders, ...hosts, ...mirrors])("names %s", (text) => {
    const naming = tracked().filter((path) => {
      const content = read(path);
      for (let at = content.indexOf(text); at >= 0; at = content.indexOf(text, at + 1)) {
        // Behind a name it is a part of a path of the project's own.
        if (!text.startsWith(slash) || !/[\w.*)}\]-]/.test(content[at - 1] ?? "")) return true;
      }
      return false;
    });
    expect(naming).toEqual([]);
  });

  test("is a build's output", () => {
    const outputs = /^(target|pkg\/(wasm|wasm-abort|dist|generated)|www\/dist)\/|(^|\/)node_modules\/|\.tgz$/;
    expect(tracked().filter((path) => outputs.test(path))).toEqual([]);
  });
});

describe("the lock files", () => {
  test.each(["package-lock.json", "pkg/tools/node24/package-lock.json"])(
    "%s names versions and checksums, no addresses",
    (path) => {
      const { packages } = JSON.parse(read(path)) as {
        packages: Record<string, { resolved?: string; link?: boolean; integrity?: string }>;
      };
      const foreign = Object.entries(packages).filter(([name]) => name.includes("node_modules/"));
      expect(foreign.length).toBeGreaterThan(0);
      expect(foreign.filter(([, entry]) => !entry.link && entry.resolved).map(([name]) => name)).toEqual([]);
      expect(foreign.filter(([, entry]) => !entry.link && !entry.integrity).map(([name]) => name)).toEqual(
        [],
      );
    },
  );

  test("Cargo.lock fits the manifests", () => {
    expect(() =>
      execFileSync("cargo", ["metadata", "--locked", "--format-version", "1"], {
        cwd: root,
        maxBuffer: 1 << 28,
        stdio: "pipe",
      }),
    ).not.toThrow();
  });
});

describe("what is shipped", () => {
  const shipped = ["dist", "wasm"].flatMap((folder) =>
    (readdirSync(join(root, "pkg", folder), { recursive: true }) as string[])
      .filter((name) => /\.(js|wasm)$/.test(name))
      .map((name) => `pkg/${folder}/${name}`),
  );

  test("carries no path of the machine that built it", () => {
    expect(shipped.length).toBeGreaterThan(5);
    const home = process.env.HOME ?? "/nowhere-at-all";
    for (const path of shipped) {
      const bytes = readFileSync(join(root, path));
      expect(bytes.includes(root), path).toBe(false);
      expect(bytes.includes(`${home}/`), path).toBe(false);
    }
  });

  test("makes no code from text", () => {
    for (const path of shipped.filter((name) => name.endsWith(".js"))) {
      expect(read(path), path).not.toMatch(/\beval\s*\(|\bnew\s+Function\b|(?<![\w`"'.])Function\s*\(/);
    }
  });
});

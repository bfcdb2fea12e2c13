// The package as npm would publish it, packed and installed into a folder of its own.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));

export interface Packed {
  /** A project that has the package installed and nothing else. */
  readonly project: string;
  /** The tarball's path. */
  readonly tarball: string;
  /** The files in the tarball, relative to the package. */
  readonly files: readonly string[];
  /** The tarball's size in bytes. */
  readonly size: number;
  remove(): void;
}

function npm(cwd: string, ...args: string[]): string {
  return execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

export function packAndInstall(): Packed {
  const folder = mkdtempSync(join(tmpdir(), "logweir-packed-"));
  const project = join(folder, "project");
  mkdirSync(project);
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({ name: "consumer", private: true, type: "module" }),
  );
  const printed = npm(root, "pack", "--json", "--workspace", "logweir", "--pack-destination", folder);
  const answer = JSON.parse(printed);
  const [{ filename, files, size }] = Array.isArray(answer) ? answer : Object.values(answer);
  const tarball = join(folder, filename);
  npm(project, "install", "--offline", "--no-audit", "--no-fund", tarball);
  return {
    project,
    tarball,
    files: files.map((file: { path: string }) => file.path),
    size,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

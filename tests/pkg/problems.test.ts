// PROBLEMS.md tells every code that the sources know, each once, and no other.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { at } from "./tools.js";

const code = "[SDRPQTVWF]\\d{3}";

function sources(...folder: string[]): string {
  const names = readdirSync(at(...folder), { recursive: true }) as string[];
  const files = names.filter((name) => /\.(rs|ts)$/.test(name) && !name.endsWith("tests.rs"));
  return files.map((name) => readFileSync(at(...folder, name), "utf8")).join("\n");
}

test("every code has its row in PROBLEMS.md", () => {
  const known = `${sources("src")}\n${sources("pkg", "src")}`.matchAll(new RegExp(`"(${code})"`, "g"));
  const rows = readFileSync(at("PROBLEMS.md"), "utf8").matchAll(new RegExp(`^\\| \`(${code})\` \\|`, "gm"));
  const told = [...rows].map(([, name]) => name);
  expect(told.length).toBeGreaterThan(30);
  expect([...told].sort()).toEqual([...new Set([...known].map(([, name]) => name))].sort());
});

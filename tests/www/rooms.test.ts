import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

// Who may import whom in www/src: views → state → engine → intake → base, views → widgets → base, and the messages of
// both languages (words) beside them. The package is the engine's alone.
const allowed: Record<string, readonly string[]> = {
  base: [],
  words: ["base"],
  intake: ["base"],
  widgets: ["base"],
  engine: ["intake", "base", "logweir"],
  state: ["engine", "intake", "words", "base"],
  views: ["state", "widgets", "words", "base"],
};

test("the rooms of the page import as the floor plan says", () => {
  const src = fileURLToPath(new URL("../../www/src/", import.meta.url));
  const files = readdirSync(src, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => /^\w+\/.*\.(ts|svelte)$/.test(file));
  expect(new Set(files.map((file) => file.split("/")[0]))).toEqual(new Set(Object.keys(allowed)));
  const broken: string[] = [];
  for (const file of files) {
    const room = file.split("/")[0] ?? "";
    for (const [, from = ""] of readFileSync(src + file, "utf8").matchAll(
      /(?:from|import)\s*\(?\s*"([^"]+)"/g,
    )) {
      const inside = from.startsWith(".");
      const target = inside ? posix.join(posix.dirname(file), from).split("/")[0] : from.split("/")[0];
      if (target === room || (!inside && target !== "logweir")) continue;
      if (!allowed[room]?.includes(target ?? "")) broken.push(`${file} imports ${from}`);
    }
  }
  expect(broken).toEqual([]);
});

// One project per folder of tests, so that each can be run alone: npx vitest --config tests/vitest.config.mjs --project pkg
import { defineConfig } from "vitest/config";

const project = (name, options = {}) => ({
  test: {
    name,
    include: [`tests/${name}/**/*.test.{ts,mjs}`],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    ...options,
  },
});

export default defineConfig({
  test: {
    projects: [
      project("pkg", {
        include: ["tests/pkg/**/*.test.{ts,mjs}", "tests/{corpus,query,schema,template}.test.ts"],
      }),
      project("packaging", { testTimeout: 120_000, hookTimeout: 120_000 }),
      project("worker"),
      // A browser on a busy machine: what is waited for comes, not within the second that polls have by default.
      project("www", {
        fileParallelism: false,
        testTimeout: 60_000,
        expect: { poll: { timeout: 15_000 } },
      }),
    ],
  },
});

import { expect, test } from "vitest";
import { leaks, survives } from "../leaks/corpus.mjs";
import { harmless } from "../leaks/harmless.mjs";
import { table } from "../leaks/table.mjs";

// A part of `npm run leaks`: a record in so many, prime to the number of forms.
test("of the leak corpus nothing survives here, and most with others", { timeout: 120_000 }, async () => {
  const [ours, ...others] = await table({ every: 7 });
  expect(ours?.leaks).toEqual([]);
  expect(ours?.spoiled).toBe(0);
  const installed = others.filter(({ missing }) => !missing);
  expect(installed.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["fast-redact", "@pinojs/redact", "@hackylabs/deep-redact"]),
  );
  for (const { name, let: through, records } of installed) {
    expect(through, name).toBeGreaterThan(records / 10);
  }
});

test("a value that is left is seen, in whatever form", () => {
  const unseen = [...leaks()].filter(({ values, record }) => !survives(values, record));
  expect(unseen).toEqual([]);
});

// `npm run leaks:harmless` takes 100,000.
test("in generated events nothing is found but invented people and machines", {
  timeout: 120_000,
}, async () => {
  const { found, wrong } = await harmless({ events: 5000 });
  expect(wrong).toEqual([]);
  expect(found).toBeGreaterThan(1000);
});

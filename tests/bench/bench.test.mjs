// The benchmark's own footing: corpora that are the same everywhere, and a reference that deserves the name.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { VERSION } from "./corpus/recipes.mjs";
import { DEFAULT_SEED, parseSize, writeCorpus } from "./corpus.mjs";
import { forms } from "./lib/input.mjs";
import { measure } from "./lib/measure.mjs";
import { difference, parse, redactor, write } from "./lib/reference.mjs";

const folder = mkdtempSync(join(tmpdir(), "logweir-bench-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function corpus(options) {
  const path = join(folder, "corpus.ndjson");
  const stats = writeCorpus({ path, corpus: "mixed", seed: DEFAULT_SEED, bytes: 300_000, ...options });
  return { stats, data: readFileSync(path) };
}
const digest = (data) => createHash("sha256").update(data).digest("hex").slice(0, 16);

test("a corpus is the same for the same seed, and its version tells when it changes", () => {
  const known = { version: 1, mixed: "936ce85cfa4de49f", small: "35943750d19a422d" };
  const found = {
    version: VERSION,
    mixed: digest(corpus({}).data),
    small: digest(corpus({ corpus: "small" }).data),
  };
  assert.deepEqual(found, known, "raise VERSION in corpus/recipes.mjs and note the new digests here");
  assert.notEqual(digest(corpus({ seed: 1 }).data), found.mixed);
});

test("shuffling changes the order of keys and nothing else", () => {
  const sorted = (data) =>
    data
      .toString()
      .trimEnd()
      .split("\n")
      .map((line) => line.length);
  const [plain, shuffled] = [corpus({}).data, corpus({ shuffle: true }).data];
  assert.notEqual(digest(plain), digest(shuffled));
  assert.deepEqual(sorted(plain), sorted(shuffled));
});

test("chunks hold whole lines and every byte", () => {
  const { data, stats } = corpus({ bytes: 1_000_000 });
  const { chunks, events, lines } = forms(data);
  assert.ok(chunks.length > 2);
  assert.ok(Buffer.concat(chunks).equals(data));
  assert.ok(chunks.every((chunk) => chunk[chunk.length - 1] === 10));
  assert.equal(events.length, stats.events);
  assert.equal(lines.flat().length, stats.events);
});

test("the reference reads what JSON.parse reads, and keeps number texts", () => {
  for (const line of corpus({}).data.toString().trimEnd().split("\n")) {
    assert.deepEqual(JSON.parse(write(parse(line))), JSON.parse(line));
  }
  const text = '{"a":70000.0,"b":1694081235979123457,"c":[1e-06,-0],"a":2,"d":"\\u00e9"}';
  assert.equal(write(parse(text)), text.replace("\\u00e9", "é"));
  assert.throws(() => parse('{"a":01}'), SyntaxError);
});

test("the reference follows paths through arrays and strings", () => {
  const redacted = (path, text) => write(redactor([path], { replacement: "x" })(text).tree);
  assert.equal(redacted("a.b", '{"a":[{"b":1},{"c":2}],"b":3}'), '{"a":[{"b":"x"},{"c":2}],"b":3}');
  assert.equal(
    redacted("*.b", '{"a":{"b":1},"b":{"a":2},"c":{"b":{"b":3}}}'),
    '{"a":{"b":"x"},"b":{"a":2},"c":{"b":"x"}}',
  );
  assert.equal(redacted("a[1]", '{"a":[1,2,3]}'), '{"a":[1,"x",3]}');
  assert.equal(redacted("a[*].b", '{"a":{"k":{"b":1}}}'), '{"a":{"k":{"b":1}}}');
  assert.equal(redacted("a.b", '{"a":"{\\"b\\":70000.0}"}'), '{"a":"{\\"b\\":\\"x\\"}"}');
  assert.equal(redacted("a.b", '{"a":"[CICD] b"}'), '{"a":"[CICD] b"}');
  assert.deepEqual(
    redactor(["a.b", "c"], { replacement: "x" })('{"a":[{"b":1},{"b":2}],"c":3}').fired,
    [2, 1],
  );
});

test("a difference is told by its pointer", () => {
  const at = (a, b) => difference(parse(a), parse(b));
  assert.equal(at('{"a":[1,{"b":2}]}', '{"a":[1,{"b":2.0}]}'), "/a/1/b");
  assert.equal(at('{"a":"{\\"b\\": 1}"}', '{"a":"{\\"b\\":1}"}'), undefined);
  assert.equal(at('{"a":"{\\"b\\":1}"}', '{"a":"{\\"b\\":3}"}'), "/a/(json)/b");
  assert.equal(at('{"a":1}', '{"a":1,"c":2}'), "/c");
});

test("figures are medians of the rounds' ratios to the first row", () => {
  const spin = (ms) => () => {
    for (const start = performance.now(); performance.now() - start < ms; );
  };
  const figures = measure(
    [
      { name: "base", bytes: 1000, pass: spin(2) },
      { name: "slow", bytes: 1000, pass: spin(8) },
    ],
    { rounds: 3, minMs: 2, warmMs: 1 },
  );
  assert.equal(figures.get("base").ratio, 1);
  assert.equal(figures.samples, 6);
  const { ratio, low, high, ratios } = figures.get("slow");
  assert.equal(ratios.length, 3);
  assert.ok(low <= ratio && ratio <= high && ratio < 1);
});

test("sizes are read with their units", () => {
  assert.deepEqual(["16MiB", "1GB", "1.5kb", "300"].map(parseSize), [16_777_216, 1_000_000_000, 1500, 300]);
  assert.throws(() => parseSize("5XB"), /--size/);
});

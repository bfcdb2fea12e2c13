// Deterministic corpora: NDJSON modelled on the platforms' events, the same bytes for the same seed on every machine.
//
//   node tests/bench/corpus.mjs --size 1GB --out FILE [--corpus mixed|small] [--shuffle] [--seed N]
//
// The benchmark keeps its corpora (16 MiB each) in tests/bench/data, named by what they hold, seed and version.
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { records, VERSION } from "./corpus/recipes.mjs";

export const DEFAULT_SEED = 20260501;
export const CORPUS_BYTES = 16 * 1024 * 1024;
/** The corpora by name; `shuffled` is `mixed` with the keys of every object in random order. */
export const CORPORA = {
  mixed: { corpus: "mixed", shuffle: false },
  small: { corpus: "small", shuffle: false },
  shuffled: { corpus: "mixed", shuffle: true },
};

const DATA = fileURLToPath(new URL("./data/", import.meta.url));

/**
 * Writes whole records to a file until it holds at least `bytes` bytes; memory use does not grow with the size.
 * @returns {object} statistics: events, bytes, mean, percentiles of the record length, embedded JSON documents
 */
export function writeCorpus({ path, corpus, seed, shuffle = false, bytes, onProgress }) {
  const FLUSH = 1 << 20;
  const lengths = new Map();
  const stats = { events: 0, bytes: 0, embedded: 0 };
  mkdirSync(dirname(resolve(path)), { recursive: true });
  const file = openSync(path, "w");
  let parts = [];
  let held = 0;
  const flush = () => {
    const block = Buffer.from(parts.join(""), "utf8");
    for (let at = 0; at < block.length; ) at += writeSync(file, block, at);
    parts = [];
    held = 0;
    onProgress?.(stats.bytes);
  };
  for (const { text, embedded } of records({ corpus, seed, shuffle })) {
    const length = Buffer.byteLength(text) + 1;
    parts.push(text, "\n");
    held += length;
    stats.events++;
    stats.bytes += length;
    stats.embedded += embedded;
    lengths.set(length - 1, (lengths.get(length - 1) ?? 0) + 1);
    if (held >= FLUSH) flush();
    if (stats.bytes >= bytes) break;
  }
  flush();
  closeSync(file);
  return { ...stats, mean: Math.round(stats.bytes / stats.events), ...percentiles(lengths, stats.events) };
}

function percentiles(lengths, events) {
  const sorted = [...lengths].sort((a, b) => a[0] - b[0]);
  const at = (share) => {
    let left = share * events;
    for (const [length, count] of sorted) {
      left -= count;
      if (left < 0) return length;
    }
    return sorted[sorted.length - 1][0];
  };
  return {
    min: sorted[0][0],
    p10: at(0.1),
    p50: at(0.5),
    p90: at(0.9),
    p99: at(0.99),
    max: sorted[sorted.length - 1][0],
  };
}

/**
 * The bytes of a named corpus, made once and kept.
 * @param {{ name: keyof typeof CORPORA, seed?: number, bytes?: number }} options
 * @returns {{ path: string, data: Buffer, stats: object }}
 */
export function loadCorpus({ name, seed = DEFAULT_SEED, bytes = CORPUS_BYTES }) {
  const stem = `${DATA}${name}-${seed}-${bytes}-v${VERSION}`;
  const path = `${stem}.ndjson`;
  if (!existsSync(path) || !existsSync(`${stem}.json`)) {
    process.stderr.write(`making corpus ${name} (seed ${seed}) …\n`);
    // Renamed at the end, so that an interrupted run leaves no half corpus behind.
    const stats = writeCorpus({ path: `${path}.part`, ...CORPORA[name], seed, bytes });
    writeFileSync(`${stem}.json`, JSON.stringify(stats));
    renameSync(`${path}.part`, path);
  }
  return { path, data: readFileSync(path), stats: JSON.parse(readFileSync(`${stem}.json`, "utf8")) };
}

/** `16MB`, `1.5GiB`, `300000` → bytes. */
export function parseSize(text) {
  const match = /^(\d+(?:\.\d+)?)\s*(?:([kmg])(i?)b?|b)?$/i.exec(text);
  if (!match)
    throw new Error(
      `--size: expected a number with KB, MB, GB, KiB, MiB or GiB, found ${JSON.stringify(text)}`,
    );
  const base = match[3] ? 1024 : 1000;
  return Math.round(Number(match[1]) * base ** " kmg".indexOf(match[2]?.toLowerCase() ?? " "));
}

/** A seed given on the command line: an integer. */
export function parseSeed(text) {
  const seed = Number(text);
  if (!Number.isSafeInteger(seed))
    throw new Error(`--seed: expected an integer, found ${JSON.stringify(text)}`);
  return seed;
}

function main() {
  const { values } = parseArgs({
    options: {
      size: { type: "string", default: "16MiB" },
      out: { type: "string" },
      corpus: { type: "string", default: "mixed" },
      shuffle: { type: "boolean", default: false },
      seed: { type: "string", default: String(DEFAULT_SEED) },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help || !values.out) {
    console.error(
      "node tests/bench/corpus.mjs --size 1GB --out FILE [--corpus mixed|small] [--shuffle] [--seed N]",
    );
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  if (values.corpus !== "mixed" && values.corpus !== "small")
    throw new Error(`--corpus: expected mixed or small, found ${JSON.stringify(values.corpus)}`);
  const bytes = parseSize(values.size);
  const tty = process.stderr.isTTY;
  const stats = writeCorpus({
    path: values.out,
    corpus: values.corpus,
    shuffle: values.shuffle,
    seed: parseSeed(values.seed),
    bytes,
    onProgress: tty
      ? (done) => process.stderr.write(`\r${((100 * done) / bytes).toFixed(0).padStart(3)} %`)
      : undefined,
  });
  if (tty) process.stderr.write("\r");
  console.error(`seed ${values.seed}: ${JSON.stringify(stats)}`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    main();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 2;
  }
}

// The printed forms: the head that makes figures comparable, and the table.
import { availableParallelism } from "node:os";
import { VERSION } from "../corpus/recipes.mjs";
import { CHUNK_BYTES } from "./input.mjs";

/** What a reader needs to place the figures; nothing that names the machine. `version`: of the corpora by default. */
export function head({ seed, rounds, minMs, version = VERSION }) {
  const { node, v8 } = process.versions;
  const gc = globalThis.gc ? "" : "\nrun node with --expose-gc for steadier figures";
  return `node ${node}, V8 ${v8}, ${process.platform}-${process.arch}, ${availableParallelism()} CPUs; seed ${seed}, corpus version ${version}
1.00 = JSON.parse per line on decoded strings of the same bytes; median (and range) of ${rounds} rounds,
samples of at least ${minMs} ms, chunks of ${CHUNK_BYTES} bytes in whole lines; MB/s only indicates${gc}`;
}

export function corpusLine(name, { events, bytes, mean, min, p10, p50, p90, p99, max, embedded }) {
  const lengths = [min, p10, p50, p90, p99, max].join("/");
  return `\n== ${name}: ${events} events, ${bytes} bytes, mean ${mean}, min/p10/p50/p90/p99/max ${lengths}, ${embedded} embedded JSON documents`;
}

/** @param {{ name: string, skip?: string, ratio?: number, low?: number, high?: number, rate?: number }[]} rows */
export function table(rows) {
  const width = Math.max(...rows.map(({ name }) => name.length));
  const line = (name, ratio, range, rest) =>
    `   ${name.padEnd(width)}  ${ratio.padStart(6)}   ${range.padEnd(15)}  ${rest}`;
  const body = rows.map(({ name, skip, ratio, low, high, rate }) => {
    if (skip) return line(name, "–", "", `(${skip})`);
    const range = low === undefined ? "" : `${low.toFixed(2)}–${high.toFixed(2)}`;
    return line(name, ratio.toFixed(2), range, rate.toFixed(0).padStart(7));
  });
  return [line("row", "ratio", "range", "   MB/s"), ...body].join("\n");
}

// Ratios that survive a noisy machine: every candidate is timed once per round, candidates one after the other, and the
// figure is the median over the rounds of (candidate / baseline of the same round).
import { readFileSync } from "node:fs";

const DISTURBED = 0.03; // share of the wall time that the process did not get
const RETRIES = 6;

/** Nanoseconds that the main thread waited for a processor, where Linux tells. */
function waited() {
  try {
    return Number(readFileSync("/proc/self/schedstat", "latin1").split(" ")[1]);
  } catch {
    return Number.NaN;
  }
}

/**
 * Whole passes over the corpus until `minMs` are over: every sample has seen every byte.
 * `lost` is the share of the time taken by others: told by the scheduler, or seen as wall time without processor time
 * (which the collector's helper threads can hide, hence both).
 */
function sample({ pass, bytes }, minMs) {
  globalThis.gc?.(); // nobody pays for the garbage of the row before
  const wait = waited();
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  let passes = 0;
  let wall;
  do {
    pass();
    passes++;
    wall = Number(process.hrtime.bigint() - start);
  } while (wall < minMs * 1e6);
  const used = process.cpuUsage(cpu);
  const idle = 1 - ((used.user + used.system) * 1e3) / wall;
  const queued = (waited() - wait) / wall;
  return { rate: (bytes * passes * 1e3) / wall, lost: Math.max(idle, queued || 0, 0) };
}

/** The first undisturbed sample of up to seven, or else the least disturbed. */
function quiet(candidate, minMs) {
  let best;
  for (let i = 0; i <= RETRIES; i++) {
    const one = sample(candidate, minMs);
    if (!best || one.lost < best.lost) best = one;
    if (best.lost <= DISTURBED) break;
  }
  return best;
}

export function median(list) {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * @param {{ name: string, pass: () => void, bytes: number }[]} candidates the first one is the baseline
 * @param {{ rounds: number, minMs: number, warmMs: number, onRound?: (round: number) => void }} options
 * @returns {Map<string, { ratio: number, low: number, high: number, rate: number, ratios: number[] }> & { disturbed: number, samples: number }}
 */
export function measure(candidates, { rounds, minMs, warmMs, onRound }) {
  for (const candidate of candidates) sample(candidate, warmMs);
  const rates = candidates.map(() => []);
  let disturbed = 0;
  for (let round = 0; round < rounds; round++) {
    onRound?.(round);
    // Another row first in each round, so that nobody always follows the same neighbour.
    for (let i = 0; i < candidates.length; i++) {
      const k = (i + round) % candidates.length;
      const { rate, lost } = quiet(candidates[k], minMs);
      rates[k].push(rate);
      if (lost > DISTURBED) disturbed++;
    }
  }
  const result = new Map();
  candidates.forEach(({ name }, k) => {
    const ratios = rates[k].map((rate, round) => rate / rates[0][round]);
    result.set(name, {
      ratio: median(ratios),
      low: Math.min(...ratios),
      high: Math.max(...ratios),
      rate: median(rates[k]),
      ratios,
    });
  });
  return Object.assign(result, { disturbed, samples: rounds * candidates.length });
}

// A seeded generator (sfc32): integer arithmetic only, so that every engine gives the same corpus for the same seed.

/** @param {number} seed any 32-bit integer */
export function random(seed) {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = seed | 0;
  let d = 1;

  /** @returns {number} an unsigned 32-bit integer */
  function next() {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    return t >>> 0;
  }
  for (let i = 0; i < 16; i++) next();

  const int = (low, high) => low + (next() % (high - low + 1));
  const chance = (p) => next() < p * 0x1_0000_0000;
  const pick = (list) => list[next() % list.length];

  /** Picks from `[weight, value]` pairs. */
  function weighted(table) {
    let total = 0;
    for (const [weight] of table) total += weight;
    let left = (next() / 0x1_0000_0000) * total;
    for (const [weight, value] of table) {
      left -= weight;
      if (left < 0) return value;
    }
    return table[table.length - 1][1];
  }

  /** Fisher-Yates, in place. */
  function shuffle(list) {
    for (let i = list.length - 1; i > 0; i--) {
      const j = next() % (i + 1);
      [list[i], list[j]] = [list[j], list[i]];
    }
    return list;
  }

  return { next, int, chance, pick, weighted, shuffle };
}

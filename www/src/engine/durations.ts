// How long things took over time: percentiles by nearest rank, in stretches of a round length.
import type { RowSet } from "logweir/store";
import { roundStep } from "../base/time.js";
import type { Held } from "./held.js";
import type { Job } from "./job.js";
import type { Durations, Found } from "./protocol.js";

const DURATION = { by: "@duration" } as const;

/** Of the rows that the last search found and that tell how long they took. */
export async function durations(held: Held, most: number, job: Job<Found>): Promise<Durations> {
  const { store } = held;
  const timed = await held.matching("_exists_:@duration", held.found, job);
  try {
    const whole = store.histogram(timed, { buckets: 1 });
    if (whole.untimed === timed.count) return { step: 1, bins: [], to: 0 };
    const step = roundStep(Math.max(whole.to - whole.from, 1), most);
    const bins: Durations["bins"] = [];
    for (let from = Math.floor(whole.from / step) * step; from < whole.to; from += step) {
      const during = store.during(from, from + step);
      const set = during.and(timed);
      during.free();
      bins.push({ from, count: set.count, median: at(held, set, 50), high: at(held, set, 95) });
      set.free();
      if (job.due) await job.pause();
    }
    return { step, bins, to: (bins.at(-1)?.from ?? 0) + step };
  } finally {
    timed.free();
  }
}

/** A percentile, in milliseconds; 0 of nothing. */
function at({ store }: Held, set: RowSet, percentile: number): number {
  if (set.count === 0) return 0;
  const from = Math.max(Math.ceil((percentile / 100) * set.count) - 1, 0);
  const [row] = store.numbers(set, { sort: DURATION, from, count: 1 });
  return row === undefined ? 0 : (store.row(row).duration ?? 0) * 1000;
}

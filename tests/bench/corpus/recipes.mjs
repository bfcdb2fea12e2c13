// What each corpus is made of: templates and their weights.
import * as activity from "./activity.mjs";
import { job } from "./job.mjs";
import * as paragon from "./paragon.mjs";
import { random } from "./random.mjs";
import { render } from "./render.mjs";
import { genie, service } from "./service.mjs";
import * as tray from "./tray.mjs";
import { values } from "./values.mjs";

/** Raise it whenever a template changes: cached corpora of another version are made anew. */
export const VERSION = 1;

const RECIPES = {
  mixed: [
    [36, activity.activity],
    [3, (c) => activity.wrapped(c, activity.activity(c))],
    [0.5, (c) => activity.textOnly(c, activity.activity(c))],
    [10, (c) => job(c, { lines: true })],
    [3, (c) => job(c, { lines: false })],
    [2, (c) => activity.wrapped(c, job(c, { lines: false }))],
    [2.5, (c) => activity.stamped(c, job(c, { lines: true }))],
    [1, (c) => activity.object(c, job(c, { lines: false }))],
    [7, service],
    [10, genie],
    [7, tray.execution],
    [9, tray.step],
    [3, tray.audit],
    [6, paragon.log],
    [1.5, paragon.sync],
  ],
  small: [
    [40, tray.execution],
    [40, tray.step],
    [20, tray.audit],
  ],
};

/** One in five records that hold non-ASCII text writes it as \u escapes. */
const ESCAPED = 0.2;

/**
 * An endless sequence of records as JSON texts, without line ends.
 * @param {{ corpus: "mixed" | "small", seed: number, shuffle?: boolean }} options
 */
export function* records({ corpus, seed, shuffle = false }) {
  const r = random(seed);
  const v = values(r);
  // A generator of its own: shuffled or not, the values are the same.
  const order = shuffle ? random(~seed) : null;
  const recipe = RECIPES[corpus];
  const count = { embedded: 0 };
  for (;;) {
    const style = { ascii: r.chance(ESCAPED), shuffle: order };
    const embed = (value, extra) => {
      count.embedded++;
      return render(value, { ...style, ...extra });
    };
    count.embedded = 0;
    const value = r.weighted(recipe)({ r, v, embed });
    yield { text: render(value, style), embedded: count.embedded };
  }
}

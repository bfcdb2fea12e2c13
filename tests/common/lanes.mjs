// Lanes: tests that need parts of others. A line each: `ok`, `not ok`, or `skipped` with the reason.

/** A lane that cannot run here; the message says why. */
export class Skip extends Error {}

/**
 * Runs lanes one after another; LOGWEIR_LANES=REGEX runs some alone.
 * @param {readonly (readonly [name: string, lane: () => Promise<string>])[]} lanes each gives what there is to tell of it
 */
export async function runLanes(lanes) {
  const only = new RegExp(process.env.LOGWEIR_LANES ?? "");
  for (const [name, lane] of lanes.filter(([name]) => only.test(name))) {
    try {
      console.log(`ok ${name}: ${await lane()}`);
    } catch (error) {
      if (error instanceof Skip) {
        console.log(`skipped ${name}: ${error.message}`);
      } else {
        console.log(`not ok ${name}: ${error.message} ${error.cause?.message ?? ""}`.trimEnd());
        process.exitCode = 1;
      }
    }
  }
}

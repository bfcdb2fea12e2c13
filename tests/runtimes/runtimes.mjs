// The packed tarball in every runtime and bundler: node tests/runtimes/runtimes.mjs [--short]
// A lane a line: `ok`, `not ok`, or `skipped` with the reason. Each is asked for the same trip, whose answer must be that of
// the Node that runs this. --short leaves out what takes minutes or browsers of megabytes. LOGWEIR_LANES=REGEX runs some alone.
import { browsers } from "./browsers.mjs";
import { bundlers } from "./bundlers.mjs";
import { engines } from "./engines.mjs";
import { furnish, Skip } from "./project.mjs";

const short = process.argv.includes("--short");
const only = new RegExp(process.env.LOGWEIR_LANES ?? "");
const lanes = [...engines, ...bundlers, ...browsers].filter(
  ({ name, long }) => only.test(name) && !(short && long),
);

await furnish();
for (const { name, run } of lanes) {
  const since = performance.now();
  try {
    const told = await run();
    console.log(
      `ok ${name}${told ? `: ${told}` : ""} (${((performance.now() - since) / 1000).toFixed(1)} s)`,
    );
  } catch (error) {
    if (error instanceof Skip) {
      console.log(`skipped ${name}: ${error.message}`);
    } else {
      console.log(`not ok ${name}: ${error.message}`);
      process.exitCode = 1;
    }
  }
}

// The packed tarball in every runtime and bundler: node tests/runtimes/runtimes.mjs [--short]
// A lane a line: `ok`, `not ok`, or `skipped` with the reason. Each is asked for the same trip, whose answer must be that of
// the Node that runs this. --short leaves out what takes minutes or browsers of megabytes. LOGWEIR_LANES=REGEX runs some alone.
import { runLanes } from "../common/lanes.mjs";
import { browsers } from "./browsers.mjs";
import { bundlers } from "./bundlers.mjs";
import { engines } from "./engines.mjs";
import { inspector } from "./inspector.mjs";
import { furnish } from "./project.mjs";

const short = process.argv.includes("--short");
const lanes = [...engines, ...bundlers, ...browsers, ...inspector].filter(({ long }) => !(short && long));

await furnish();
await runLanes(
  lanes.map(({ name, run }) => [
    name,
    async () => {
      const since = performance.now();
      const told = await run();
      return `${told ? `${told}, ` : ""}${((performance.now() - since) / 1000).toFixed(1)} s`;
    },
  ]),
);

// The forwarder in real workerd, with queues, a bucket and Durable Objects: node tests/forwarder/forwarder.mjs
// A lane a line: `ok`, `not ok`, or `skipped` with the reason. LOGWEIR_LANES=REGEX runs some alone.
import { runLanes } from "../common/lanes.mjs";
import { books } from "./books.mjs";
import { delivering } from "./delivering.mjs";
import { faults } from "./faults.mjs";
import { refusing } from "./refusing.mjs";
import { taking } from "./taking.mjs";
import { furnish } from "./world.mjs";

try {
  await furnish();
} catch (error) {
  console.log(`skipped all: the simulator cannot be installed: ${error.message}`);
  process.exit();
}
await runLanes([...taking, ...refusing, ...delivering, ...faults, ...books]);

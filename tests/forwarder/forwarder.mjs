// The forwarder in real workerd, with queues, a bucket and Durable Objects: node tests/forwarder/forwarder.mjs
// A lane a line: `ok`, `not ok`, or `skipped` with the reason. LOGWEIR_LANES=REGEX runs some alone.
import { furnish } from "../../pkg/tools/simulator.mjs";
import { runLanes } from "../common/lanes.mjs";
import { books } from "./books.mjs";
import { customers } from "./customers.mjs";
import { delivering } from "./delivering.mjs";
import { faults } from "./faults.mjs";
import { projects } from "./projects.mjs";
import { refusing } from "./refusing.mjs";
import { replaying } from "./replaying.mjs";
import { streaming } from "./streaming.mjs";
import { tailing } from "./tailing.mjs";
import { taking } from "./taking.mjs";
import { unproven } from "./unproven.mjs";
import { watching } from "./watching.mjs";
import { withheld } from "./withholding.mjs";

try {
  await furnish();
} catch (error) {
  console.log(`skipped all: the simulator cannot be installed: ${error.message}`);
  process.exit();
}
await runLanes([
  ...taking,
  ...streaming,
  ...refusing,
  ...unproven,
  ...delivering,
  ...tailing,
  ...customers,
  ...watching,
  ...faults,
  ...withheld,
  ...replaying,
  ...books,
  ...projects,
]);

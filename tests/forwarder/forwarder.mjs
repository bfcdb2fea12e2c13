// The forwarder in real workerd, with queues, a bucket and Durable Objects: node tests/forwarder/forwarder.mjs
// A lane a line: `ok`, `not ok`, or `skipped` with the reason. LOGWEIR_LANES=REGEX runs some alone.
import { books } from "./books.mjs";
import { delivering } from "./delivering.mjs";
import { faults } from "./faults.mjs";
import { refusing } from "./refusing.mjs";
import { taking } from "./taking.mjs";
import { furnish } from "./world.mjs";

const only = new RegExp(process.env.LOGWEIR_LANES ?? "");

try {
  await furnish();
} catch (error) {
  console.log(`skipped all: the simulator cannot be installed: ${error.message}`);
  process.exit();
}
for (const [name, lane] of [...taking, ...refusing, ...delivering, ...faults, ...books].filter(([name]) =>
  only.test(name),
)) {
  try {
    console.log(`ok ${name}: ${await lane()}`);
  } catch (error) {
    console.log(`not ok ${name}: ${error.message} ${error.cause?.message ?? ""}`);
    process.exitCode = 1;
  }
}

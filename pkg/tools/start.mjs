// npm start: from a fresh clone to the first redacted events, and to a forwarder that runs.
import { build } from "./build.mjs";
import { installPackages } from "./packages.mjs";
import { mainly, say } from "./shell.mjs";
import { checkTools } from "./toolchain.mjs";

await mainly(async () => {
  checkTools();
  await installPackages();
  await build();
  const { demo } = await import("./demo.mjs");
  await demo();
  const { furnish } = await import("./simulator.mjs");
  try {
    await furnish();
  } catch (error) {
    say(`the forwarder is not shown: the simulator cannot be installed: ${error.message}`);
    return;
  }
  const { showForwarder } = await import("./forward.mjs");
  await showForwarder();
});

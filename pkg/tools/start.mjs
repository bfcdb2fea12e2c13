// npm start: from a fresh clone to the first redacted events.
import { build } from "./build.mjs";
import { installPackages } from "./packages.mjs";
import { mainly } from "./shell.mjs";
import { checkTools } from "./toolchain.mjs";

await mainly(async () => {
  checkTools();
  await installPackages();
  await build();
  const { demo } = await import("./demo.mjs");
  await demo();
});

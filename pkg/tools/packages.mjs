// The JavaScript packages of the lock file, installed when they are not there yet or the lock file has changed.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { at, hashOf, must, step } from "./shell.mjs";

const stamp = at("node_modules", ".logweir-lock");

export async function installPackages() {
  const wanted = hashOf(["package-lock.json"], [process.platform, process.arch]);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  await step("Installing the JavaScript tools with npm (about 15 seconds)", () =>
    must("npm", ["ci", "--no-audit", "--no-fund"], { what: "npm ci" }),
  );
  writeFileSync(stamp, wanted);
}

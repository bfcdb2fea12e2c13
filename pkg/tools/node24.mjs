// Node 24, for tools that refuse an older one: the running Node if it will do, else one from npm.
import { existsSync } from "node:fs";
import { ask, at, isMain, must, Stop, say } from "./shell.mjs";

const enough = 22;
const folder = at("pkg", "tools", "node24");

/**
 * The path of a Node of at least version 22.
 * It has its own folder and lock file rather than a place among the root's packages: there its `node` command
 * would shadow the machine's in every npm script.
 */
export async function node24() {
  if (Number(process.versions.node.split(".")[0]) >= enough) return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  const node = at("pkg", "tools", "node24", "node_modules", platform, "bin", "node");
  if (!works(node)) {
    say("Fetching Node 24 from npm, for the tools that need a newer one (about 60 MB) …");
    await must("npm", ["ci", "--no-audit", "--no-fund"], { cwd: folder, what: "npm ci in pkg/tools/node24" });
  }
  if (!works(node)) {
    throw new Stop(`npm has no Node 24 for ${platform}. Install Node 22 or newer and start again with it.`);
  }
  return node;
}

const works = (node) => existsSync(node) && ask(node, ["--version"]) !== undefined;

if (isMain(import.meta.url)) process.stdout.write(`${await node24()}\n`);

// The command of a checkout, which builds what it lacks.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { version } from "logweir";
import { expect, test } from "vitest";
import { root } from "./packed.js";

test("says nothing of its own where nothing is to be built", () => {
  const script = join(root, "pkg", "tools", "logweir.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, "--version"], { encoding: "utf8" });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
});

// npm run release -- [--dry-run]: everything that a release is, checked; then published, unless it is a rehearsal.
// Provenance: npm's is made where the release runs in a CI with OpenID Connect; elsewhere npm says that there is none.
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { agreed, change } from "./api.mjs";
import { build } from "./build.mjs";
import { installPackages } from "./packages.mjs";
import { ask, at, mainly, must, readJson, run, Stop, say, step } from "./shell.mjs";

const rehearsal = process.argv.includes("--dry-run");
const lacks = [];
/** What a release may not have, and a rehearsal only tells. */
function lack(text) {
  if (!rehearsal) throw new Stop(text);
  lacks.push(text);
  say(`  a release would stop here: ${text}`);
}

/** A tool of cargo's, installed under target/ where the machine has none. */
async function cargoTool(name) {
  const args = [name.replace("cargo-", ""), "--version"];
  const path = `${at("target", "cargo-tools", "bin")}${process.platform === "win32" ? ";" : ":"}${process.env.PATH}`;
  if (!ask("cargo", args, { env: { PATH: path } })) {
    say(`  Installing ${name} (some minutes, once) …`);
    await must("cargo", ["install", "--locked", "--root", at("target", "cargo-tools"), name], { what: name });
  }
  return { PATH: path };
}

function versions() {
  const version = readJson(at("pkg", "package.json")).version;
  const crate = /\[workspace\.package\]\s+version = "(.*)"/.exec(readFileSync(at("Cargo.toml"), "utf8"))?.[1];
  if (crate !== version) throw new Stop(`Cargo.toml says ${crate}, pkg/package.json ${version}.`);
  if (ask("git", ["tag", "--list", `v${version}`]))
    lack(`v${version} is published already: raise the version`);
  const log = readFileSync(at("CHANGELOG.md"), "utf8");
  if (!new RegExp(`^## ${version.replaceAll(".", "\\.")} `, "m").test(log))
    lack(`CHANGELOG.md has no section "## ${version} (date)"`);
  if (ask("git", ["status", "--porcelain"])) lack("there are changes that are not committed");
  return version;
}

/** npm takes a statement of provenance only for a package that names the repository it is built from. */
function provenance() {
  const { repository } = readJson(at("pkg", "package.json"));
  if (!repository)
    lack("pkg/package.json names no repository, which provenance needs (npm publish --provenance)");
  if (!process.env.ACTIONS_ID_TOKEN_REQUEST_URL)
    say("  no OpenID Connect here: npm would publish without provenance");
}

/** What the public declarations ask of the version, against the last release. */
async function compatibility(version) {
  const last = ask("git", ["describe", "--tags", "--abbrev=0", "--match", "v*"]);
  if (!last) return say("  no release before this one: nothing to be compatible with");
  const [major, minor] = last.slice(1).split(".").map(Number);
  const [newMajor, newMinor] = version.split(".").map(Number);
  const before = JSON.parse(ask("git", ["show", `${last}:tests/packaging/api.json`]) ?? "{}");
  const { level, changes } = change(before, agreed());
  for (const line of changes) say(`  ${line}`);
  // Below 1.0 the second number tells what breaks (semver.org, item 4; Cargo's reading).
  const raised = newMajor > major ? "major" : newMinor > minor ? (major === 0 ? "major" : "minor") : "none";
  const enough =
    level === "none" || raised === "major" || (level === "minor" && (raised === "minor" || major === 0));
  if (!enough)
    lack(`the types changed (${level}) and the version from ${last} to ${version} does not say so`);
  const env = await cargoTool("cargo-semver-checks");
  const { status } = await run("cargo", ["semver-checks", "--package", "logweir", "--baseline-rev", last], {
    env,
  });
  if (status !== 0) lack("cargo semver-checks: see above");
}

async function dependencies() {
  const runtime = Object.keys(readJson(at("pkg", "package.json")).dependencies ?? {});
  if (runtime.length > 0) lack(`the package depends on ${runtime.join(", ")}; it is to depend on nothing`);
  const env = await cargoTool("cargo-deny");
  const deny = ["deny", "--config", at("tests", "packaging", "deny.toml"), "check"];
  await must("cargo", [...deny, "licenses", "bans", "sources"], { env, what: "cargo deny" });
  const { status, output } = await run("cargo", [...deny, "advisories"], { env, keep: true });
  if (status === 0) return;
  if (/failed to fetch|unable to fetch|io error|could not/i.test(output))
    lack("the advisories cannot be reached from here");
  else throw new Stop("cargo deny: there are advisories.");
}

await mainly(async () => {
  await installPackages();
  const version = await step("Versions, changelog, a clean tree", async () => versions());
  await step("Provenance", async () => provenance());
  await step("Building", () => build());
  await step("Compatibility with the last release", () => compatibility(version));
  await step("Licences, sources and advisories of dependencies", dependencies);
  if (!rehearsal) await step("Every test", () => must("npm", ["test"]));
  const folder = mkdtempSync(join(tmpdir(), "logweir-release-"));
  try {
    await step("Packing", async () => {
      await must("npm", ["pack", "--silent", "--workspace", "logweir", "--pack-destination", folder]);
      const bytes = readFileSync(join(folder, `logweir-${version}.tgz`));
      say(
        `  logweir-${version}.tgz: ${bytes.length} bytes, sha256 ${createHash("sha256").update(bytes).digest("hex")}`,
      );
    });
    const dirty = rehearsal ? ["--allow-dirty"] : [];
    await step("Rehearsing cargo publish", () =>
      must("cargo", ["package", "--package", "logweir", "--no-verify", "--quiet", ...dirty], {
        what: "cargo package",
      }),
    );
    await step("Rehearsing npm publish", () =>
      must("npm", ["publish", "--dry-run", "--silent", "--access", "public", "--workspace", "logweir"]),
    );
    if (rehearsal) {
      say(
        lacks.length ? `\nThis would not be released:\n  ${lacks.join("\n  ")}` : "\nThis could be released.",
      );
      return;
    }
    const proof = process.env.ACTIONS_ID_TOKEN_REQUEST_URL ? ["--provenance"] : [];
    await must("cargo", ["publish", "--package", "logweir"]);
    await must("npm", ["publish", "--access", "public", ...proof, "--workspace", "logweir"]);
    await must("git", ["tag", "--annotate", `v${version}`, "--message", `Logweir ${version}`]);
    say(`\nReleased ${version}. Push the tag: git push origin v${version}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

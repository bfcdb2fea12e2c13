// npm run fuzz -- [TARGET …] [--seconds N]: each fuzz target for a minute, with cargo-fuzz on a nightly Rust.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { ask, at, isMain, mainly, must, root, Stop, say, step } from "./shell.mjs";

const version = "0.13.2";
const tools = at("target", "cargo-tools");
const binary = `${tools}/bin/cargo-fuzz`;
const folder = "tests/fuzz";

/** The names of the targets, from their manifest. */
export function fuzzTargets() {
  const manifest = at(folder, "Cargo.toml");
  if (!existsSync(manifest)) return [];
  const bins = readFileSync(manifest, "utf8").split("[[bin]]").slice(1);
  return bins.map((bin) => /^name = "(.*)"$/m.exec(bin)?.[1]).filter(Boolean);
}

async function fuzz() {
  const words = process.argv.slice(2);
  const flag = words.indexOf("--seconds");
  const seconds = flag < 0 ? 60 : Number(words.splice(flag, 2)[1]);
  if (!(seconds > 0)) throw new Stop("--seconds takes a number greater than 0");
  const targets = words.length > 0 ? words : fuzzTargets();
  if (ask("rustup", ["run", "nightly", "rustc", "--version"]) === undefined) {
    throw new Stop("Fuzzing needs a nightly Rust: rustup toolchain install nightly");
  }
  if (!ask(binary, ["--version"])?.includes(version)) {
    await step(`Installing cargo-fuzz ${version} into target/ (about a minute)`, () =>
      must("cargo", ["install", "cargo-fuzz", "--version", version, "--locked", "--root", tools], {
        what: "cargo install cargo-fuzz",
      }),
    );
  }
  for (const target of targets) {
    const args = ["run", "nightly", binary, "run", "--fuzz-dir", folder, target];
    const seeds = `${folder}/seeds/${target}`;
    if (existsSync(at(seeds))) {
      mkdirSync(at(folder, "corpus", target), { recursive: true }); // libFuzzer wants it there
      args.push(`${folder}/corpus/${target}`, seeds);
    }
    await step(`Fuzzing ${target} for ${seconds} s`, () =>
      must("rustup", [...args, "--", `-max_total_time=${seconds}`, "-print_final_stats=1"], {
        what: `The fuzz target ${target}`,
        cwd: root,
      }),
    );
  }
  say(`${targets.length} targets, nothing found.`);
}

if (isMain(import.meta.url)) await mainly(fuzz);

// Which compiler makes the wasm, and whether the other tools are there.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask, at, readJson, run, Stop, say } from "./shell.mjs";
import { install } from "./system.mjs";

const target = "wasm32-unknown-unknown";
const packages = ["rustc-web", "cargo-web", "rust-web-src"];
const debianSource = "/usr/lib/rustlib/src/rust/library/Cargo.lock";
const memory = at("target", "rustup-target.json");
const aDay = 24 * 3600 * 1000;

/** Stops with one message that names every missing or too old tool and where to get it. */
export function checkTools() {
  const lacks = [];
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    lacks.push(`Node ${process.versions.node} is too old: 20.19 or newer is needed (https://nodejs.org)`);
  }
  if (ask("npm", ["--version"]) === undefined)
    lacks.push("npm is missing: it comes with Node (https://nodejs.org)");
  if (ask("cargo", ["--version"]) === undefined)
    lacks.push("cargo is missing: install Rust with rustup (https://rustup.rs)");
  if (lacks.length > 0)
    throw new Stop(`Logweir cannot be built here:\n${lacks.map((lack) => `  - ${lack}`).join("\n")}`);
}

/**
 * @typedef {object} Toolchain
 * @property {"rustup" | "debian"} name
 * @property {string} cargo
 * @property {Record<string, string>} env what cargo needs to be told
 * @property {string | undefined} source the standard library's source, where std is built with the crate
 * @property {string} version the text of `rustc -vV`
 */

/**
 * Chooses the compiler. What is installed comes before what would have to be fetched, and rustup's wasm target before
 * the distribution's packages; LOGWEIR_TOOLCHAIN=rustup|debian turns to that one first.
 * @returns {Promise<Toolchain>}
 */
export async function chooseToolchain(wish = process.env.LOGWEIR_TOOLCHAIN) {
  const hasRustup = { name: "rustup", found: rustupHasTarget, toolchain: rustup };
  const getRustup = { name: "rustup", found: addTarget, toolchain: rustup };
  const hasDebian = { name: "debian", found: debianIsThere, toolchain: debian };
  const getDebian = { name: "debian", found: addDebian, toolchain: debian };
  const ways = [hasRustup, hasDebian, getRustup, getDebian];
  if (wish !== undefined) {
    if (!ways.some(({ name }) => name === wish)) {
      throw new Stop(`LOGWEIR_TOOLCHAIN is "${wish}"; expected "rustup" or "debian".`);
    }
    ways.sort((a, b) => Number(b.name === wish) - Number(a.name === wish));
  }
  for (const { found, toolchain } of ways) if (await found()) return toolchain();
  throw new Stop(
    `No compiler for ${target} was found. Either of these helps:\n` +
      `  - rustup target add ${target}\n` +
      `  - on Debian, as root: apt-get install --no-install-recommends ${packages.join(" ")}`,
  );
}

async function addDebian() {
  const what = "Debian's Rust for the web and its source";
  return (await install(packages, `${what} (about 150 MB)`)) && debianIsThere();
}

/** rustc prints the folder whether it is there or not; only its content tells. */
function rustupHasTarget() {
  const folder = ask("rustc", ["--print", "target-libdir", "--target", target]);
  return Boolean(
    folder && existsSync(folder) && readdirSync(folder).some((file) => /^libcore-.*\.rlib$/.test(file)),
  );
}

/** Tries once a day: on a machine that cannot reach Rust's servers each try costs time. */
async function addTarget() {
  if (ask("rustup", ["--version"]) === undefined) return false;
  const toolchain = ask("rustc", ["--version"]);
  const last = readJson(memory);
  if (last?.toolchain === toolchain && Date.now() - Date.parse(last.failed) < aDay) return false;
  say(`Adding Rust's ${target} target (rustup, about 20 MB; gives up after a minute) …`);
  const { status } = await run("rustup", ["target", "add", target], { timeout: 60_000 });
  if (status === 0 && rustupHasTarget()) return true;
  mkdirSync(at("target"), { recursive: true });
  writeFileSync(memory, JSON.stringify({ toolchain, failed: new Date().toISOString() }));
  say("  That did not work; trying the distribution's packages. (It is not tried again for a day.)");
  return false;
}

function rustup() {
  const source = join(ask("rustc", ["--print", "sysroot"]) ?? "", "lib/rustlib/src/rust");
  return {
    name: "rustup",
    cargo: "cargo",
    env: {},
    // With rust-src on hand std is built along, which gives unwinding; rustup's ready-made std only aborts.
    source: existsSync(join(source, "library/Cargo.lock")) ? source : undefined,
    version: ask("rustc", ["-vV"]) ?? "unknown",
  };
}

const debianIsThere = () =>
  existsSync("/usr/bin/rustc") && existsSync("/usr/bin/cargo") && existsSync(debianSource);

function debian() {
  return {
    name: "debian",
    cargo: "/usr/bin/cargo",
    env: { RUSTC: "/usr/bin/rustc", CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER: linker() },
    source: "/usr/lib/rustlib/src/rust",
    version: ask("/usr/bin/rustc", ["-vV"]) ?? "unknown",
  };
}

/** rustup's own linker where it is (nothing to install), else the distribution's. */
function linker() {
  const sysroot = ask("rustc", ["--print", "sysroot"]);
  const host = ask("rustc", ["-vV"])?.match(/^host: (.*)$/m)?.[1];
  const own = sysroot && host && join(sysroot, "lib/rustlib", host, "bin/rust-lld");
  if (own && existsSync(own)) return own;
  if (existsSync("/usr/bin/wasm-ld")) return "/usr/bin/wasm-ld";
  throw new Stop("A wasm linker is missing. On Debian, as root: apt-get install --no-install-recommends lld");
}

// logweir worker: a forwarder's project from a policy, and keys for its originals.
import { mkdir, stat, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { compile, PolicyError, version } from "../entry/inline.js";
import { createKeys } from "../sealed.js";
import { slots } from "../worker/setup.js";
import { plain } from "../worker/variants.js";
import { type Arguments, hint } from "./args.js";
import { readText } from "./mistakes.js";
import { compilePolicy } from "./policy.js";
import { Refusal, reason } from "./problem.js";
import { clashOf, NAME, scaffold } from "./scaffold.js";

const kinds = { init, key };

/** Does what the first word says. Gives the exit status. */
export async function worker(args: Arguments): Promise<number> {
  const [word = "", ...paths] = args.paths;
  const work = Object.hasOwn(kinds, word) ? kinds[word as keyof typeof kinds] : undefined;
  if (work === undefined) {
    const known = Object.keys(kinds);
    throw new Refusal(`worker: expected ${known.join(" or ")}, not "${word}"${hint(word, known)}`);
  }
  if (paths.length > 1) throw new Refusal(`worker ${word}: one path is enough`);
  return work(args, paths[0]);
}

async function init(args: Arguments, path = "."): Promise<number> {
  if (args.policy === "") throw new Refusal("--policy is missing: which file says what to redact?");
  const policy = await readText(args.policy, "policy");
  const weir = await compilePolicy(args.policy, policy, [], true);
  const leaks = weir.leaks().filter(({ severity }) => severity === "error").length;
  const { layout } = weir;
  weir.free();
  const name = args.name ?? basename(resolve(path)).toLowerCase();
  if (!NAME.test(name))
    throw new Refusal(
      `--name: expected up to 40 small letters, digits and single hyphens between, not "${name}"`,
    );
  const project = { name, policy, layout, keys: keysOf(policy), version, slots };
  const clash = clashOf(project);
  if (clash) throw new Refusal(`${clash.join(" and ")} would have one binding: rename one of them`);
  const files = scaffold(project);
  await mkdir(path, { recursive: true }).catch((error) => {
    throw new Refusal(`${path}: ${reason(error)}`);
  });
  for (const file of Object.keys(files)) {
    const there = await stat(join(path, file)).catch(() => undefined);
    const isPolicy = resolve(path, file) === resolve(args.policy);
    if (there !== undefined && !isPolicy) throw new Refusal(`${join(path, file)}: is there already`);
  }
  for (const [file, text] of Object.entries(files)) {
    await writeFile(join(path, file), text).catch((error) => {
      throw new Refusal(`${join(path, file)}: ${reason(error)}`);
    });
    process.stdout.write(`${join(path, file)}\n`);
  }
  if (leaks > 0)
    process.stderr.write(
      `the forwarder takes nothing until ${leaks} leak${leaks === 1 ? " is" : "s are"} mended: logweir check tells them\n`,
    );
  return 0;
}

/** The names of keys that a policy asks for. */
function keysOf(policy: string): string[] {
  const keys: Record<string, Uint8Array> = {};
  for (;;) {
    try {
      compile(policy, { keys }).free();
      return Object.keys(keys);
    } catch (error) {
      const before = Object.keys(keys).length;
      const lacking =
        error instanceof PolicyError ? error.problems.filter(({ code }) => code === "P111") : [];
      for (const { pointer = "" } of lacking) {
        const name = at(policy, pointer);
        if (name !== undefined) keys[name] = new Uint8Array(32);
      }
      if (Object.keys(keys).length === before) return Object.keys(keys);
    }
  }
}

/** The text at a JSON pointer. */
function at(policy: string, pointer: string): string | undefined {
  let value: unknown = plain(policy);
  for (const part of pointer.split("/").slice(1)) {
    value = (value as Record<string, unknown> | undefined)?.[
      part.replaceAll("~1", "/").replaceAll("~0", "~")
    ];
  }
  return typeof value === "string" ? value : undefined;
}

async function key(_: Arguments, path = "originals.private.jwk"): Promise<number> {
  const keys = await createKeys();
  try {
    await writeFile(path, `${JSON.stringify(keys.private)}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    throw new Refusal(
      `${path}: ${(error as { code?: string }).code === "EEXIST" ? "is there already" : reason(error)}`,
    );
  }
  process.stderr.write(`${path}: the private key; who has it can read originals\n`);
  process.stdout.write(`${JSON.stringify(keys.public)}\n`);
  return 0;
}

// Reads a policy; what is wrong with it becomes a refusal.
import { readFile } from "node:fs/promises";
import { compile, LogweirError, PolicyError, type Problem, type Weir } from "../entry/inline.js";
import type { Arguments } from "./args.js";
import { count, readText, show } from "./mistakes.js";
import { Refusal } from "./problem.js";

/** Compiles the policy in a file (`-`: from stdin). Its mistakes, all of them, become a `Refusal`; warnings go to stderr. */
export async function loadPolicy({ policy, secrets }: Arguments): Promise<Weir> {
  return compilePolicy(policy === "-" ? "stdin" : policy, await readText(policy, "policy"), secrets);
}

/**
 * Compiles a policy's text.
 *
 * @param name where it is from
 * @param secrets where its keys are
 * @param dummies keys that are not given are made up
 */
export async function compilePolicy(
  name: string,
  text: string,
  secrets: readonly string[],
  dummies = false,
): Promise<Weir> {
  const given = Object.fromEntries(await Promise.all(secrets.map(readSecret)));
  const keys = dummies ? { "*": new Uint8Array(32), ...given } : given;
  const shown = (problems: readonly Problem[]) => show(problems, () => ({ path: name, text }));
  try {
    const weir = compile(text, { keys });
    if (weir.warnings.length > 0) process.stderr.write(`${shown(weir.warnings)}\n`);
    return weir;
  } catch (error) {
    if (error instanceof PolicyError)
      throw new Refusal(count("policy", error.problems), shown(error.problems), error);
    if (error instanceof LogweirError) throw new Refusal(`${name}: ${error.code} ${error.message}`);
    throw error;
  }
}

/** A key's name, and its bytes from where the option says. */
async function readSecret(option: string): Promise<[name: string, key: Uint8Array]> {
  const [, name, kind, place] = /^([^=]+)=(env|file):(.+)$/s.exec(option) ?? [];
  if (name === undefined || place === undefined)
    throw new Refusal("--secret: expected NAME=env:VARIABLE or NAME=file:FILE");
  if (kind === "file") return [name, await readBytes(place)];
  const text = process.env[place];
  if (text === undefined) throw new Refusal(`--secret ${name}: the environment has no variable ${place}`);
  return [name, new TextEncoder().encode(text)];
}

/** A file's bytes, without the line break that an editor leaves at its end. */
async function readBytes(path: string): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch {
    throw new Refusal(`--secret: ${path} cannot be read`);
  }
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 10 || bytes[end - 1] === 13)) end -= 1;
  return bytes.subarray(0, end);
}

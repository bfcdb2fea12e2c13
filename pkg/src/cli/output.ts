// Where the bytes go: stdout and files, at the pace of whoever reads them.
import { type BigIntStats, createWriteStream } from "node:fs";
import { open, readlink, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { fileAt, files, type Identity, identity } from "./inputs.js";
import { Refusal, reason } from "./problem.js";

/** The exit status of a Unix tool that a closed pipe ended. */
const BROKEN_PIPE = 141;

/** Writes, and waits until the bytes are on their way: then their memory may be used again. */
export function write(to: Writable, bytes: Uint8Array | string): Promise<void> {
  return new Promise((resolve, reject) => {
    to.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}

/** From now on a reader that goes away (`| head`) ends the process quietly, as it ends other tools. */
export function endWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(BROKEN_PIPE);
    process.stderr.write(`logweir: stdout: ${reason(error)}\n`);
    process.exit(2);
  });
}

/**
 * From now on nothing ends because what is told of the work cannot be told (`2>/dev/full`): the work and its exit status
 * stay what they are. Data goes to stderr by `stderr` below, which does fail.
 */
export function workUnheard(): void {
  process.stderr.on("error", () => {});
}

/** What a command writes besides stdout. */
export interface Output {
  /** The file, where it is one. */
  readonly identity?: Identity;
  write(text: string): Promise<void>;
  close(): Promise<void>;
}

/** `-`: stderr, since stdout carries the data. */
export const stderr: Output = {
  write: (text) =>
    write(process.stderr, text).catch((error) => {
      throw new Refusal(`stderr: cannot be written: ${reason(error)}`);
    }),
  close: async () => {},
};

/**
 * A file that a command writes besides stdout: made at once, so that a bad path is told before any work.
 * What was there is gone then: `checkOutputs` comes first.
 */
export class OutputFile implements Output {
  readonly identity: Identity;
  readonly #path: string;
  readonly #stream: Writable;

  private constructor(path: string, stream: Writable, id: Identity) {
    this.#path = path;
    this.#stream = stream;
    this.identity = id;
    stream.on("error", () => {}); // told by write() and close()
  }

  static async create(path: string): Promise<OutputFile> {
    try {
      const handle = await open(path, "w");
      const id = identity(await handle.stat({ bigint: true }));
      return new OutputFile(path, createWriteStream(path, { fd: handle }), id);
    } catch (error) {
      throw new Refusal(`${path}: cannot be written: ${reason(error)}`);
    }
  }

  async write(text: string): Promise<void> {
    await write(this.#stream, text).catch((error) => this.#refuse(error));
  }

  async close(): Promise<void> {
    this.#stream.end();
    await finished(this.#stream).catch((error) => this.#refuse(error));
  }

  #refuse(error: unknown): never {
    throw new Refusal(`${this.#path}: cannot be written: ${reason(error)}`);
  }
}

/** Where a path leads: the file that is there, or the path at which one would be made. */
interface Target {
  readonly path: string;
  readonly real: string;
  readonly stats: BigIntStats | undefined;
}

async function follow(path: string): Promise<Target> {
  const stats = await stat(path, { bigint: true }).catch(() => undefined);
  return { path, real: await realPath(path), stats };
}

/** Also of what is not there yet, through links that lead nowhere yet. */
async function realPath(path: string, links = 40): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  if (real !== undefined) return real;
  const folder = await realpath(dirname(path)).catch(() => resolve(dirname(path)));
  const link = links > 0 ? await readlink(path).catch(() => undefined) : undefined;
  return link === undefined ? join(folder, basename(path)) : realPath(resolve(folder, link), links - 1);
}

/**
 * Refuses outputs that are one file, or go where stdout goes, or are among the inputs or lie in a folder that is read:
 * they would destroy one another or feed on what is read. Opens none of them.
 */
export async function checkOutputs(paths: readonly string[], inputs: readonly string[]): Promise<void> {
  const before: Target[] = [];
  for (const path of paths) {
    const target = await follow(path);
    const input = await inputAt(target, inputs);
    if (input !== undefined) {
      throw new Refusal(`${path}: is among what is read (${input}); write it somewhere else`);
    }
    if (target.stats?.isFile() && identity(target.stats) === fileAt(1)) {
      throw new Refusal(`${path}: is the file that stdout goes to; write it somewhere else`);
    }
    const other = before.find((each) => isSame(each, target));
    if (other) {
      throw new Refusal(
        `${path}: is the same file as ${other.path}; the report and the dead letters need a file each`,
      );
    }
    // A device such as /dev/null takes what comes from both.
    if (!target.stats?.isCharacterDevice()) before.push(target);
  }
}

function isSame(a: Target, b: Target): boolean {
  if (a.real === b.real) return true;
  return a.stats !== undefined && b.stats !== undefined && identity(a.stats) === identity(b.stats);
}

async function inputAt(target: Target, inputs: readonly string[]): Promise<string | undefined> {
  const id = target.stats?.isFile() ? identity(target.stats) : undefined;
  for (const input of inputs) {
    if (input === "-") {
      if (id !== undefined && id === fileAt(0)) return "stdin";
      continue;
    }
    const place = await follow(input);
    if (isSame(target, place)) return input;
    if (!place.stats?.isDirectory()) continue;
    if (target.real.startsWith(place.real.endsWith(sep) ? place.real : place.real + sep)) return input;
    if (id === undefined) continue;
    // A file that is there already may have another name in the folder, or a link to it.
    for await (const name of files(input, () => {})) {
      const stats = await stat(name, { bigint: true }).catch(() => undefined);
      if (stats && identity(stats) === id) return name;
    }
  }
  return undefined;
}

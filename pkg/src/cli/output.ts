// Where the bytes go: stdout and files, at the pace of whoever reads them.
import { createWriteStream, fstatSync } from "node:fs";
import { open, realpath, stat } from "node:fs/promises";
import { resolve, sep } from "node:path";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { type Identity, identity } from "./inputs.js";
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
export function endWithReader(stream: Writable): void {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(BROKEN_PIPE);
    process.stderr.write(`logweir: stdout: ${reason(error)}\n`);
    process.exit(2);
  });
}

/** A file that a command writes besides stdout: made at once, so that a bad path is told before any work. */
export class OutputFile {
  readonly identity: Identity;
  readonly #path: string;
  readonly #stream: Writable;

  private constructor(path: string, stream: Writable, id: Identity) {
    this.#path = path;
    this.#stream = stream;
    this.identity = id;
    stream.on("error", () => {}); // told by write() and close()
  }

  static async create(path: string, inputs: readonly string[]): Promise<OutputFile> {
    await refuseInput(path, inputs);
    try {
      const handle = await open(path, "w");
      const id = identity(await handle.stat());
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

/** An output that is one of the inputs, or lies in a folder that is read, would destroy or feed on what it reads. */
async function refuseInput(path: string, inputs: readonly string[]): Promise<void> {
  const target = await realpath(path).catch(() => resolve(path));
  for (const input of inputs) {
    if (input === "-") continue;
    const place = await realpath(input);
    const inside =
      (await stat(place)).isDirectory() && target.startsWith(place.endsWith(sep) ? place : place + sep);
    if (target === place || inside) {
      throw new Refusal(`${path}: is among what is read (${input}); write it somewhere else`);
    }
  }
}

/** The file that stdout goes to, if it is one. */
export function stdoutFile(): Identity | undefined {
  const stats = fstatSync(1);
  return stats.isFile() ? identity(stats) : undefined;
}

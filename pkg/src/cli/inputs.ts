// Where the bytes come from: files, folders, gzip, stdin. Always in chunks, never a whole file.
import { type BigIntStats, fstatSync } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { createGunzip } from "node:zlib";
import { Refusal, reason, Unreadable } from "./problem.js";

const CHUNK = 256 * 1024;

/** One input. */
export interface Source {
  /** As it was named, or found in a folder; `-` is stdin. */
  readonly name: string;
  /**
   * Its bytes, inflated where they are gzip. A chunk is good until the next is asked for.
   * @param seen is told how many bytes were read (of a compressed file: compressed ones)
   */
  chunks(seen: (bytes: number) => void): Chunks;
}

/** Which file it is, whatever its path. */
export type Identity = `${bigint}:${bigint}`;
export const identity = (stats: BigIntStats): Identity => `${stats.dev}:${stats.ino}`;

/** The file that a descriptor stands for (0 is stdin, 1 is stdout), if it is one. */
export function fileAt(descriptor: number): Identity | undefined {
  const stats = fstatSync(descriptor, { bigint: true });
  return stats.isFile() ? identity(stats) : undefined;
}

/** Is told of an input that cannot be read; what comes after it still is. */
export type Lost = (why: Unreadable) => void;

/** Stops before any work if a path cannot be read; tells all of them at once. */
export async function checkPaths(paths: readonly string[]): Promise<void> {
  const lacks: string[] = [];
  for (const path of paths.length === 0 ? ["-"] : paths) {
    if (path === "-") {
      // Node takes a folder there for an empty input.
      if (fstatSync(0).isDirectory()) lacks.push("stdin: it is a folder; name it instead");
      continue;
    }
    await stat(path).catch((error) => lacks.push(`${path}: ${reason(error)}`));
  }
  if (lacks.length > 0) throw new Refusal(lacks.join("\n"));
}

/**
 * The inputs that paths mean, in order, found on the way; no path at all means stdin.
 * @param outputs files that are being written: reading one of them would never end
 * @param lost is told of what cannot even be found
 */
export async function* sources(
  paths: readonly string[],
  outputs: ReadonlySet<Identity>,
  lost: Lost,
): AsyncGenerator<Source> {
  for (const path of paths.length === 0 ? ["-"] : paths) {
    if (path === "-") yield { name: "-", chunks: (seen) => readied("stdin", fromStdin(), seen) };
    else {
      for await (const name of files(path, lost)) {
        yield { name, chunks: (seen) => readied(name, fromFile(name, outputs), seen) };
      }
    }
  }
}

/** The sizes of all files together, or undefined where one has none (a pipe) or there are too many to ask. */
export async function totalSize(paths: readonly string[], most = 20_000): Promise<number | undefined> {
  let total = 0;
  let count = 0;
  for (const path of paths) {
    if (path === "-") return undefined;
    for await (const name of files(path, () => {})) {
      const stats = await stat(name).catch(() => undefined);
      count += 1;
      if (!stats?.isFile() || count > most) return undefined;
      total += stats.size;
    }
  }
  return count > 0 ? total : undefined;
}

/** The file that a path names, or all files under the folder that it names, in the order of their names. */
export async function* files(path: string, lost: Lost): AsyncGenerator<string> {
  const tell = (name: string) => (error: unknown) => {
    lost(new Unreadable(`${name}: ${reason(error)}`));
    return undefined;
  };
  const stats = await stat(path).catch(tell(path));
  if (!stats) return;
  if (!stats.isDirectory()) {
    yield path;
    return;
  }
  const entries = await readdir(path, { withFileTypes: true }).catch(tell(path));
  if (!entries) return;
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith(".")) continue;
    const name = join(path, entry.name);
    if (entry.isDirectory()) yield* files(name, lost);
    else if (entry.isFile()) yield name;
    else if (entry.isSymbolicLink()) {
      const target = await stat(name).catch(tell(name));
      // A link to a folder could lead round in a circle: only real folders are entered.
      if (target?.isFile()) yield name;
    }
  }
}

type Chunks = AsyncGenerator<Uint8Array, void>;

async function* fromStdin(): Chunks {
  yield* process.stdin;
}

/** Reads one chunk ahead, into two buffers by turns. */
async function* fromFile(path: string, outputs: ReadonlySet<Identity>): Chunks {
  const handle = await open(path);
  let ahead: Promise<{ bytesRead: number; buffer: Uint8Array }> | undefined;
  try {
    if (outputs.has(identity(await handle.stat({ bigint: true }))))
      throw new Unreadable(`${path}: it would be read and written at once`);
    let free = new Uint8Array(CHUNK);
    ahead = handle.read(new Uint8Array(CHUNK), 0, CHUNK, null);
    for (;;) {
      const { bytesRead, buffer } = await ahead;
      if (bytesRead === 0) return;
      ahead = handle.read(free, 0, CHUNK, null);
      free = buffer as Uint8Array<ArrayBuffer>;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await ahead?.catch(() => {});
    await handle.close();
  }
}

/** Counts what is read, inflates what begins as gzip does, and says which input it was that failed. */
async function* readied(name: string, chunks: Chunks, seen: (bytes: number) => void): Chunks {
  try {
    const begun = await beginning(counted(chunks, seen));
    const foreign = foreignAs(begun.first);
    if (foreign !== undefined) {
      await begun.all.return();
      throw new Unreadable(`${name}: ${foreign}`);
    }
    if (begun.first[0] === 0x1f && begun.first[1] === 0x8b) yield* inflated(begun.all);
    else yield* begun.all;
  } catch (error) {
    throw error instanceof Unreadable ? error : new Unreadable(`${name}: ${reason(error)}`);
  }
}

async function* counted(chunks: Chunks, seen: (bytes: number) => void): Chunks {
  for await (const chunk of chunks) {
    seen(chunk.length);
    yield chunk;
  }
}

/**
 * What an input is that only looks like broken JSON, and what makes it readable; undefined where it may be text. None of
 * these bytes can begin a record. Told from as much as came at once: a record may be all that comes for long.
 */
function foreignAs(first: Uint8Array): string | undefined {
  const begins = (...bytes: readonly number[]) => bytes.every((byte, at) => first[at] === byte);
  const packed = (by: string, tool: string) =>
    `it is packed by ${by}, which is not read here: ${tool} FILE | logweir …`;
  if (begins(0x28, 0xb5, 0x2f, 0xfd)) return packed("zstd", "zstd -dc");
  if (begins(0xfd, 0x37, 0x7a, 0x58, 0x5a)) return packed("xz", "xz -dc");
  if (begins(0x42, 0x5a, 0x68, first[3] ?? 0, 0x31, 0x41, 0x59)) return packed("bzip2", "bzip2 -dc");
  if (begins(0x50, 0x4b, 0x03, 0x04)) return packed("zip", "unzip -p");
  const isWide = first.length >= 4 && ((begins(0xff, 0xfe) && first[3] === 0) || begins(0xfe, 0xff, 0));
  return isWide ? "it is UTF-16, not UTF-8: iconv -f UTF-16 -t UTF-8 FILE | logweir …" : undefined;
}

/** Looks at the first two bytes, and gives all of them again. */
async function beginning(chunks: Chunks): Promise<{ first: Uint8Array; all: Chunks }> {
  let first: Uint8Array = new Uint8Array(0);
  while (first.length < 2) {
    const { value } = await chunks.next();
    if (!value) break;
    // The last chunk's buffer may be filled anew: what is kept is a copy.
    first = first.length === 0 && value.length >= 2 ? value : Buffer.concat([first, value]);
  }
  return { first, all: again(first, chunks) };
}

async function* again(first: Uint8Array, rest: Chunks): Chunks {
  try {
    if (first.length > 0) yield first;
    yield* rest;
  } finally {
    await rest.return();
  }
}

/**
 * Inflates chunk by chunk, and gives all of one before the next goes in: where the data breaks off, what came before
 * has been given. (A stream that fails forgets what nobody has read yet.)
 */
async function* inflated(chunks: Chunks): Chunks {
  const inflate = createGunzip({ chunkSize: CHUNK });
  let wake = () => {};
  let failure: Error | undefined;
  let idle = false;
  let ended = false;
  const done = () => {
    idle = true;
    wake();
  };
  inflate.on("readable", () => wake());
  inflate.on("end", () => {
    ended = true;
    done();
  });
  inflate.on("error", (error) => {
    failure = error;
    done();
  });
  async function* given(): Chunks {
    for (;;) {
      const piece: Uint8Array | null = inflate.read();
      if (piece) yield piece;
      else if (idle) break;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    if (failure) throw failure;
  }
  try {
    for await (const chunk of chunks) {
      idle = false;
      inflate.write(chunk, done);
      yield* given();
      if (ended) return; // zeros follow, which pad a tape: as gzip, we leave them alone
    }
    idle = false;
    inflate.end();
    yield* given();
  } finally {
    inflate.destroy();
  }
}

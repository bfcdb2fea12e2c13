// Sources as chunks of plain bytes: gzip and zip are unpacked on the way, by what the bytes say and not by names.
import { Unzip, UnzipInflate, UnzipPassThrough } from "fflate";

/** A file to read: its own, or one of those in an archive. */
export interface Part {
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}

const SLICE = 2 << 20;

/** A file in slices, so that no more of it than that is in memory; `told` is told how many bytes each had. */
async function* slices(file: Blob, told: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const read = (at: number) => {
    const bytes = file.slice(at, at + SLICE).arrayBuffer();
    bytes.catch(() => undefined); // told to whoever waits for it, if anybody still does
    return bytes;
  };
  let next = read(0);
  for (let at = 0; at < file.size; at += SLICE) {
    const bytes = new Uint8Array(await next);
    next = read(at + SLICE); // comes while these are worked on
    yield bytes;
    told(bytes.length);
  }
}

const startsWith = (bytes: Uint8Array, ...magic: number[]): boolean =>
  magic.every((byte, index) => bytes[index] === byte);

const isGzip = (head: Uint8Array): boolean => startsWith(head, 0x1f, 0x8b);
const isZip = (head: Uint8Array): boolean => startsWith(head, 0x50, 0x4b, 0x03, 0x04);
const headOf = async (file: Blob): Promise<Uint8Array> =>
  new Uint8Array(await file.slice(0, 4).arrayBuffer());

/** Whether a file is gzip or zip. */
export async function isPacked(file: Blob): Promise<boolean> {
  const head = await headOf(file);
  return isGzip(head) || isZip(head);
}

/** The parts of a file: one, or those of a zip archive, gunzipped where they are gzip. */
export async function* partsOf(
  file: Blob,
  name: string,
  told: (bytes: number) => void,
): AsyncGenerator<Part> {
  const head = await headOf(file);
  if (isZip(head)) yield* unzipped(file, name, told);
  else if (isGzip(head)) yield { name, chunks: gunzipped(slices(file, told)) };
  else yield { name, chunks: slices(file, told) };
}

async function* gunzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = new DecompressionStream("gzip");
  const writer = gunzip.writable.getWriter();
  const fed = (async () => {
    for await (const chunk of chunks) await writer.write(chunk as Uint8Array<ArrayBuffer>);
    await writer.close();
  })();
  fed.catch(() => undefined); // the reader below meets the same fault
  const reader = gunzip.readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

interface Entry {
  name: string;
  waiting: Uint8Array[];
  ended: boolean;
}

/** The files of a zip archive one after another. What is unpacked waits in memory only until it has been taken. */
async function* unzipped(file: Blob, name: string, told: (bytes: number) => void): AsyncGenerator<Part> {
  const entries: Entry[] = [];
  let fault: Error | undefined;
  const unzip = new Unzip((stream) => {
    if (stream.name.endsWith("/") || /(^|\/)(__MACOSX\/|\.)/.test(stream.name)) return;
    const entry: Entry = { name: stream.name, waiting: [], ended: false };
    entries.push(entry);
    stream.ondata = (error, bytes, last) => {
      if (error) fault = error;
      if (bytes?.length) entry.waiting.push(bytes);
      if (last || error) entry.ended = true;
    };
    stream.start();
  });
  unzip.register(UnzipInflate);
  unzip.register(UnzipPassThrough);
  const source = slices(file, told);
  let over = false;
  const more = async (): Promise<void> => {
    const { done, value } = await source.next();
    over = done === true;
    unzip.push(value ?? new Uint8Array(0), over);
    if (fault) throw fault;
  };
  async function* chunksOf(entry: Entry): AsyncGenerator<Uint8Array> {
    for (;;) {
      const bytes = entry.waiting.shift();
      if (bytes) yield bytes;
      else if (entry.ended || over) return;
      else await more();
    }
  }
  for (let index = 0; ; ) {
    const entry = entries[index];
    if (entry) {
      index += 1;
      yield { name: `${name}/${entry.name}`, chunks: await peeled(chunksOf(entry)) };
    } else if (over) return;
    else await more();
  }
}

/** A file in an archive, unpacked if it is gzip. */
async function peeled(chunks: AsyncGenerator<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const first = await chunks.next();
  const whole = (async function* () {
    if (!first.done) yield first.value;
    yield* chunks;
  })();
  return !first.done && isGzip(first.value) ? gunzipped(whole) : whole;
}

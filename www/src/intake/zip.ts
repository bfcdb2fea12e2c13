// The files of a zip archive, unpacked as they are read.
import { Unzip, UnzipInflate, UnzipPassThrough } from "fflate";
import { type Hurt, isGzip, members, pieces } from "./gzip.js";

export const isZip = (head: Uint8Array): boolean =>
  head[0] === 0x50 && head[1] === 0x4b && head[2] === 0x03 && head[3] === 0x04;

/** Stored, and deflated. */
const methods = [0, 8];
/** Folders, and what systems hide in archives; `.` and `..` are no names. */
const passedOver = /\/$|(^|\/)(__MACOSX\/|\.(?!\.?\/))/;

interface Entry {
  name: string;
  waiting: Uint8Array[];
  ended: boolean;
}

/**
 * The files one after another. What is unpacked waits in memory only until it has been taken; what cannot be unpacked is
 * told of, with what is unpacked of it left.
 */
export async function* unzipped(
  source: AsyncGenerator<Uint8Array>,
  archive: string,
  hurt: Hurt,
): AsyncGenerator<{ name: string; chunks: AsyncIterable<Uint8Array> }> {
  const entries: Entry[] = [];
  let fault = false;
  let over = false;
  const unzip = new Unzip((stream) => {
    if (passedOver.test(stream.name)) return;
    const name = `${archive}/${stream.name}`;
    if (!methods.includes(stream.compression)) {
      hurt(name);
      return;
    }
    const entry: Entry = { name, waiting: [], ended: false };
    entries.push(entry);
    stream.ondata = (error, bytes, last) => {
      if (error) fault = true;
      if (bytes?.length) entry.waiting.push(bytes);
      if (last || error) entry.ended = true;
    };
    stream.start();
  });
  unzip.register(UnzipInflate);
  unzip.register(UnzipPassThrough);
  const more = async (): Promise<void> => {
    const { done, value } = await source.next();
    try {
      unzip.push(value ?? new Uint8Array(0), done === true);
    } catch {
      fault = true;
    }
    over = done === true || fault;
    if (fault) hurt(archive);
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
      yield { name: entry.name, chunks: await peeled(chunksOf(entry), () => hurt(entry.name)) };
    } else if (over) return;
    else await more();
  }
}

/** A file in an archive, unpacked if it is gzip. */
async function peeled(
  chunks: AsyncGenerator<Uint8Array>,
  hurt: () => void,
): Promise<AsyncIterable<Uint8Array>> {
  const first = await chunks.next();
  const whole = (async function* () {
    if (!first.done) yield first.value;
    yield* chunks;
  })();
  return !first.done && isGzip(first.value) ? members(pieces(whole), hurt) : whole;
}

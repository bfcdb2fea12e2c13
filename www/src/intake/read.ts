// Sources as chunks of plain UTF-8: what is packed or written otherwise is so on the way, by what the bytes say and not by
// names.
import { gunzipped, type Hurt, isGzip, pieces } from "./gzip.js";
import { isZip, unzipped } from "./zip.js";

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

const isUtf16 = (head: Uint8Array): boolean =>
  (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);

const headOf = async (file: Blob): Promise<Uint8Array> =>
  new Uint8Array(await file.slice(0, 4).arrayBuffer());

/** Whether a file's records do not lie in it as they are. */
export async function isPacked(file: Blob): Promise<boolean> {
  const head = await headOf(file);
  return isGzip(head) || isZip(head) || isUtf16(head);
}

/** The parts of a file: one, or those of a zip archive, gunzipped where they are gzip; `hurt` is told what is damaged. */
export async function* partsOf(
  file: Blob,
  name: string,
  told: (bytes: number) => void,
  hurt: Hurt,
): AsyncGenerator<Part> {
  const head = await headOf(file);
  if (isZip(head))
    for await (const entry of unzipped(pieces(slices(file, told)), name, hurt))
      yield { name: entry.name, chunks: asUtf8(entry.chunks) };
  else if (isGzip(head)) {
    // The second time it is read, nothing new is.
    const times = [told, () => undefined];
    const open = () => slices(file, times.shift() ?? told);
    yield { name, chunks: asUtf8(gunzipped(open, () => hurt(name))) };
  } else yield { name, chunks: asUtf8(slices(file, told)) };
}

/** What some shells write into files, made what everybody else does. */
async function* asUtf8(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let decoder: TextDecoder | undefined;
  let first = true;
  for await (const chunk of chunks) {
    if (first && isUtf16(chunk)) decoder = new TextDecoder(chunk[0] === 0xff ? "utf-16le" : "utf-16be");
    first = false;
    yield decoder ? encoder.encode(decoder.decode(chunk, { stream: true })) : chunk;
  }
  if (decoder) yield encoder.encode(decoder.decode());
}

// Gzip, unpacked as it is read. Browsers do it fast, and only the first of several members that follow each other, as logs
// that were put together have them: then, and where a file is damaged, fflate goes on.
import { Gunzip } from "fflate";

/** Is told the name of what is damaged: what was read of it stays. */
export type Hurt = (name: string) => void;

export const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b;

/** What is unpacked at once: a thousand times of it may come out. */
const PIECE = 1 << 15;

/** The same bytes in pieces that can be unpacked at once. */
export async function* pieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks)
    for (let at = 0; at < chunk.length; at += PIECE) yield chunk.subarray(at, at + PIECE);
}

/** Unpacks what `open` gives, which may be asked for a second time. */
export async function* gunzipped(
  open: () => AsyncIterable<Uint8Array>,
  hurt: () => void,
): AsyncGenerator<Uint8Array> {
  let given = 0;
  try {
    for await (const bytes of natively(pieces(open()))) {
      given += bytes.length;
      yield bytes;
    }
    return;
  } catch {
    // The other way tells what is there.
  }
  for await (const bytes of members(pieces(open()), hurt)) {
    const known = Math.min(given, bytes.length);
    given -= known;
    if (known < bytes.length) yield bytes.subarray(known);
  }
}

async function* natively(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = new DecompressionStream("gzip");
  const writer = gunzip.writable.getWriter();
  const feed = async () => {
    try {
      for await (const chunk of chunks) await writer.write(chunk as Uint8Array<ArrayBuffer>);
      await writer.close();
    } catch (error) {
      await writer.abort(error); // the reader below meets it
    }
  };
  feed().catch(() => undefined);
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

/** Member after member, up to the first fault. */
export async function* members(
  chunks: AsyncIterable<Uint8Array>,
  hurt: () => void,
): AsyncGenerator<Uint8Array> {
  const waiting: Uint8Array[] = [];
  const gunzip = new Gunzip((bytes) => {
    if (bytes.length > 0) waiting.push(bytes);
  });
  const sound = (piece: Uint8Array, last: boolean): boolean => {
    try {
      gunzip.push(piece, last);
      return true;
    } catch {
      hurt();
      return false;
    }
  };
  let good = true;
  for await (const piece of chunks) {
    good = sound(piece, false);
    yield* waiting.splice(0);
    if (!good) return;
  }
  sound(new Uint8Array(0), true);
  yield* waiting;
}

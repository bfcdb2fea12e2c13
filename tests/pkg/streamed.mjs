// A program for the memory test: streams MEGABYTES of events through the package and prints the report.
//   node streamed.mjs MEGABYTES many|one     many chunks, or all in one chunk
import { compile } from "logweir";
import { block } from "./memory.mjs";

const [megabytes, way] = [Number(process.argv[2]), process.argv[3]];
const piece = block();
const count = Math.ceil((megabytes * 1e6) / piece.length);

function* chunks() {
  if (way === "one") {
    const all = new Uint8Array(piece.length * count);
    for (let n = 0; n < count; n += 1) all.set(piece, n * piece.length);
    yield all;
    return;
  }
  for (let n = 0; n < count; n += 1) {
    // Of all sizes, and cut anywhere.
    for (let at = 0, size = 1; at < piece.length; at += size) {
      size = 1 + ((at * 7919 + n) % 300_000);
      yield piece.slice(at, at + size);
    }
  }
}

const stream = compile({ logweir: 1, redact: [{ path: "**.email" }] }).stream();
let out = 0;
await ReadableStream.from(chunks())
  .pipeThrough(stream)
  .pipeTo(
    new WritableStream({
      write(bytes) {
        out += bytes.length;
      },
    }),
  );
if (out !== stream.report.bytes.out) throw new Error("the report and the output differ");
console.log(JSON.stringify(stream.report));

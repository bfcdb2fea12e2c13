// A program for the memory test: streams MEGABYTES of events through the package and prints the report.
//   node streamed.mjs MEGABYTES many|one|signal     many chunks, all in one chunk, or many through batches() with a signal
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

const weir = compile({ logweir: 1, redact: [{ path: "**.email" }] });
let out = 0;
let report;
if (way === "signal") {
  const batches = weir.batches(chunks(), { signal: new AbortController().signal });
  for await (const { body } of batches) out += body.length;
  report = batches.report;
} else {
  const stream = weir.stream();
  await ReadableStream.from(chunks())
    .pipeThrough(stream)
    .pipeTo(
      new WritableStream({
        write(bytes) {
          out += bytes.length;
        },
      }),
    );
  report = stream.report;
}
if (out !== report.bytes.out) throw new Error("the report and the output differ");
console.log(JSON.stringify(report));

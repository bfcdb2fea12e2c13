// The rows to compare with: V8's own JSON, and the library that JavaScript services redact with.
import { createRequire } from "node:module";

const encoder = new TextEncoder();
// Encoding into one buffer that is kept is the cheapest way from strings to bytes. An escape can make text longer, hence the room.
const target = new Uint8Array(1 << 20);

/** Results land here, so that no engine may decide that the work is unused. */
export const sink = { value: 0 };

export function v8Rows({ lines, bytes }) {
  const row = (name, perChunk) => ({ name, bytes, pass: () => lines.forEach(perChunk) });
  const turn = (texts) => {
    let out = "";
    for (let i = 0; i < texts.length; i++) out += `${JSON.stringify(JSON.parse(texts[i]))}\n`;
    return out;
  };
  return [
    row("JSON.parse", (texts) => {
      for (let i = 0; i < texts.length; i++) sink.value += JSON.parse(texts[i]) === null ? 1 : 0;
    }),
    row("JSON.parse + JSON.stringify", (texts) => {
      for (let i = 0; i < texts.length; i++) sink.value += JSON.stringify(JSON.parse(texts[i])).length;
    }),
    row("… + TextEncoder (strings → bytes)", (texts) => {
      sink.value += encoder.encodeInto(turn(texts), target).written;
    }),
  ];
}

/** Bytes → bytes: slice each line out of the buffer, parse, @pinojs/redact (which writes the text itself), encode. */
export function pinoRow({ chunks, bytes }, { name, paths }, replacement) {
  const label = `Buffer + parse + @pinojs/redact → bytes [${name}]`;
  let build;
  try {
    build = createRequire(import.meta.url)("@pinojs/redact");
  } catch {
    return { name: label, skip: "@pinojs/redact is not installed (npm install)" };
  }
  const redact = build({ paths, censor: replacement, strict: false });
  const perChunk = (chunk) => {
    let out = "";
    for (let start = 0; start < chunk.length; ) {
      const end = chunk.indexOf(10, start);
      out += `${redact(JSON.parse(chunk.utf8Slice(start, end)))}\n`;
      start = end + 1;
    }
    return encoder.encodeInto(out, target).written;
  };
  return {
    name: label,
    bytes,
    pass: () => {
      for (const chunk of chunks) sink.value += perChunk(chunk);
    },
    one: (text) => redact(JSON.parse(text)),
  };
}

// One corpus in the forms that the rows take, all made before the clock runs.

export const CHUNK_BYTES = 256 * 1024;

/** @param {Buffer} data NDJSON that ends in a newline */
export function forms(data) {
  const chunks = [];
  const events = [];
  let chunk = 0;
  for (let start = 0; start < data.length; ) {
    const end = data.indexOf(10, start);
    events.push(data.subarray(start, end));
    if (end + 1 - chunk > CHUNK_BYTES && start > chunk) {
      chunks.push(data.subarray(chunk, start));
      chunk = start;
    }
    start = end + 1;
  }
  chunks.push(data.subarray(chunk));
  // Decoded ahead, chunk by chunk: the baseline pays for JSON.parse alone.
  const lines = chunks.map((bytes) => {
    const texts = [];
    for (let start = 0; start < bytes.length; ) {
      const end = bytes.indexOf(10, start);
      texts.push(bytes.utf8Slice(start, end));
      start = end + 1;
    }
    return texts;
  });
  return { data, bytes: data.length, chunks, events, lines };
}

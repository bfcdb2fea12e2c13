// Records of a log that is larger than what is kept in memory: they are read from its files when they are wanted.

/** What is read at once: neighbours are wanted together. */
const WINDOW = 1 << 20;

/** Of the worker's own library (File API, section 6.5): reads at once, which only workers may. */
declare class FileReaderSync {
  readAsArrayBuffer(blob: Blob): ArrayBuffer;
}

/** A file that lies open cannot be read any more: it was changed, or is gone. */
export class Gone extends Error {}

export class Slices {
  readonly #files: Blob[] = [];
  readonly #reader = new FileReaderSync();
  #window = { source: -1, start: 0, bytes: new Uint8Array(0) };

  /** The next source's file. */
  add(file: Blob): void {
    this.#files.push(file);
  }

  /** The bytes of a source from one place up to another; good until the next reading. */
  read(source: number, start: number, end: number): Uint8Array {
    const last = this.#window;
    if (source !== last.source || start < last.start || end > last.start + last.bytes.length) {
      const slice = this.#files[source]?.slice(start, Math.max(end, start + WINDOW));
      try {
        const bytes = new Uint8Array(this.#reader.readAsArrayBuffer(slice ?? new Blob()));
        this.#window = { source, start, bytes };
      } catch {
        throw new Gone();
      }
    }
    const { start: from, bytes } = this.#window;
    if (end - from > bytes.length) throw new Gone(); // it has become shorter
    return bytes.subarray(start - from, end - from);
  }
}

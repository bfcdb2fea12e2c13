// Redacted records that wait to be sent, in batches of at most a body's size.

/** Records that go in one request. */
export class Batch {
  /** The same through all tries. */
  readonly id = crypto.randomUUID();
  /** On its way. */
  sending = false;
  bytes = 0;
  /** No record is added any more: it may be on its way. */
  closed = false;
  readonly lines: Uint8Array[] = [];

  get records(): number {
    return this.lines.length;
  }

  add(line: Uint8Array): void {
    this.lines.push(line);
    this.bytes += line.length;
  }

  /** Its bytes in one piece. */
  body(): Uint8Array<ArrayBuffer> {
    this.closed = true;
    const all = new Uint8Array(this.bytes);
    let at = 0;
    for (const line of this.lines) {
      all.set(line, at);
      at += line.length;
    }
    return all;
  }
}

/** A queue of batches, bounded in bytes. */
export class Buffer {
  readonly #most: number;
  readonly #body: number;
  #batches: Batch[] = [];

  /** @param most bytes that are kept at most @param body bytes of a batch, unless one record alone is larger */
  constructor(most: number, body: number) {
    this.#most = most;
    this.#body = body;
  }

  get records(): number {
    return this.#batches.reduce((sum, { records }) => sum + records, 0);
  }

  get bytes(): number {
    return this.#batches.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Whether there was room. */
  add(line: Uint8Array): boolean {
    if (this.bytes + line.length > this.#most) return false;
    let last = this.#batches.at(-1);
    if (!last || last.closed || last.bytes + line.length > this.#body) {
      last = new Batch();
      this.#batches.push(last);
    }
    last.add(line);
    return true;
  }

  /** The oldest that is not on its way. */
  first(): Batch | undefined {
    return this.#batches.find(({ sending }) => !sending);
  }

  /** All that are not on their way, from the oldest. */
  waiting(): readonly Batch[] {
    return this.#batches.filter(({ sending }) => !sending);
  }

  remove(batch: Batch): void {
    this.#batches = this.#batches.filter((each) => each !== batch);
  }

  /** Cuts a batch in two, each with an id of its own; false where it is a single record. */
  split(batch: Batch): boolean {
    if (batch.lines.length < 2) return false;
    const halves = [new Batch(), new Batch()];
    for (const [index, line] of batch.lines.entries()) halves[index * 2 < batch.records ? 0 : 1]?.add(line);
    for (const half of halves) half.closed = true;
    this.#batches = this.#batches.flatMap((each) => (each === batch ? halves : each));
    return true;
  }

  clear(): void {
    this.#batches = [];
  }
}

// Opening: sources one after another, in slices, told of as they are read.
import { UsageError } from "logweir/store";
import { isPacked, partsOf } from "../intake/read.js";
import { repaired } from "../intake/repair.js";
import { type Listening, tail } from "../intake/tail.js";
import type { Held } from "./held.js";
import type { Job } from "./job.js";
import type { Progress, Source, Summary } from "./protocol.js";

const encoder = new TextEncoder();
/** How often progress is told. */
const TOLD_MS = 60;
/** Chunks of this size go to the core at once: small enough to leave room for other calls between. */
const CHUNK = 1 << 18;

/** Events that go into the index at once, so that what is shown first is counted, and small logs have no second phase. */
const AT_ONCE = 20_000;
/** Events of a step of the index, some milliseconds. */
const STEP = 2000;

/** A source by its name, and its bytes; `read` is told what was read of what lies on the disk. */
type Part = { name: string; chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array> };

async function* partsOfSource(
  source: Source,
  repair: boolean,
  read: (bytes: number) => void,
  hurt: (name: string) => void,
  listening: Listening,
): AsyncGenerator<Part> {
  if (source.kind === "file") yield* partsOf(source.file, source.name, read, hurt);
  else if (source.kind === "tail") {
    const { query, token, name } = source;
    yield { name, chunks: tail(query, token, listening) };
  } else if (source.kind === "sample")
    yield { name: source.name, chunks: samples(source.count, source.seed) };
  else yield { name: source.name, chunks: [encoder.encode(repair ? repaired(source.text) : source.text)] };
}

async function* samples(count: number, seed: number): AsyncGenerator<Uint8Array> {
  const { sample } = await import("logweir/sample"); // what makes them is large, and seldom wanted
  let text = "";
  for (const line of sample({ count, seed, asText: true })) {
    text += line;
    if (text.length < CHUNK) continue;
    yield encoder.encode(text);
    text = "";
  }
  yield encoder.encode(text);
}

/** Gzip and zip have no records that could be read where they lie. */
export class TooLargePacked extends Error {}

/** A source that is no file as one, so that it can be read again. */
async function* again(parts: AsyncIterable<Part>): AsyncGenerator<{ name: string; file: Blob }> {
  for await (const { name, chunks } of parts) {
    const all: BlobPart[] = [];
    for await (const chunk of chunks) all.push(chunk as Uint8Array<ArrayBuffer>);
    yield { name, file: new Blob(all) };
  }
}

export async function open(
  held: Held,
  sources: readonly Source[],
  repair: boolean,
  job: Job<Progress>,
): Promise<Summary> {
  const { store } = held;
  const total = sources.reduce((sum, source) => sum + (source.kind === "file" ? source.file.size : 0), 0);
  const live = sources.some(({ kind }) => kind === "tail");
  let read = 0;
  let last = 0;
  const told = () => {
    if (performance.now() - last < TOLD_MS && !live) return;
    last = performance.now();
    const { rows, broken, indexed } = store.progress;
    if (indexed < rows && (live || indexed === 0)) store.index(STEP);
    job.tell({ read, total: total > 0 ? total : undefined, events: rows, broken, connected, lost });
  };
  let lost = 0;
  let connected = false;
  const listening: Listening = {
    signal: job.signal,
    connected: () => {
      connected = true;
      told();
    },
    lost: (events: number) => {
      lost += events;
    },
  };
  const count = (bytes: number) => {
    read += bytes;
  };
  const hurt = (name: string) => {
    held.damaged.add(name);
  };
  async function* parts(source: Source): AsyncGenerator<Part> {
    const { slices } = held;
    if (!slices) yield* partsOfSource(source, repair, count, hurt, listening);
    else if (source.kind === "file") {
      slices.add(source.file);
      yield* partsOf(source.file, source.name, count, hurt);
    } else
      for await (const { name, file } of again(partsOfSource(source, repair, count, hurt, listening))) {
        slices.add(file);
        yield* partsOf(file, name, count, hurt);
      }
  }
  if (held.slices)
    for (const source of sources)
      if (source.kind === "file" && (await isPacked(source.file))) throw new TooLargePacked();
  try {
    for (const source of sources)
      for await (const { name, chunks } of parts(source)) {
        store.begin(name);
        for await (const chunk of chunks) {
          job.check(); // while it waited, another reading may have begun
          for (let at = 0; at < chunk.length; at += CHUNK) {
            store.push(chunk.subarray(at, at + CHUNK));
            told();
            if (job.due) await job.pause();
          }
        }
        job.check();
        store.end();
      }
  } catch (error) {
    if (!(error instanceof UsageError && error.code === "W910")) throw error;
    held.full = true;
  }
  await index(held, AT_ONCE, job);
  return summary(held, held.full ? "full" : undefined, repair ? undefined : mendable(held, sources));
}

/** Goes on with the index, to that row or to the end. */
export async function index(
  held: Held,
  to: number,
  job: Pick<Job<never>, "due" | "pause">,
  told?: (indexed: number) => void,
): Promise<void> {
  const { store } = held;
  let last = performance.now();
  try {
    for (let { indexed, rows } = store.progress; indexed < Math.min(rows, to); ) {
      ({ indexed, rows } = store.index(STEP));
      if (!job.due) continue;
      if (performance.now() - last > TOLD_MS) {
        last = performance.now();
        told?.(indexed);
      }
      await job.pause();
    }
  } catch (error) {
    if (!(error instanceof UsageError && error.code === "W910")) throw error;
    held.full = true; // what is not in the index can still be searched
  }
}

/** What lies open; also after a reading that was cancelled. */
export function summary({ store, damaged }: Held, cut: Summary["cut"], repair?: number): Summary {
  const { rows, broken, bytes, indexed } = store.progress;
  const all = store.all();
  const { from, to, untimed } = store.histogram(all, { buckets: 1 });
  all.free();
  const timed = untimed < rows;
  return {
    events: rows,
    broken,
    indexed,
    bytes,
    first: timed ? from : undefined,
    last: timed ? to : undefined,
    cut,
    damaged: [...damaged],
    repair,
  };
}

/** Of pasted text that is broken: how many more events it would have if it were mended as documentation pastes want it. */
function mendable({ store, catalog }: Held, sources: readonly Source[]): number | undefined {
  const [source] = sources;
  const { rows, broken } = store.progress;
  if (broken === 0 || sources.length !== 1 || source?.kind !== "text") return undefined;
  const text = repaired(source.text);
  if (text === source.text) return undefined;
  const run = catalog.run();
  const records = [...run.push(text), ...run.finish()];
  const more = records.filter(({ code }) => !code?.startsWith("S")).length - (rows - broken);
  return more > 0 ? more : undefined;
}

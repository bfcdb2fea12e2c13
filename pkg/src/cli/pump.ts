// Moves the bytes of all inputs through whatever reads them, at the pace of the slowest.
import { type Identity, type Lost, sources, totalSize } from "./inputs.js";
import { Unreadable } from "./problem.js";
import { Progress } from "./progress.js";

/** What takes inputs that come one after the other. */
interface Reader<T> {
  push(chunk: Uint8Array): T;
  next(): T;
}

/**
 * Reads every input to its end. One that breaks off ends there, and the next one follows. Gives whether none broke off.
 * @param outputs files that are being written
 * @param deliver gets what came of each step, the name of the input, and what clears the terminal's line before more
 */
export async function pump<T>(
  paths: readonly string[],
  outputs: ReadonlySet<Identity>,
  reader: Reader<T>,
  deliver: (name: string, step: T, clear: () => void) => Promise<void>,
): Promise<boolean> {
  const progress = new Progress(Progress.wanted() ? await totalSize(paths) : undefined);
  const clear = () => progress.clear();
  const interrupt = onInterrupt(clear);
  let complete = true;
  const lost: Lost = (why) => {
    complete = false;
    progress.clear();
    process.stderr.write(why.text);
  };
  try {
    for await (const { name, chunks } of sources(paths, outputs, lost)) {
      let begun = false;
      try {
        for await (const chunk of chunks(progress.add)) {
          begun = true;
          await deliver(name, reader.push(chunk), clear);
        }
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        lost(error);
        if (!begun) continue;
      }
      await deliver(name, reader.next(), clear);
    }
  } finally {
    progress.clear();
    interrupt.off();
  }
  return complete;
}

/** Ctrl-C: tidies the terminal, then ends the process as the signal would have. */
function onInterrupt(tidy: () => void): { off(): void } {
  const handler = (signal: NodeJS.Signals) => {
    tidy();
    process.kill(process.pid, signal);
  };
  process.once("SIGINT", handler);
  return { off: () => process.off("SIGINT", handler) };
}

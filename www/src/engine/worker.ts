// The Web Worker: the package works here, away from the page's own thread.

import { FaultError, init, LogweirError } from "logweir/store";
import wasm from "logweir/store.wasm?url";
import { NoTail } from "../intake/tail.js";
import { Desk } from "./desk.js";
import { GivenUp, Job } from "./job.js";
import { TooLargePacked } from "./open.js";
import type { Asked, Call, Calls, Message } from "./protocol.js";
import { Gone } from "./slices.js";

const desk = new Desk();
const jobs = new Map<number, Job<never>>();
const send = (message: Message, transfer: Transferable[] = []) => postMessage(message, { transfer });

type Handler = (args: never, job: Job<never>) => Promise<unknown> | unknown;

async function answer(id: number, name: Call, args: Parameters<Calls[Call]>[0]): Promise<void> {
  const job = new Job<never>((told) => send({ id, told }));
  jobs.set(id, job);
  try {
    await init(wasm); // fetches and compiles the first time
    const handler = desk.handlers[name] as unknown as Handler;
    const result = await handler(args as never, job);
    if (!job.cancelled) send({ id, result });
  } catch (error) {
    if (error instanceof GivenUp || job.cancelled) return;
    // The package's own errors quote no event. Of others only the kind is told: their texts could.
    if (isFault(error)) send({ id, error: "fault", reason: error.code });
    else if (error instanceof LogweirError || error instanceof NoTail)
      send({ id, error: "refused", reason: error.message });
    else if (error instanceof Gone) send({ id, error: "gone", reason: "gone" });
    else if (error instanceof TooLargePacked) send({ id, error: "refused", reason: "packed" });
    else send({ id, error: "refused", reason: error instanceof Error ? error.name : "Error" });
  } finally {
    jobs.delete(id);
  }
}

/** Of the core, or of what was to be the core: another try may have it. After any other error the core is as it was. */
const isFault = (error: unknown): error is LogweirError =>
  error instanceof FaultError || (error instanceof LogweirError && error.code === "W912");

addEventListener("message", ({ data }: MessageEvent<Asked>) => {
  if ("cancel" in data) {
    jobs.get(data.cancel)?.cancel();
  } else void answer(data.id, data.name, data.args as never);
});

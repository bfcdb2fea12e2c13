// The Web Worker: the package works here, away from the page's own thread.
import wasm from "logweir/core.wasm?url";
import type { Processed, Weir } from "logweir/slim";
import { compile, init, PolicyError } from "logweir/slim";
import { placeFinder } from "../base/text.js";
import { type Reply, type Request, type RouteOutput, WITHHELD_SHOWN, type Withheld } from "./protocol.js";

let compiled: { policy: string; weir: Weir } | undefined;

function weirFor(policy: string): Weir {
  if (compiled?.policy === policy) return compiled.weir;
  const weir = compile(policy);
  compiled?.weir.free();
  compiled = { policy, weir };
  return weir;
}

/** What came out for a route: nothing, one batch, or the bodies of several requests, each with a line break behind it. */
function collect(name: string, batches: Processed["batches"]): RouteOutput {
  const own = batches.filter(({ route }) => route === name);
  const body = new Uint8Array(own.reduce((length, batch) => length + batch.body.length + 1, 0));
  let at = 0;
  for (const batch of own) {
    body.set(batch.body, at);
    at += batch.body.length;
    if (batch.request && at < body.length) body[at++] = 10;
  }
  return {
    name,
    contentType: own[0]?.contentType ?? "",
    records: own.reduce((records, batch) => records + batch.records, 0),
    body: body.subarray(0, at),
  };
}

function locate(quarantined: Processed["quarantined"], input: Uint8Array): Withheld[] {
  const place = placeFinder(input);
  return quarantined.slice(0, WITHHELD_SHOWN).map(({ code, record, expected, offset, length, at }) => {
    const from = place(offset);
    return {
      code,
      record,
      expected,
      length,
      from,
      at: place(Math.max(at, offset)),
      to: place(offset + length),
    };
  });
}

async function answer({ policy, events, format }: Request): Promise<Reply> {
  try {
    await init(wasm); // fetches and compiles the first time
    const weir = weirFor(policy);
    const input = new TextEncoder().encode(events);
    const { batches, quarantined, report } = weir.process(input, { format });
    const routes = weir.routes.map((name) => collect(name, batches));
    return { kind: "outcome", routes, withheld: locate(quarantined, input), report, warnings: weir.warnings };
  } catch (error) {
    if (error instanceof PolicyError) return { kind: "problems", problems: error.problems };
    // The package's own errors quote no event; the page ends this worker and starts another.
    return { kind: "fault", text: error instanceof Error ? error.message : "an unknown error" };
  }
}

addEventListener("message", async ({ data }: MessageEvent<Request>) => {
  const reply = await answer(data);
  const bodies = reply.kind === "outcome" ? reply.routes.map((route) => route.body.buffer) : [];
  postMessage(reply, { transfer: bodies });
});

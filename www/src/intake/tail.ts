// The tail of the forwarder that serves this page: Server-Sent Events (WHATWG HTML, section 9.2) with a token, which the
// platform's own EventSource cannot send.

/** The answer is no stream; the reason is its status. */
export class NoTail extends Error {}

/** Who is told how it goes. */
export interface Listening {
  signal: AbortSignal;
  /** From now on nothing is missed. */
  connected: () => void;
  /** So many events were passed over. */
  lost: (events: number) => void;
}

/** What is taken from now on and matches, a line each, exactly as it was sent. */
export async function* tail(
  query: string,
  token: string,
  { signal, connected, lost }: Listening,
): AsyncGenerator<Uint8Array> {
  const url = `/tail?q=${encodeURIComponent(query)}`;
  const answer = await fetch(url, {
    headers: { authorization: `Bearer ${token}` },
    signal,
    cache: "no-store",
  });
  if (!answer.ok || !answer.body) throw new NoTail(`HTTP ${answer.status}`);
  if (!answer.headers.get("content-type")?.startsWith("text/event-stream")) throw new NoTail("no tail");
  connected();
  const encoder = new TextEncoder();
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      waiting += value;
      const blocks = waiting.split(/\r?\n\r?\n/);
      waiting = blocks.pop() ?? "";
      let lines = "";
      for (const block of blocks) {
        const { kind, data } = said(block);
        if (kind === "lost") lost(Number((JSON.parse(data) as { events?: unknown }).events) || 0);
        else if (data !== "") lines += `${eventIn(data)}\n`;
      }
      if (lines !== "") yield encoder.encode(lines);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function said(block: string): { kind: string; data: string } {
  const lines = block.split(/\r?\n/);
  const of = (name: string) =>
    lines
      .filter((line) => line.startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).replace(/^ /, ""));
  return { kind: of("event")[0] ?? "", data: of("data").join("\n") };
}

/** The event in its wrapper, as it was written: to parse it and write it anew would change its numbers. */
function eventIn(data: string): string {
  const member = ',"event":';
  const at = data.indexOf(member); // within a string its quotes would be escaped
  return at < 0 ? data : data.slice(at + member.length, data.lastIndexOf("}"));
}

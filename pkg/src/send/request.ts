// How a batch goes over the wire.

/** All that may be on its way when a page goes: what browsers allow `keepalive` requests together (Fetch, "inflight keepalive bytes"). */
export const INFLIGHT = 65_536;

/** A request's body: two of them may be on their way. */
export const BODY = 30_000;

export const TYPE = "application/x-ndjson";

export const hasKeepalive = typeof Request === "function" && "keepalive" in Request.prototype;

export function request(
  id: string,
  body: Uint8Array<ArrayBuffer>,
  token: string | undefined,
  /** Whether it goes on when the page has gone. */
  keepalive: boolean,
  signal: AbortSignal,
): RequestInit {
  return {
    method: "POST",
    headers: {
      "content-type": TYPE,
      "x-logweir-batch": id,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body,
    keepalive,
    redirect: "error", // to nobody else
    credentials: "omit",
    cache: "no-store",
    referrerPolicy: "no-referrer",
    signal,
  };
}

/** An answer whose body nobody wants. */
export async function settled(answer: Promise<Response>): Promise<Response> {
  const found = await answer;
  await found.body?.cancel();
  return found;
}

/** A beacon has no headers. The browser says whether it will send it, and nobody whether it arrived. */
export function beacon(
  to: URL,
  id: string,
  body: Uint8Array<ArrayBuffer>,
  token: string | undefined,
): boolean {
  const url = new URL(to);
  url.searchParams.set("batch", id);
  if (token !== undefined) url.searchParams.set("token", token);
  return globalThis.navigator?.sendBeacon?.(url, new Blob([body], { type: TYPE })) ?? false;
}

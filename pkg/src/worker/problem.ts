// What the forwarder answers where it takes nothing: problem documents (RFC 9457) of fixed texts.
import { manual } from "../problem.js";

/** By code: the status and the title. None tells anything of the policy, of a secret or of an event. */
const KINDS = {
  W921: [401, "Not let in"],
  W922: [404, "Nothing here"],
  W923: [405, "Not this method"],
  W924: [413, "Too large"],
  W925: [415, "Not this content type or encoding"],
  W926: [400, "The body cannot be read"],
  W927: [503, "Not set up"],
  W928: [503, "Not taken: send it again"],
  W929: [404, "No such tenant"],
  W930: [429, "Too much at once"],
  W931: [400, "The request makes no sense"],
} as const;

/** The code of an answer that refuses. */
export type RefusalCode = keyof typeof KINDS;

/** Seconds after which a sender may try again, by code. */
const AGAIN: Partial<Record<RefusalCode, string>> = { W927: "60", W928: "5", W930: "60" };

/** Ends a request with the answer of its code. */
export class Refusal extends Error {
  /** The code. */
  readonly code: RefusalCode;
  /** Seconds after which it may be tried again, where that is known. */
  readonly after: number | undefined;

  constructor(code: RefusalCode, after?: number) {
    super(KINDS[code][1]);
    this.code = code;
    this.after = after;
  }
}

/** The answer of a code. */
export function refusal(code: RefusalCode, after?: number): Response {
  const [status, title] = KINDS[code];
  const headers = new Headers({ "content-type": "application/problem+json", "cache-control": "no-store" });
  if (code === "W921") headers.set("www-authenticate", "Bearer");
  const again = after ?? AGAIN[code];
  if (again) headers.set("retry-after", String(again));
  return new Response(JSON.stringify({ type: manual(code), title, status, code }), { status, headers });
}

/** An answer in JSON. */
export function json(value: unknown, status = 200): Response {
  const headers = { "content-type": "application/json", "cache-control": "no-store" };
  return new Response(JSON.stringify(value), { status, headers });
}

// Whether who sends is who the source says.
import { fromBase64 } from "../base64.js";
import type { Bytes } from "../types.js";
import { isAmong } from "./addresses.js";
import { bytesOf, digestOf, isSame, isSigned } from "./crypto.js";
import { type Env, secret } from "./platform.js";
import type { Auth, SourceOptions } from "./sources.js";
import { isToken } from "./token.js";

/** What a proof is held against. */
export interface Asked {
  readonly request: Request;
  readonly env: Env;
  readonly source: string;
  readonly tenant: string | undefined;
  readonly now: number;
  /** The body as it came, read only where a signature is to be checked; undefined where it was too large for that. */
  readonly body: () => Promise<Bytes | undefined>;
}

/** Who was let in; `signature` is the one that was checked, if the proof was one. */
export interface Admission {
  readonly signature?: string | undefined;
}

/** Tries the ways of a source one after the other; undefined where none holds. */
export async function authenticate(
  { auth = [] }: SourceOptions,
  asked: Asked,
): Promise<Admission | undefined> {
  for (const way of auth) {
    const all = "length" in way ? way : [way];
    // Signatures last: they need the body.
    const ordered = [...all].sort((a, b) => Number("hmac" in a) - Number("hmac" in b));
    let admission: Admission | undefined = ordered.length > 0 ? {} : undefined;
    for (const each of ordered) {
      const held: Admission | undefined = admission && (await holds(each, asked));
      admission = held && { ...admission, ...held };
    }
    if (admission) return admission;
  }
  return undefined;
}

/** Whether an admin's or a scraper's bearer token is one of these secrets. */
export async function hasToken(request: Request, env: Env, names: readonly string[]): Promise<boolean> {
  const asked = { request, env, source: "", tenant: undefined, now: 0, body: async () => undefined };
  const found = await Promise.all(names.map((bearer) => holds({ bearer }, asked)));
  return found.some((admission) => admission !== undefined);
}

async function holds(auth: Auth, asked: Asked): Promise<Admission | undefined> {
  const { request, env } = asked;
  const authorization = request.headers.get("authorization") ?? "";
  if ("bearer" in auth) return same(bearer(authorization), secret(env, auth.bearer));
  if ("basic" in auth) {
    const [, coded = ""] = /^Basic +(\S+)$/i.exec(authorization) ?? [];
    return same(new TextDecoder().decode(fromBase64(coded) ?? bytesOf("")), secret(env, auth.basic));
  }
  if ("secret" in auth) return same(request.headers.get(auth.header) ?? "", secret(env, auth.secret));
  if ("hmac" in auth) return signed(auth, asked);
  if ("token" in auth) {
    const key = secret(env, auth.token);
    // A beacon has no headers (`logweir/send`).
    const given = bearer(authorization) || (new URL(request.url).searchParams.get("token") ?? "");
    return key !== undefined && (await isToken(given, key, asked)) ? {} : undefined;
  }
  if ("addresses" in auth) {
    return isAmong(request.headers.get("cf-connecting-ip") ?? "", auth.addresses) ? {} : undefined;
  }
  return certified(request, auth.certificates) ? {} : undefined;
}

const bearer = (authorization: string) => /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? "";

/** A missing secret is compared all the same: the answer takes as long. */
async function same(given: string, expected: string | undefined): Promise<Admission | undefined> {
  const equal = await isSame(given, expected ?? "");
  return equal && expected !== undefined ? {} : undefined;
}

async function signed(
  { hmac, header, prefix = "" }: Extract<Auth, { hmac: string }>,
  { request, env, body }: Asked,
): Promise<Admission | undefined> {
  const text = request.headers.get(header) ?? "";
  const signature = text.startsWith(prefix) ? digestOf(text.slice(prefix.length)) : undefined;
  const key = secret(env, hmac);
  if (signature === undefined || key === undefined) return undefined;
  const bytes = await body();
  if (bytes === undefined) return undefined;
  return (await isSigned(key, signature, bytes)) ? { signature: [...signature].join() } : undefined;
}

/** As Workers tell it: `request.cf.tlsClientAuth` (Cloudflare, "mTLS"). */
function certified(request: Request, fingerprints: readonly string[]): boolean {
  const { cf } = request as {
    cf?: { tlsClientAuth?: { certVerified?: string; certFingerprintSHA256?: string } };
  };
  const { certVerified, certFingerprintSHA256: given = "" } = cf?.tlsClientAuth ?? {};
  const plain = (text: string) => text.replaceAll(":", "").toLowerCase();
  return certVerified === "SUCCESS" && fingerprints.some((known) => plain(known) === plain(given));
}

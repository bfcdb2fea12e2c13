// Whether who sends is who the source says.
import { fromBase64 } from "../base64.js";
import type { Bytes } from "../types.js";
import { isAmong } from "./addresses.js";
import { bytesOf, digestOf, isSame, isSigned } from "./crypto.js";
import type { Auth, SourceOptions } from "./sources.js";
import { isToken } from "./token.js";

/** What a proof is held against. */
export interface Asked {
  readonly request: Request;
  /** A secret by its binding; asked for only where the request brings what could be held against it. */
  readonly secret: (name: string) => Promise<string | undefined>;
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
    const ordered = [...all].sort((a, b) => costOf(a) - costOf(b));
    let admission: Admission | undefined = ordered.length > 0 ? {} : undefined;
    for (const each of ordered) {
      const held: Admission | undefined = admission && (await holds(each, asked));
      admission = held && { ...admission, ...held };
    }
    if (admission) return admission;
  }
  return undefined;
}

/** What needs no secret comes first; signatures last, as they need the body. */
const costOf = (auth: Auth) => ("hmac" in auth ? 2 : "addresses" in auth || "certificates" in auth ? 0 : 1);

/** Whether an admin's or a scraper's bearer token is one of these secrets. */
export async function hasToken(
  request: Request,
  secret: Asked["secret"],
  names: readonly string[],
): Promise<boolean> {
  const asked: Asked = {
    request,
    secret,
    source: "",
    tenant: undefined,
    now: 0,
    body: async () => undefined,
  };
  const found = await Promise.all(names.map((bearer) => holds({ bearer }, asked)));
  return found.some((admission) => admission !== undefined);
}

async function holds(auth: Auth, asked: Asked): Promise<Admission | undefined> {
  const { request } = asked;
  const authorization = request.headers.get("authorization") ?? "";
  if ("bearer" in auth) return same(bearer(authorization), auth.bearer, asked);
  if ("basic" in auth) {
    const [, coded = ""] = /^Basic +(\S+)$/i.exec(authorization) ?? [];
    return same(new TextDecoder().decode(fromBase64(coded) ?? bytesOf("")), auth.basic, asked);
  }
  if ("secret" in auth) return same(request.headers.get(auth.header) ?? "", auth.secret, asked);
  if ("hmac" in auth) return signed(auth, asked);
  if ("token" in auth) {
    // A beacon has no headers (`logweir/send`).
    const given = bearer(authorization) || (new URL(request.url).searchParams.get("token") ?? "");
    return (await isToken(given, () => asked.secret(auth.token), asked)) ? {} : undefined;
  }
  if ("addresses" in auth) {
    return isAmong(request.headers.get("cf-connecting-ip") ?? "", auth.addresses) ? {} : undefined;
  }
  return certified(request, auth.certificates) ? {} : undefined;
}

const bearer = (authorization: string) => /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? "";

/** A missing secret is compared all the same: the answer takes as long. No secret is empty. */
async function same(given: string, name: string, asked: Asked): Promise<Admission | undefined> {
  if (given === "") return undefined;
  const expected = await asked.secret(name);
  const equal = await isSame(given, expected ?? "");
  return equal && expected !== undefined ? {} : undefined;
}

async function signed(
  { hmac, header, prefix = "" }: Extract<Auth, { hmac: string }>,
  { request, secret, body }: Asked,
): Promise<Admission | undefined> {
  const text = request.headers.get(header) ?? "";
  const signature = text.startsWith(prefix) ? digestOf(text.slice(prefix.length)) : undefined;
  const key = signature && (await secret(hmac));
  if (signature === undefined || key === undefined) return undefined;
  const bytes = await body();
  if (bytes === undefined) return undefined;
  return (await isSigned(key, signature, bytes)) ? { signature: [...signature].join() } : undefined;
}

/** As Workers tell it: `request.cf.tlsClientAuth` (Cloudflare, "mTLS"). */
function certified(request: Request, fingerprints: readonly string[]): boolean {
  const { cf } = request as {
    cf?: { tlsClientAuth?: { certVerified?: string; certRevoked?: string; certFingerprintSHA256?: string } };
  };
  const { certVerified, certRevoked = "0", certFingerprintSHA256: given = "" } = cf?.tlsClientAuth ?? {};
  const plain = (text: string) => text.replaceAll(":", "").toLowerCase();
  // One that was revoked counts as verified all the same.
  return (
    certVerified === "SUCCESS" &&
    certRevoked === "0" &&
    fingerprints.some((known) => plain(known) === plain(given))
  );
}

// Originals that only the holder of a private key can read: JSON Web Encryption (RFC 7516), compact, ECDH-ES with A256GCM.
import { fromBase64, toBase64Url } from "./base64.js";
import type { Bytes } from "./types.js";

/** A key on the curve P-256 as a JSON Web Key (RFC 7518, section 6.2); the private one has `d`. */
export interface Jwk {
  /** The kind of key. */
  readonly kty: "EC";
  /** The curve. */
  readonly crv: "P-256";
  /** A coordinate, 32 bytes in Base64 for URLs. */
  readonly x: string;
  /** The other one. */
  readonly y: string;
  /** What is private. */
  readonly d?: string;
  /** Its name; the thumbprint of RFC 7638 where there is none. */
  readonly kid?: string;
}

const CURVE = { name: "ECDH", namedCurve: "P-256" } as const;
const utf8 = new TextEncoder();
const coded = (value: unknown) => toBase64Url(utf8.encode(JSON.stringify(value)));

/** The public key that a text holds; undefined where it holds none, or a private one, which is not to lie around. */
export function publicKey(text: string): Jwk | undefined {
  const [key, ...more] = keysOf(text);
  return key && more.length === 0 && key.d === undefined ? key : undefined;
}

/** The private keys that a text holds: one, or several as a set (`{"keys":[…]}`), as after a change of keys. */
export const privateKeys = (text: string): Jwk[] => keysOf(text).filter(({ d }) => d !== undefined);

function keysOf(text: string): Jwk[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  const { keys } = (value ?? {}) as { keys?: unknown };
  return (Array.isArray(keys) ? keys : [value]).filter(isKey);
}

function isKey(value: unknown): value is Jwk {
  const { kty, crv, x, y, d = "", kid = "" } = (value ?? {}) as Record<string, unknown>;
  const isPart = (part: unknown) => typeof part === "string" && /^[A-Za-z0-9_-]{43}$/.test(part);
  const isWhole = isPart(x) && isPart(y) && (d === "" || isPart(d)) && typeof kid === "string";
  return kty === "EC" && crv === "P-256" && isWhole;
}

/** A pair of keys. */
export interface KeyPair {
  /** For the forwarder, as `ORIGINALS_KEY`. */
  readonly public: Jwk;
  /** For whoever may read originals. */
  readonly private: Jwk;
}

/** Makes a pair of keys for originals, named by its thumbprint. */
export async function createKeys(): Promise<KeyPair> {
  const pair = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
  const { x, y, d } = (await crypto.subtle.exportKey("jwk", pair.privateKey)) as Jwk;
  const plain: Jwk = { kty: "EC", crv: "P-256", x, y };
  const named: Jwk = { ...plain, kid: await nameOf(plain) };
  return { public: named, private: { ...named, d: d as string } };
}

/** A key's name. */
export async function nameOf({ kid, crv, kty, x, y }: Jwk): Promise<string> {
  if (kid !== undefined) return kid;
  const hash = await crypto.subtle.digest("SHA-256", utf8.encode(JSON.stringify({ crv, kty, x, y })));
  return toBase64Url(new Uint8Array(hash));
}

/** Seals bytes for the holder of the private key. A key pair of its own for each call, so none is ever used twice. */
export async function seal(to: Jwk, plain: Bytes): Promise<string> {
  const own = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
  const { x, y } = (await crypto.subtle.exportKey("jwk", own.publicKey)) as Jwk;
  const header = coded({
    alg: "ECDH-ES",
    enc: "A256GCM",
    kid: await nameOf(to),
    epk: { kty: "EC", crv: "P-256", x, y },
  });
  const key = await agreed(own.privateKey, to, "encrypt");
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const additionalData = utf8.encode(header) as Bytes;
  const sealed = new Uint8Array(
    await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, plain),
  );
  const [text, tag] = [sealed.subarray(0, -16), sealed.subarray(-16)];
  return [header, "", toBase64Url(iv), toBase64Url(text), toBase64Url(tag)].join(".");
}

/** What was sealed; undefined where none of the keys opens it, or it was changed. */
export async function open(keys: readonly Jwk[], sealed: string): Promise<Bytes | undefined> {
  const [header = "", wrapped, ...parts] = sealed.trim().split(".");
  const [iv, text, tag] = parts.map(fromBase64);
  if (wrapped !== "" || parts.length !== 3 || !iv || !text || !tag) return undefined;
  try {
    const { alg, enc, kid, epk, crit } = JSON.parse(new TextDecoder().decode(fromBase64(header)));
    if (alg !== "ECDH-ES" || enc !== "A256GCM" || crit !== undefined || !isKey(epk)) return undefined;
    for (const own of keys) {
      if ((await nameOf(own)) !== kid) continue;
      const { kid: _, ...plain } = own;
      const privateKey = await crypto.subtle.importKey("jwk", plain, CURVE, false, ["deriveBits"]);
      const key = await agreed(privateKey, epk, "decrypt");
      const both = new Uint8Array(text.length + tag.length);
      both.set(text);
      both.set(tag, text.length);
      const how = { name: "AES-GCM", iv, additionalData: utf8.encode(header) as Bytes };
      return new Uint8Array(await crypto.subtle.decrypt(how, key, both));
    }
  } catch {
    // Another key, or other bytes: nobody is told which.
  }
  return undefined;
}

/** The key that both sides come to: one round of the Concat KDF (RFC 7518, section 4.6.2). */
async function agreed(
  own: CryptoKey,
  { kty, crv, x, y }: Jwk,
  use: "encrypt" | "decrypt",
): Promise<CryptoKey> {
  const other = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, CURVE, false, []);
  const secret = new Uint8Array(await crypto.subtle.deriveBits({ name: "ECDH", public: other }, own, 256));
  const algorithm = utf8.encode("A256GCM");
  const given = new Uint8Array(4 + secret.length + 4 + algorithm.length + 4 + 4 + 4);
  const view = new DataView(given.buffer);
  view.setUint32(0, 1); // the round
  given.set(secret, 4);
  view.setUint32(4 + secret.length, algorithm.length);
  given.set(algorithm, 8 + secret.length); // both parties' names are empty
  view.setUint32(given.length - 4, 256);
  const key = await crypto.subtle.digest("SHA-256", given);
  return crypto.subtle.importKey("raw", key, "AES-GCM", false, [use]);
}

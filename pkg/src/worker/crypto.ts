// Digests, signatures and comparisons that take the same time whatever they find.
import { fromBase64 } from "../base64.js";
import type { Bytes } from "../types.js";

const utf8 = new TextEncoder();

/** UTF-8. */
export const bytesOf = (text: string): Bytes => utf8.encode(text) as Bytes;

/** A SHA-256 in hexadecimal. */
export async function sha256(...parts: readonly (Bytes | string)[]): Promise<string> {
  const pieces = parts.map((part) => (typeof part === "string" ? bytesOf(part) : part));
  const all = pieces.length === 1 ? (pieces[0] as Bytes) : concat(pieces);
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", all)));
}

/** Pieces one behind the other. */
export function concat(pieces: readonly Uint8Array[]): Bytes {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/**
 * Whether two texts are the same. Their digests are compared, over their whole length: how long it takes tells neither
 * how much of a guess was right nor how long the secret is.
 */
export async function isSame(given: string, expected: string): Promise<boolean> {
  const [a, b] = await Promise.all(
    [given, expected].map((text) => crypto.subtle.digest("SHA-256", bytesOf(text))),
  );
  const [left, right] = [new Uint8Array(a as ArrayBuffer), new Uint8Array(b as ArrayBuffer)];
  let differing = 0;
  for (let at = 0; at < left.length; at++) differing |= (left[at] as number) ^ (right[at] as number);
  return differing === 0;
}

const key = (text: string, use: "sign" | "verify") =>
  crypto.subtle.importKey("raw", bytesOf(text), { name: "HMAC", hash: "SHA-256" }, false, [use]);

/** HMAC-SHA-256. */
export async function hmac(secret: string, body: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign("HMAC", await key(secret, "sign"), body));
}

/** Whether a signature is the HMAC-SHA-256 of a body; compared by the platform, in constant time. */
export async function isSigned(secret: string, signature: Bytes, body: Bytes): Promise<boolean> {
  return crypto.subtle.verify("HMAC", await key(secret, "verify"), signature, body);
}

/** Hexadecimal digits. */
export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** A SHA-256's bytes, from hexadecimal digits or from Base64 of either alphabet; undefined where it is neither. */
export function digestOf(text: string): Bytes | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) {
    return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  }
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return undefined;
  return fromBase64(text);
}

/** Bytes as they would come in pieces. */
export async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}

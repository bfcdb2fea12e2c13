// Base64 of both alphabets (RFC 4648), where not every engine has it of its own.
import type { Bytes } from "./types.js";

/** As many bytes are made text at once: a call takes only so many arguments. */
const AT_ONCE = 0x6000;

/** Bytes as Base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += AT_ONCE) {
    parts.push(btoa(String.fromCharCode(...bytes.subarray(at, at + AT_ONCE)))); // a multiple of three: no padding within
  }
  return parts.join("");
}

/** Bytes as Base64 for URLs, without padding (RFC 4648, section 5). */
export const toBase64Url = (bytes: Uint8Array): string =>
  toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** Bytes from Base64 of either alphabet; undefined where it is none. */
export function fromBase64(text: string): Bytes | undefined {
  let plain: string;
  try {
    plain = atob(text.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, ""));
  } catch {
    return undefined;
  }
  const bytes = new Uint8Array(plain.length);
  for (let at = 0; at < plain.length; at++) bytes[at] = plain.charCodeAt(at);
  return bytes;
}

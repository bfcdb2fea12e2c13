// Tokens that a page may have: for one source, for a while.
import { fromBase64, toBase64Url } from "../base64.js";
import { UsageError } from "../errors.js";
import { checkOptions } from "../options.js";
import type { Bytes } from "../types.js";
import { bytesOf, digestOf, hmac, isSigned } from "./crypto.js";

/** What a token of `createToken()` is good for. */
export interface TokenOptions {
  /** The secret that the forwarder has as the binding of its source, `SEND_KEY` for `send`: at least 32 characters. */
  readonly key: string;
  /** The source that it lets in, such as `send`. */
  readonly source: string;
  /** The tenant for whom it lets in, where the forwarder has tenants; only there, and nowhere else. */
  readonly tenant?: string | undefined;
  /** When it ends: milliseconds since 1970, or a `Date`. */
  readonly expires: number | Date;
}

/**
 * Makes a token for `createSender()`, on the server that knows who is signed in: `v1.CLAIMS.SIGNATURE`, the claims being
 * the source, the tenant and the end, the signature their HMAC-SHA-256.
 *
 * @throws {UsageError} `W904` where the key is too short, the source is none or the end no time
 */
export async function createToken(options: TokenOptions): Promise<string> {
  checkOptions(options, { key: "checked", source: "checked", tenant: "checked", expires: "checked" });
  const { key, source, tenant, expires } = options ?? {};
  if (typeof source !== "string") throw new UsageError("W904", "source: expected the name of a source");
  if (typeof key !== "string" || key.length < 32) {
    throw new UsageError("W904", "key: expected at least 32 characters");
  }
  const end = Number(expires);
  if (!Number.isFinite(end)) throw new UsageError("W904", "expires: expected a time");
  const claims = toBase64Url(bytesOf(JSON.stringify({ source, tenant, expires: end })));
  return `v1.${claims}.${toBase64Url(await hmac(key, bytesOf(`v1.${claims}`)))}`;
}

/** Whether a token was made with the key, for that source and tenant, and has not ended. What it claims is looked at first. */
export async function isToken(
  token: string,
  keyOf: () => Promise<string | undefined>,
  {
    source,
    tenant,
    now,
  }: { readonly source: string; readonly tenant: string | undefined; readonly now: number },
): Promise<boolean> {
  const [version = "", claims = "", signature = "", ...more] = token.split(".");
  const signed = digestOf(signature);
  if (version !== "v1" || more.length > 0 || signed === undefined) return false;
  const said = read(fromBase64(claims));
  const isHere = said?.source === source && said.tenant === tenant;
  if (!isHere || typeof said.expires !== "number" || now >= said.expires) return false;
  const key = await keyOf();
  if (key === undefined || key.length < 32) return false;
  return isSigned(key, signed, bytesOf(`v1.${claims}`));
}

function read(
  bytes: Bytes | undefined,
): { source?: unknown; tenant?: unknown; expires?: unknown } | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

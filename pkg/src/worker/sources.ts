// Who may send, and how they prove it. The ready-made sources, and those of a forwarder's own.
import { checkAddresses } from "./addresses.js";

/** A way to prove who sends; the secret is named by its binding. Where the binding is missing, nobody gets in. */
export type Auth =
  | {
      /** `Authorization: Bearer`, then this secret. */
      readonly bearer: string;
    }
  | {
      /** `Authorization: Basic` (RFC 7617); the secret is `user:password`. */
      readonly basic: string;
    }
  | {
      /** This header holds the secret. */
      readonly header: string;
      /** The secret. */
      readonly secret: string;
    }
  | {
      /** The secret of an HMAC-SHA-256 over the body as it came, in hexadecimal or Base64. */
      readonly hmac: string;
      /** The header that holds it. */
      readonly header: string;
      /** What stands before it there, such as `v1=`. */
      readonly prefix?: string | undefined;
    }
  | {
      /** The secret that tokens of `createToken()` are made with; taken from the address, too, as `token`. */
      readonly token: string;
    }
  | {
      /** The addresses and networks (`192.0.2.0/24`, `2001:db8::/32`) that it may come from (`CF-Connecting-IP`). */
      readonly addresses: readonly string[];
    }
  | {
      /** A client certificate that the platform has verified (mutual TLS), with one of these SHA-256 fingerprints. */
      readonly certificates: readonly string[];
    };

/** What a source is. */
export interface SourceOptions {
  /**
   * Ways to get in, of which one must hold; of a list within it, all. Of a ready-made source its own by default; with none,
   * nobody gets in.
   */
  readonly auth?: readonly (Auth | readonly Auth[])[] | undefined;
  /** The pages that may send from a browser (CORS): origins, or `*`. None by default. */
  readonly origins?: readonly string[] | undefined;
  /**
   * The header in which the sender names the request, the same name for every try: what was taken under it is not taken
   * again. `X-Logweir-Batch` and `Idempotency-Key` always do; a signature that was checked is such a name by itself.
   */
  readonly id?: string | undefined;
  /** The event types that are to come from it, such as `workato.job`; the policy has `accept`, or they are not told apart. */
  readonly expects?: readonly string[] | undefined;
  /** After so many seconds without an event, of each expected type, an alert goes through the routes. Never by default. */
  readonly silence?: number | undefined;
}

/** The ready-made sources. */
export const READY: Readonly<Record<string, SourceOptions>> = {
  // Its log streaming comes from two addresses (Tray's manual, "Log streaming").
  tray: { auth: [[{ bearer: "TRAY_TOKEN" }, { addresses: ["52.8.7.130", "18.144.153.142"] }]] },
  workato: { auth: [{ bearer: "WORKATO_TOKEN" }] },
  // ActionKit's triggers are signed; event destinations have a header of the customer's.
  paragon: {
    auth: [
      { hmac: "PARAGON_SIGNING_SECRET", header: "x-paragon-signature", prefix: "v1=" },
      { bearer: "PARAGON_TOKEN" },
    ],
  },
  send: { auth: [{ token: "SEND_KEY" }], origins: ["*"] },
};

/**
 * All sources of a forwarder by name.
 *
 * @throws {UsageError} `W904` for what is no address or network
 */
export function sourcesOf(own: Readonly<Record<string, SourceOptions>> = {}): Map<string, SourceOptions> {
  const names = [...new Set([...Object.keys(READY), ...Object.keys(own)])];
  const sources = names.map((name) => {
    const ready = Object.hasOwn(READY, name) ? READY[name] : undefined;
    const given = Object.hasOwn(own, name) ? own[name] : undefined;
    return [name, { ...ready, ...given }] as const;
  });
  for (const auth of sources.flatMap(([, { auth = [] }]) => auth.flat())) {
    if ("addresses" in auth) checkAddresses(auth.addresses);
  }
  return new Map(sources);
}

// Who may send, and how they prove it. The ready-made sources, and those of a forwarder's own.

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
      /** The addresses that it may come from, as Cloudflare tells them (`CF-Connecting-IP`). */
      readonly addresses: readonly string[];
    }
  | {
      /** A client certificate that the platform has verified (mutual TLS), with one of these SHA-256 fingerprints. */
      readonly certificates: readonly string[];
    };

/** What a source is. */
export interface SourceOptions {
  /** Ways to get in, of which one must hold; of a list within it, all. */
  readonly auth: readonly (Auth | readonly Auth[])[];
  /** The pages that may send from a browser (CORS): origins, or `*`. None by default. */
  readonly origins?: readonly string[] | undefined;
  /**
   * The header in which the sender names the request, the same name for every try: what was taken under it is not taken
   * again. `X-Logweir-Batch` and `Idempotency-Key` always do; a signature that was checked is such a name by itself.
   */
  readonly id?: string | undefined;
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

/** All sources of a forwarder by name. */
export const sourcesOf = (own: Readonly<Record<string, SourceOptions>> = {}): Map<string, SourceOptions> =>
  new Map(Object.entries({ ...READY, ...own }));

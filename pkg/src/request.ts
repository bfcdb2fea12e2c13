// From a batch to the request that takes it to its receiver.
import type { RouteLayout } from "./border.js";
import { UsageError } from "./errors.js";
import { checkOptions, isObject } from "./options.js";
import type { Batch, BatchRequest, Bytes } from "./types.js";

/** What `fetch()` takes: `fetch(url, { method, headers, body })`. */
export interface Prepared {
  /** The method. */
  readonly method: "POST" | "PUT";
  /** The whole address, secrets filled in. */
  readonly url: string;
  /** The headers, secrets filled in. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes to send, compressed where the policy says so. */
  readonly body: Bytes;
}

/** What goes into a request only when it is sent. */
export interface PrepareOptions {
  /** The secrets by their names, such as `DD_API_KEY`. */
  readonly secrets?: Readonly<Record<string, string>> | undefined;
}

/** A slot for a secret. */
const SLOT = /\$\{([A-Za-z_][A-Za-z0-9_.-]*)\}/g;

/**
 * The request that takes a batch to its destination: secrets filled in, the body compressed where the policy says so.
 * Where `batch.request.sign` asks for a signature (S3), the result is to be signed before it is sent, with `aws4fetch`
 * for one.
 *
 * @throws {UsageError} `W908` where the batch has no destination, a secret is missing, or one cannot stand in a header;
 *   `W904` where there is no batch, or an option that there is not
 */
export async function prepare(batch: Batch, options: PrepareOptions = {}): Promise<Prepared> {
  checkOptions(options, { secrets: "checked" }); // the bindings of a Worker are no plain object
  if (!isObject(batch)) throw new UsageError("W904", "batch: expected one that a policy gave");
  const { secrets = {} } = options;
  const { request } = batch;
  if (request === undefined) throw new UsageError("W908", `${batch.route}: the route has no destination`);
  const fill = (text: string) =>
    text.replace(SLOT, (_, name: string) => {
      const secret = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
      if (typeof secret !== "string" || !/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(secret)) {
        throw new UsageError("W908", `${name}: expected this secret, in printable ASCII`);
      }
      return secret;
    });
  const headers = Object.entries(request.headers).map(([name, value]) => [name, fill(value)]);
  return {
    method: request.method,
    url: fill(request.url),
    headers: Object.fromEntries(headers),
    body: request.gzip ? await gzip(batch.body) : batch.body,
  };
}

async function gzip(body: Bytes): Promise<Bytes> {
  const packed = new Blob([body]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

const requests = new WeakMap<RouteLayout, BatchRequest>();

/** The request of a route to a destination, for a batch of that key. */
export function requestOf(route: RouteLayout, key: string): BatchRequest {
  let made = requests.get(route);
  if (!made) {
    const { method, url, headers, gzip, sign } = route.request as NonNullable<RouteLayout["request"]>;
    const signed = sign && { sign: Object.freeze({ service: sign[0], region: sign[1] }) };
    made = Object.freeze({
      method,
      url,
      headers: Object.freeze(Object.fromEntries(headers)),
      gzip,
      ...signed,
    });
    requests.set(route, made);
  }
  if (!made.url.includes("${key}")) return made;
  const path = key.split("/").map(encodeURIComponent).join("/");
  return Object.freeze({ ...made, url: made.url.replace("${key}", () => path) });
}

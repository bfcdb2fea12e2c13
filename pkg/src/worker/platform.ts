// What the forwarder needs of Cloudflare's bindings, and no more: the platform's own types fit these.
import type { Bytes } from "../types.js";

/** The bindings of a Worker by their names: secrets (texts), queues, the bucket and the ledger. */
export type Env = object;

/** A queue's sending side (Cloudflare Queues). */
export interface QueueBinding {
  /** Sends messages: at most 100, of 128 KB each and 256 KB together. */
  sendBatch(
    messages: Iterable<{ readonly body: unknown; readonly contentType?: "v8" }>,
    options?: { readonly delaySeconds?: number },
  ): Promise<unknown>;
}

/** An object of a bucket. */
export interface StoredObject {
  /** Reads it whole. */
  arrayBuffer(): Promise<ArrayBuffer>;
  /** What was told of it when it was written. */
  readonly customMetadata?: Record<string, string>;
}

/** What a bucket tells of its objects. */
export interface StoredKeys {
  /** In the order of their keys. */
  readonly objects: readonly {
    /** The key. */
    readonly key: string;
    /** In bytes. */
    readonly size: number;
  }[];
  /** Whether there are more. */
  readonly truncated: boolean;
  /** What keys have up to a delimiter, where one was asked for. */
  readonly delimitedPrefixes: readonly string[];
}

/** A bucket (R2). */
export interface BucketBinding {
  /** Writes an object; durable when the promise is fulfilled. */
  put(key: string, value: Bytes | string, options?: object): Promise<unknown>;
  /** Reads an object, or a part of it; null where there is none. */
  get(
    key: string,
    options?: { readonly range: { readonly offset: number; readonly length: number } },
  ): Promise<StoredObject | null>;
  /** Lists objects by their keys, at most 1,000. */
  list(options: {
    readonly prefix: string;
    readonly startAfter?: string;
    readonly delimiter?: string;
    readonly limit?: number;
  }): Promise<StoredKeys>;
  /** Deletes objects, at most 1,000; those that are not there count as deleted. */
  delete(keys: string | string[]): Promise<unknown>;
}

/** A namespace of Durable Objects. */
export interface LedgerBinding {
  /** The id that a name always has. */
  idFromName(name: string): object;
  /** What speaks to the object of an id. */
  get(id: never): LedgerStub;
}

/** What speaks to a Durable Object. */
export interface LedgerStub {
  /** Asks it. */
  fetch(request: Request): Promise<Response>;
}

/** A namespace of texts by key (Workers KV). */
export interface TextsBinding {
  /** Reads a text; null where there is none. What was read within the last `cacheTtl` seconds may come out of a cache. */
  get(key: string, options?: { readonly cacheTtl?: number }): Promise<string | null>;
  /** Keys in their order, a page of them. */
  list(options: { readonly prefix: string; readonly cursor?: string }): Promise<{
    /** The page. */
    readonly keys: readonly {
      /** The key. */
      readonly name: string;
    }[];
    /** Where the next begins, if there is one. */
    readonly cursor?: string;
  }>;
}

/** What a Worker may do after it has answered. */
export interface Context {
  /** Keeps the Worker until the work has ended, for 30 seconds at most. */
  waitUntil(work: Promise<unknown>): void;
}

/** A message of a queue, as its consumer gets it. */
export interface QueueMessage {
  /** What was sent. */
  readonly body: unknown;
  /** How often it has been handed out, this time included. */
  readonly attempts: number;
  /** When it was sent. */
  readonly timestamp: Date;
  /** Done: it will not come again. */
  ack(): void;
  /** It is to come again, after some seconds (43,200 at most). */
  retry(options?: { readonly delaySeconds?: number }): void;
}

/** Messages that a queue hands out together. */
export interface QueueMessages {
  /** The queue's name. */
  readonly queue: string;
  /** The messages. */
  readonly messages: readonly QueueMessage[];
}

/** The rows that a statement gave. */
export interface LedgerRows {
  /** All of them, by the names of their columns. */
  toArray(): Record<string, string | number | ArrayBuffer | null>[];
}

/** The database of a Durable Object (SQLite). */
export interface LedgerDatabase {
  /** Runs statements; gives the rows of the last one. */
  exec(query: string, ...values: (string | number | null)[]): LedgerRows;
}

/** A WebSocket at the Durable Object's end, which may sleep while nothing comes (Cloudflare, "WebSocket hibernation"). */
export interface LedgerSocket {
  /** Sends a message. */
  send(message: string): void;
  /** Ends it. */
  close(code?: number, reason?: string): void;
  /** Keeps a value with it, through its sleep. */
  serializeAttachment(value: unknown): void;
  /** Gives that value back. */
  deserializeAttachment(): unknown;
}

/** The state of a Durable Object, of which the ledger uses the database and the sockets of who listens. */
export interface LedgerState {
  /** Accepts a socket that may sleep. */
  acceptWebSocket(socket: never): void;
  /** The sockets that are open. */
  getWebSockets(): readonly LedgerSocket[];
  /** The object's storage. */
  readonly storage: {
    /** Its database. */
    readonly sql: LedgerDatabase;
    /** All or nothing of what the work writes. */
    transactionSync<T>(work: () => T): T;
  };
}

/** The longest that a queue lets a message wait (Cloudflare Queues, limits: 12 hours), in seconds. */
export const LONGEST_DELAY = 43_200;

/** A secret by the name of its binding; undefined where there is none, or an empty one. */
export function secret(env: Env, name: string): string | undefined {
  const value: unknown = Object.hasOwn(env, name) ? (env as Record<string, unknown>)[name] : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A binding that has some method. */
export function binding<T>(env: Env, name: string, method: keyof T & string): T | undefined {
  const value = (env as Record<string, unknown>)[name];
  const has = typeof value === "object" && value !== null && typeof (value as never)[method] === "function";
  return has ? (value as T) : undefined;
}

/** The binding of a route's queue: `QUEUE_SIEM_EU` for `siem-eu`. The routes of tenants, which come and go, share one. */
export const queueName = (route: string, tenant?: string): string =>
  tenant === undefined ? `QUEUE_${route.toUpperCase().replace(/[^A-Z0-9]+/g, "_")}` : "QUEUE_TENANTS";

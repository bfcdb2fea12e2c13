/**
 * A Cloudflare Worker that takes events from the platforms, lets a policy work on them, and brings what it lets out to its
 * destinations: nothing acknowledged is lost, nothing leaves unredacted.
 *
 * ```ts
 * import { forwarder } from "logweir/worker";
 * import policy from "./policy.json";
 * export default forwarder(policy);
 * export { Ledger } from "logweir/worker";
 * ```
 *
 * @module logweir/worker
 */

export { createKeys, type Jwk, type KeyPair } from "../sealed.js";
export type { BodyLimits } from "./body.js";
export { type Forwarder, forwarder } from "./forwarder.js";
export { Ledger } from "./ledger.js";
export type {
  BucketBinding,
  Context,
  Env,
  LedgerBinding,
  LedgerDatabase,
  LedgerRows,
  LedgerSocket,
  LedgerState,
  LedgerStub,
  QueueBinding,
  QueueMessage,
  QueueMessages,
  StoredKeys,
  StoredObject,
  TextsBinding,
} from "./platform.js";
export type { ReplayAnswer, ReplayRequest } from "./replay.js";
export type { ForwarderOptions, Signer } from "./setup.js";
export type { Auth, SourceOptions } from "./sources.js";
export type { TenantOptions } from "./tenants.js";
export { createToken, type TokenOptions } from "./token.js";
export type { SilenceEvent } from "./watch.js";

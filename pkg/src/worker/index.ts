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
export type { BodyLimits } from "./body.js";
export { type Forwarder, forwarder } from "./forwarder.js";
export { Ledger } from "./ledger.js";
export type {
  BucketBinding,
  Env,
  LedgerBinding,
  LedgerDatabase,
  LedgerRows,
  LedgerState,
  LedgerStub,
  QueueBinding,
  QueueMessage,
  QueueMessages,
  StoredObject,
} from "./platform.js";
export type { ForwarderOptions, Signer } from "./setup.js";
export type { Auth, SourceOptions } from "./sources.js";
export { createToken, type TokenOptions } from "./token.js";

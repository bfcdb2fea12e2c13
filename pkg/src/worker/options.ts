// The options of a forwarder, checked when it is made: one that is misspelt would be missing, and nobody would know.
import { checkOptions, type Rules } from "../options.js";
import type { BodyLimits } from "./body.js";
import type { ForwarderOptions } from "./setup.js";
import type { SourceOptions } from "./sources.js";

const options: Rules<ForwarderOptions> = {
  sources: "object",
  keys: "object",
  limits: "object",
  sign: "function",
  originals: "boolean",
  tenants: "object",
  tailOrigins: "checked",
  timeout: { from: 0, to: 2_147_483 }, // what a timer holds, in seconds
  giveUpAfter: { from: 0, to: 336 }, // bodies are deleted after 15 days
  clock: "function",
};

const bytes = { from: 0, to: Number.MAX_SAFE_INTEGER };
const limits: Rules<BodyLimits> = { bodyBytes: bytes, unpackedBytes: bytes, signedBytes: bytes };

const source: Rules<SourceOptions> = {
  auth: "checked",
  origins: "checked",
  id: "checked",
  expects: "checked",
  silence: "checked",
};

/** @throws {UsageError} `W904` for an option that there is not, or that is something else */
export function checkForwarder(given: ForwarderOptions): void {
  checkOptions(given, options);
  checkOptions(given.limits, limits);
  for (const each of Object.values(given.sources ?? {})) checkOptions(each, source);
}

import type { Policy } from "./types.js";

/**
 * Gives a policy back as it is; what it has that no policy may have is told where the program is compiled. The types and
 * `logweir/policy.schema.json` come from one source.
 *
 * @example
 * export default definePolicy({ logweir: 1, redact: [{ class: "email", with: "remove" }] });
 */
export const definePolicy = (policy: Policy): Policy => policy;

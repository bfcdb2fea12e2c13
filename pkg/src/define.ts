import type { Policy, Route } from "./types.js";

/**
 * Gives a policy back as it is; what it has that no policy may have is told where the program is compiled. The types and
 * `logweir/policy.schema.json` come from one source.
 *
 * @param policy as `compile()` takes it; here its list of routes must be seen not to be empty
 * @example
 * export default definePolicy({ logweir: 1, redact: [{ class: "email", with: "remove" }] });
 */
export const definePolicy = (
  policy: Policy & { readonly routes?: readonly [Route, ...(readonly Route[])] },
): Policy => policy;

// Lists of addresses and networks. What lies in a network is the query language's affair (QUERY.md).
import { UsageError } from "../errors.js";
import { Query } from "../query.js";

/** An IPv4 or IPv6 address (RFC 4632, RFC 4291), or a network: as far as a query may hold it, no more. */
const FORM = /^(?=.*[.:])[0-9a-fA-F.:]{2,45}(\/\d{1,3})?$/;

/** The query of each list, made once: a list is held by its source, and lives as long. */
const queries = new WeakMap<readonly string[], Query>();

/** Whether an address is one of a list, or in one of its networks. */
export function isAmong(address: string, list: readonly string[]): boolean {
  if (list.length === 0 || !FORM.test(address) || address.includes("/")) return false;
  const query = queries.get(list) ?? queryOf(list);
  queries.delete(list); // where the core meets a fault, the next has another
  const matches = query.matches(JSON.stringify({ address }));
  queries.set(list, query);
  return matches;
}

/** @throws {UsageError} `W904` for what is no address or network */
export function checkAddresses(list: readonly string[]): void {
  for (const each of list) {
    if (!FORM.test(each)) throw new UsageError("W904", "addresses: expected addresses or networks");
  }
  if (list.length > 0) queryOf(list).free();
}

const queryOf = (list: readonly string[]) =>
  new Query(`address:(${list.map((each) => `"${each}"`).join(" OR ")})`);

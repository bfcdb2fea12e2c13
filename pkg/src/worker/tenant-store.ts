// A tenant's part of the bucket.
import type { BucketBinding } from "./platform.js";

/** What all tenants have in one place, since the bucket's lifecycle rule ends it by its beginning. */
const COMMON = "bodies/";

/** The bucket as a tenant has it: what is its own lies under `tenants/NAME/`. */
export class TenantStore implements BucketBinding {
  readonly #store: BucketBinding;
  readonly #folder: string;

  constructor(store: BucketBinding, tenant: string) {
    this.#store = store;
    this.#folder = `tenants/${encodeURIComponent(tenant)}/`;
  }

  put(...[key, value, options]: Parameters<BucketBinding["put"]>) {
    return this.#store.put(this.#place(key), value, options);
  }

  get(...[key, options]: Parameters<BucketBinding["get"]>) {
    return this.#store.get(this.#place(key), options);
  }

  delete(keys: string | string[]) {
    return this.#store.delete(
      typeof keys === "string" ? this.#place(keys) : keys.map((key) => this.#place(key)),
    );
  }

  async list({ prefix, startAfter, ...more }: Parameters<BucketBinding["list"]>[0]) {
    const after = startAfter === undefined ? {} : { startAfter: this.#place(startAfter) };
    const listed = await this.#store.list({ prefix: this.#place(prefix), ...after, ...more });
    const bare = (key: string) => key.slice(this.#folder.length);
    return {
      objects: listed.objects.map(({ key, size }) => ({ key: bare(key), size })),
      truncated: listed.truncated,
      delimitedPrefixes: listed.delimitedPrefixes.map(bare),
    };
  }

  #place(key: string): string {
    return key.startsWith(COMMON) ? key : this.#folder + key;
  }
}

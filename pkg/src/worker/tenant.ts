// What an isolate knows of one tenant: its secrets, and its policy, which is compiled when somebody who was let in needs it.
import { PolicyError } from "../errors.js";
import type { Env } from "./platform.js";
import { type ForwarderOptions, type Missing, Preparation } from "./setup.js";

/** The secrets of a tenant, as an isolate has read them. */
export interface Secrets {
  /** When: milliseconds since 1970. */
  readonly at: number;
  /** Null where there are none. */
  readonly text: string | null;
  /** Undefined where they are no object of texts. */
  readonly texts: Readonly<Record<string, string>> | undefined;
}

/** What a policy comes to; `missing` where it has mistakes. */
export type Made = { readonly preparation: Preparation } | { readonly missing: Missing };

/** What an isolate knows of a tenant, or of the partner under the empty name. */
export class Tenant {
  /** When it was read: milliseconds since 1970. */
  at = 0;
  readonly policy: string | null;
  readonly secretsText: string | null;
  readonly secrets: Env;
  /** Where its secrets are none. */
  readonly missing: Missing | undefined;
  readonly #options: ForwarderOptions;
  #made: Made | undefined;
  #users = 0;
  #retired = false;

  constructor(
    name: string,
    policy: string | null,
    { text, texts }: Pick<Secrets, "text" | "texts">,
    options: ForwarderOptions,
  ) {
    this.policy = policy;
    this.secretsText = text;
    this.secrets = texts ?? {};
    this.#options = options;
    if (!texts) this.missing = { bindings: [`secrets/${name}: an object of texts`], problems: [] };
  }

  /** Whether the namespace has it. */
  get isKnown(): boolean {
    return this.policy !== null || this.secretsText !== null;
  }

  /** Its policy, compiled when that is asked for first: by then, whoever asks was let in. */
  get made(): Made {
    this.#made ??= this.#make(this.policy ?? "");
    return this.#made;
  }

  #make(policy: string): Made {
    try {
      return { preparation: new Preparation(policy, this.#options) };
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      return { missing: { bindings: [], problems: error.problems } };
    }
  }

  #free(): void {
    if (this.#made && "preparation" in this.#made) this.#made.preparation.free();
  }

  use(): this {
    this.#users++;
    return this;
  }

  release(): void {
    this.#users--;
    if (this.#retired && this.#users === 0) this.#free();
  }

  retire(): void {
    this.#retired = true;
    if (this.#users === 0) this.#free();
  }
}

/** An object whose members are texts; undefined where the text is none. */
export function textsOf(text: string): Readonly<Record<string, string>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isTexts =
      typeof value === "object" &&
      value !== null &&
      !Array.isArray(value) &&
      Object.values(value).every((each) => typeof each === "string");
    return isTexts ? (value as Record<string, string>) : undefined;
  } catch {
    return undefined;
  }
}

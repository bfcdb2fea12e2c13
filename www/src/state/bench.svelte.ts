// The policy on the workbench: its text, what is said of it, and what it does to the events that lie open.
import { Refusal } from "../engine/engine.js";
import type { Applied, Problem, RouteApplied, Row, Tried, Verdict } from "../engine/protocol.js";
import { policySchema } from "../engine/schema.js";
import type { Explore } from "./explore.svelte.js";
import { Latest } from "./latest.js";
import type { Log } from "./log.svelte.js";
import { keep, kept } from "./memory.js";

export type { Applied, Problem, RouteApplied, Row, Tried, Verdict };

/** Beginnings of policies, by what they are for. */
export const starters = {
  personal: policyOf('{ "use": ["personal", "secrets"] }', '{ "payload": true }'),
  secrets: policyOf('{ "use": "secrets" }'),
  pseudonyms: policyOf(
    '{ "class": ["email", "person", "user_id", "customer_id"], "with": { "hash": "pii" } }',
    '{ "class": ["ip", "device", "location", "phone"], "with": "remove" }',
    '{ "payload": true }',
    '{ "use": "secrets" }',
  ),
  nothing: policyOf(),
};
export type Starter = keyof typeof starters;

function policyOf(...rules: string[]): string {
  const redact = rules.length === 0 ? "[]" : `[\n${rules.map((rule) => `    ${rule}`).join(",\n")}\n  ]`;
  return `{
  "logweir": 1,
  "accept": {},
  "redact": ${redact},
  "routes": [{ "name": "out", "to": "ndjson" }]
}
`;
}

const isText = (value: unknown): value is string => typeof value === "string";

export class Bench {
  text = $state(kept("policy", isText) ?? starters.personal);
  /** The text came with a link, and nobody has edited it. */
  linked = $state(false);
  verdict = $state.raw<Verdict>();
  applied = $state.raw<Applied>();
  tried = $state.raw<Tried>();
  /** The route that is looked at. */
  route = $state("");
  working = $state(false);
  /** How much of the events has been looked at, from 0 to 1. */
  part = $state(0);

  /** By what the editor completes policies. */
  readonly schema = policySchema;

  /** The policy that was edited last, where another is shown: from a link, or a beginning. */
  get own(): string | undefined {
    const text = kept("policy", isText);
    return text === this.text ? undefined : text;
  }

  /** The text, where it is neither what was edited last nor what there is at first. */
  get passing(): string | undefined {
    return this.text === (kept("policy", isText) ?? starters.personal) ? undefined : this.text;
  }

  readonly sound = $derived(this.verdict?.routes !== undefined);
  readonly #log: Log;
  readonly #explore: Explore;
  readonly #check = new Latest();
  readonly #try = new Latest();

  constructor(log: Log, explore: Explore) {
    this.#log = log;
    this.#explore = explore;
  }

  /** Takes a beginning, or the policy of a link; one's own stays kept until this one is edited. */
  follow(text: string): void {
    this.text = text;
    this.linked = text !== kept("policy", isText) && !Object.values(starters).includes(text);
  }

  edit(text: string): void {
    this.linked = false;
    this.text = text;
    keep("policy", text);
  }

  /** Checks the policy, and runs it over the events that were found. */
  async run(): Promise<void> {
    const { engine } = this.#log;
    const text = this.text;
    await this.#check.run(async (signal) => {
      this.working = true;
      try {
        this.verdict = await engine.call("policy", { text }, { signal });
        if (this.verdict.routes === undefined) {
          // Output of another policy must not stand beside this one.
          this.applied = undefined;
          this.tried = undefined;
        } else {
          this.applied = await engine.call(
            "apply",
            { text },
            {
              signal,
              told: ({ looked, of }) => {
                this.part = looked / Math.max(of, 1);
              },
            },
          );
        }
        this.working = false;
        this.part = 0;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        this.working = false;
      }
    });
  }

  /** What the policy does to one event. */
  async look(row: number | undefined): Promise<void> {
    if (row === undefined) {
      this.tried = undefined;
      return;
    }
    await this.#try.run(async (signal) => {
      try {
        this.tried = await this.#log.engine.call("try", { text: this.text, row }, { signal });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        this.tried = undefined;
      }
    });
  }

  /** Adds a rule for a path, before all others. */
  redact(path: string): void {
    const rule = `{ "path": ${JSON.stringify(path)}, "with": "remove" }`;
    const empty = /"redact"\s*:\s*\[\s*\]/;
    const begun = /("redact"\s*:\s*\[)(\s*)/;
    if (empty.test(this.text)) this.edit(this.text.replace(empty, `"redact": [${rule}]`));
    else if (begun.test(this.text))
      this.edit(this.text.replace(begun, `$1$2${rule.replaceAll("$", "$$$$")},$2`));
    else
      this.edit(
        this.text.replace(/("logweir"\s*:\s*1)/, `$1,\n  "redact": [${rule.replaceAll("$", "$$$$")}]`),
      );
  }

  /** Adds a test from an event, its values made up. False where none can be made. */
  async addTest(row: number): Promise<boolean> {
    const test = await this.#log.engine.call("draft", { text: this.text, row }).catch(() => undefined);
    if (!test) return false;
    const written = JSON.stringify(test, null, 2).replaceAll("\n", "\n    ");
    const begun = /"tests"\s*:\s*\[(\s*\])?/.exec(this.text);
    if (begun) {
      const at = begun.index + begun[0].length;
      const head = begun[1] === undefined ? this.text.slice(0, at) : this.text.slice(0, at - begun[1].length);
      this.edit(`${head}\n    ${written}${begun[1] === undefined ? "," : "\n  ]"}${this.text.slice(at)}`);
    } else {
      const end = this.text.lastIndexOf("}");
      const head = this.text.slice(0, end).trimEnd();
      this.edit(
        `${head}${head.endsWith(",") ? "" : ","}\n  "tests": [\n    ${written}\n  ]\n${this.text.slice(end)}`,
      );
    }
    return true;
  }

  /** Some events as lines. */
  lines(rows: readonly number[]): Promise<readonly Row[]> {
    return this.#log.engine
      .call("lines", { rows: [...rows], columns: ["@type", "@message"] })
      .catch(() => []);
  }

  /** The first event of the list, where none is looked at. */
  async someRow(): Promise<number | undefined> {
    if (this.#explore.detail) return this.#explore.detail.row;
    return (await this.#explore.rows.wait(0))?.row;
  }
}

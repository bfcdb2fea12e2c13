// A route's template as it is edited, beside the policy: it is in the policy when it is put there.
import { spacedPlace, templateOf, withTemplate } from "../base/document.js";
import { tokenAt } from "../base/text.js";
import { Refusal } from "../engine/engine.js";
import type { Rendered } from "../engine/protocol.js";
import type { Bench } from "./bench.svelte.js";
import { Latest } from "./latest.js";
import type { Log } from "./log.svelte.js";

export type Form = "value" | "text";

/** A beginning, for routes that have none. */
const beginnings: Record<Form, string> = {
  value: '{\n  "source": "logweir",\n  "log": "{{log_message}}"\n}',
  text: '{"source": "logweir", "log": {{{log_message}}}}',
};

export class TemplateBench {
  route = $state("");
  form = $state<Form>("value");
  text = $state("");
  rendered = $state.raw<Rendered>();
  /** What could not be tried at all. */
  refusal = $state.raw<string>();

  /** What stands in the policy now. */
  readonly own = $derived.by(() => templateOf(this.#bench.text, this.route));
  readonly changed = $derived(this.own?.form !== this.form || this.own.text !== this.text);
  readonly sound = $derived(this.rendered?.problems?.every(({ severity }) => severity !== "error") ?? false);
  /** Its problems, with their places in the text. */
  readonly problems = $derived(
    (this.rendered?.problems ?? []).map((problem) => {
      // Of a value, places are those in its JSON without spaces.
      const place =
        this.form === "text"
          ? tokenAt(this.text, problem.line, problem.column)
          : { from: spacedPlace(this.text, problem.column - 1), to: spacedPlace(this.text, problem.column) };
      return { ...problem, ...place };
    }),
  );

  readonly #bench: Bench;
  readonly #log: Log;
  readonly #try = new Latest();

  constructor(bench: Bench, log: Log) {
    this.#bench = bench;
    this.#log = log;
  }

  /** Begins with what a route has. */
  choose(route: string): void {
    this.route = route;
    const own = templateOf(this.#bench.text, route);
    this.form = own?.form ?? "value";
    this.text = own?.text ?? beginnings.value;
  }

  /** The other form; a template that nobody has touched becomes that form's beginning. */
  as(form: Form): void {
    const own = this.own?.form === form ? this.own.text : undefined;
    if (own !== undefined) this.text = own;
    else if (this.text === beginnings[this.form]) this.text = beginnings[form];
    this.form = form;
  }

  async run(): Promise<void> {
    const { route, form, text } = this;
    const policy = this.#bench.text;
    await this.#try.run(async (signal) => {
      try {
        const row = await this.#bench.someRow();
        this.rendered = await this.#log.engine.call(
          "template",
          { policy, route, form, text, row },
          { signal },
        );
        this.refusal = undefined;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        this.refusal = error.message;
      }
    });
  }

  /** Puts the template into the policy. */
  put(): boolean {
    const written =
      this.form === "text" ? JSON.stringify(this.text) : this.text.trim().replaceAll("\n", "\n    ");
    const next = withTemplate(this.#bench.text, this.route, written);
    if (next === undefined) return false;
    this.#bench.edit(next);
    return true;
  }
}

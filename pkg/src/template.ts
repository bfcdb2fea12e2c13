/// <reference lib="esnext.disposable" preserve="true" />
import * as glue from "../wasm/core.js";
import { type BorderTemplate, type BorderTemplateReader, templateForms } from "./border.js";
import { Room } from "./copy.js";
import { disposable } from "./dispose.js";
import { RecordError, TemplateError, UsageError } from "./errors.js";
import { formatNumber, isBytes, toPiece } from "./input.js";
import { instance, Lifeline, toFault } from "./instance.js";
import { documentText } from "./json.js";
import { keyParts } from "./keys.js";
import { checkOptions } from "./options.js";
import { problemsOf, withUrls } from "./problem.js";
import { TemplateRun, type TemplateRunOptions } from "./template-run.js";
import { type Now, setTime, timeText } from "./time.js";
import type { Bytes, Input, Problem } from "./types.js";

/** How a template is to be read. */
export interface TemplateOptions {
  /** `json` (the default): refused unless it makes valid JSON whatever the values; `text`: plain Mustache. */
  readonly mode?: "json" | "text" | undefined;
  /** Templates that it may name by `{{> name}}`, at most 1000. Nothing is ever fetched. */
  readonly partials?: Readonly<Record<string, string>> | undefined;
  /** Keys for `{{name | hash:key}}`, of at least 32 bytes: bytes, or text that is taken as UTF-8. */
  readonly keys?: Readonly<Record<string, Uint8Array | string>> | undefined;
  /** The time of rendering, where a call does not say; by default that of the call. */
  readonly now?: Now | undefined;
}

/** How a record is rendered. */
export interface RenderOptions {
  /** The time of rendering. */
  readonly now?: Now | undefined;
}

/**
 * A compiled template: Mustache whose JSON is valid whatever the values hold. Made once, used often.
 *
 * Nothing is redacted here: a template by itself sees the record that it is given. In a policy, a route's template sees
 * what redaction has left.
 *
 * Every method throws a `FaultError` (`W901`) after a fault of the core, until a new handle is made, and a `UsageError`
 * (`W902`) after `free()`.
 *
 * @example
 * const template = new Template('{"source":"tray","log":{{{log_message}}},"at":{{{now_utc_micro}}}}');
 * const bytes = template.render('{"id":7}');
 */
export class Template implements Disposable {
  /** Frees the handle where a `using` block ends, in the engines that know it. */
  declare readonly [Symbol.dispose]: () => void;
  /** What is odd about the template without being wrong: a partial that was not given. */
  readonly warnings: readonly Problem[];
  readonly #lifeline: Lifeline;
  readonly #template: BorderTemplate;
  readonly #now: string | undefined;
  /** It may ask for the time. */
  readonly #timely: boolean;
  #once: { readonly reader: BorderTemplateReader; readonly room: Room } | undefined;
  #freed = false;

  /**
   * Compiles a template.
   *
   * @param source its text; or a JSON value whose strings are templates, one that is a single tag standing for the value
   *   which that tag names. Lines and columns in errors refer to the text, or to `JSON.stringify(source)`.
   * @throws {TemplateError} with every mistake in `problems`
   */
  constructor(source: string | object, options: TemplateOptions = {}) {
    checkOptions(options, { mode: ["json", "text"], partials: "object", keys: "object", now: "checked" });
    const { mode = "json", partials = {}, now } = options;
    const isText = typeof source === "string" || isBytes(source);
    if (mode === "text" && !isText)
      throw new UsageError("W904", "source: expected text, as text is to be made of it");
    const text = documentText("source", source);
    const texts = Object.entries(partials).flat();
    for (const each of texts)
      if (typeof each !== "string") throw new UsageError("W904", "partials: expected texts by their names");
    const keys = keyParts(options.keys);
    this.#timely = [text, ...texts].some((each) => each.includes("now"));
    this.#now = now === undefined ? undefined : timeText(now);
    const form = templateForms.indexOf(isText ? mode : "value");
    const home = instance("template");
    this.#lifeline = new Lifeline(home);
    try {
      this.#template = new glue.Template(text, form, texts, keys) as BorderTemplate;
      this.warnings = withUrls(this.#template.warnings());
    } catch (thrown) {
      const problems = problemsOf(thrown);
      if (problems) throw new TemplateError(problems);
      throw toFault(home, thrown);
    }
  }

  /**
   * What the template makes of a record, as UTF-8.
   *
   * @param record JSON, as UTF-8 bytes or text
   * @throws {RecordError} if it is no JSON, or what would be made of it is over a limit
   */
  render(record: Input, options: RenderOptions = {}): Bytes {
    checkOptions(options, { now: "checked" });
    const piece = toPiece(record);
    const { reader, room } = this.#ready();
    const time = this.#time(options.now);
    const { instance } = this.#lifeline;
    let refused: readonly { code: string; expected: string; at: number }[] = [];
    try {
      if (time !== undefined) setTime(reader, time);
      if (reader.one(room.write(piece))) return instance.copy(reader.output(), reader.output_length());
      refused = reader.refused();
    } catch (thrown) {
      throw thrown instanceof UsageError ? thrown : this.#lifeline.fault(thrown);
    }
    const [{ code, expected, at } = { code: "S101", expected: "a record", at: 0 }] = refused;
    throw new RecordError(code, expected, at);
  }

  /** The same as text. */
  renderText(record: Input, options?: RenderOptions): string {
    return decoder.decode(this.render(record, options));
  }

  /** Begins a run over the records of inputs that arrive in chunks, of any length, in flat memory. */
  run(options: TemplateRunOptions = {}): TemplateRun {
    this.#check();
    checkOptions(options, { format: "checked", now: "checked" });
    const format = formatNumber(options.format);
    const time = this.#time(options.now);
    const reader = this.#open();
    if (time !== undefined) setTime(reader, time);
    return new TemplateRun(this.#lifeline, reader, format);
  }

  /** Gives the memory back. Harmless when done twice; runs that have begun go on to their end. */
  free(): void {
    if (this.#freed) return;
    this.#freed = true;
    if (this.#lifeline.instance.dead) return;
    try {
      this.#once?.reader.free();
      this.#template.free();
    } catch (thrown) {
      this.#lifeline.fault(thrown);
    }
  }

  /** The time for a call; none where the template has no use for it. */
  #time(now: Now | undefined): string | undefined {
    const text = now === undefined ? this.#now : timeText(now);
    return this.#timely ? (text ?? timeText(Date.now())) : undefined;
  }

  #check(): void {
    this.#lifeline.check();
    if (this.#freed) throw new UsageError("W902", "the template was freed; make it anew");
  }

  #ready(): { readonly reader: BorderTemplateReader; readonly room: Room } {
    this.#check();
    if (!this.#once) {
      const reader = this.#open();
      this.#once = { reader, room: new Room(this.#lifeline.instance, reader) };
    }
    return this.#once;
  }

  #open(): BorderTemplateReader {
    try {
      return this.#template.reader();
    } catch (thrown) {
      throw this.#lifeline.fault(thrown);
    }
  }
}

disposable(Template.prototype);

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/// <reference lib="esnext.disposable" preserve="true" />
import * as glue from "../wasm/core.js";
import { type BorderCatalog, type BorderCatalogReader, DEEPER } from "./border.js";
import { CatalogRun, type CatalogRunOptions } from "./catalog-run.js";
import { copyIn } from "./copy.js";
import { disposable } from "./dispose.js";
import { CatalogError, UsageError } from "./errors.js";
import { Detected, type OwnEvent, type UnknownEvent } from "./event.js";
import { formatNumber, plainView } from "./input.js";
import { instance, Lifeline, toFault } from "./instance.js";
import { documentText } from "./json.js";
import { checkOptions } from "./options.js";
import { problemsOf } from "./problem.js";
import { toDocument, toMost, type ValidateOptions } from "./schema.js";
import type { Fields, Finding, Input, KnownEvent, Policy, Widened } from "./types.js";

/** An event type of your own: the form of `accept.catalog` in a policy. */
export type OwnType<T extends string = string> = Entry & {
  /** Its name: a platform, a dot, and a word for the kind of event. */
  readonly type: T;
};

type Entry = NonNullable<NonNullable<Policy["accept"]>["catalog"]>[number];

/** Names of which more is known than that they are text. */
type Literal<T extends string> = string extends T ? never : T;

/** What a `Catalog` is made of. */
export interface CatalogOptions<Own extends string = never> {
  /**
   * Event types beside the built-in ones: one, a list of them, or JSON text of either (comments allowed). The built-in
   * ones have no privilege; no two may have one name.
   */
  readonly own?:
    | string
    | OwnType<Own>
    | readonly OwnType<Own>[]
    | Widened<Entry>
    | readonly Widened<Entry>[]
    | undefined;
}

/** The names of an event type. */
export interface TypeName {
  /** As policies and queries name it, such as `workato.job`. */
  readonly type: string;
  /** What people call it. */
  readonly title: string;
}

/** What the catalogue says of one record. */
export interface CatalogValidation {
  /** The event type; null if none recognises the record. */
  readonly type: string | null;
  /** Where the event stands in the record, as a JSON Pointer; null if it is unknown. */
  readonly at: string | null;
  /**
   * Whether the type's schema finds no fault with the event. Null if the record is unknown, as nobody knows what it should
   * be; false if it is no JSON, or could be events of several types.
   */
  readonly valid: boolean | null;
  /** What is wrong; pointers and spans are counted from where the event begins. */
  readonly findings: readonly Finding[];
}

const none: readonly never[] = Object.freeze([]);

/**
 * The event types that Logweir knows, and perhaps some of your own: what recognises records, gives their common fields
 * and validates them. Made once, used often.
 *
 * An event is recognised by its members, alone or in a wrapper: under any key, up to three deep, also inside a string
 * that holds JSON. No record makes a method throw: what is no JSON is unknown, and says so by its `code`.
 *
 * Every method throws a `FaultError` (`W901`) after a fault of the core, until a new handle is made, and a `UsageError`
 * (`W902`) after `free()`.
 *
 * @typeParam Own the names of your own event types. Found out from `own`, unless that is text or comes from an imported
 *   file, of which TypeScript knows no names: `new Catalog<"acme.order">({ own: imported })`
 */
export class Catalog<Own extends string = never> implements Disposable {
  /** Frees the handle where a `using` block ends, in the engines that know it. */
  declare readonly [Symbol.dispose]: () => void;
  /** All event types there are: their names, and what people call them. */
  readonly types: readonly TypeName[];
  readonly #lifeline: Lifeline;
  readonly #catalog: BorderCatalog;
  /** What single records share, made by the first; and what it tells. */
  #once: BorderCatalogReader | undefined;
  #told = "";
  #freed = false;

  /** @throws {CatalogError} with every mistake of your own event types in `problems` */
  constructor(options: CatalogOptions<Own> = {}) {
    checkOptions(options, { own: "checked" });
    const text = options.own === undefined ? undefined : documentText("own", options.own);
    const home = instance("catalog");
    this.#lifeline = new Lifeline(home);
    try {
      this.#catalog = new glue.Catalog(text) as BorderCatalog;
      this.types = this.#catalog.types();
    } catch (thrown) {
      const problems = problemsOf(thrown);
      if (problems) throw new CatalogError(problems);
      throw toFault(home, thrown);
    }
  }

  /**
   * Which event a record is.
   *
   * @param input one record: UTF-8 bytes, or text
   */
  detect(input: Input): Readonly<KnownEvent> | OwnEvent<Literal<Own>> | UnknownEvent {
    const piece = toDocument(input);
    const reader = this.#reader(false, -1);
    const answer = this.#one(reader, piece);
    // A copy: the caller may write to the buffer again before the event is asked for.
    const record = typeof piece === "string" ? piece : plainView(piece).slice();
    const detected = this.#detected(reader, answer, record);
    return detected as Readonly<KnownEvent> | OwnEvent<Literal<Own>> | UnknownEvent;
  }

  /**
   * The common fields of a record's event that have a value: one view of the events of all platforms. Undefined if the
   * record is unknown.
   *
   * @param input one record: UTF-8 bytes, or text
   */
  fields(input: Input): Fields | undefined {
    const piece = toDocument(input);
    const reader = this.#reader(true, -1);
    if (this.#one(reader, piece) < 0) return undefined;
    return this.#cross(() => {
      const [json] = reader.fields();
      return json === undefined ? undefined : JSON.parse(json);
    });
  }

  /**
   * What the schema of its event type finds wrong with a record.
   *
   * @param input one record: UTF-8 bytes, or text; spans in findings count bytes of UTF-8
   */
  validate(input: Input, options?: ValidateOptions): CatalogValidation {
    checkOptions(options, { findings: "checked" });
    const piece = toDocument(input);
    const reader = this.#reader(false, toMost(options?.findings));
    const answer = this.#one(reader, piece);
    const { type, at } = this.#detected(reader, answer, "");
    if (answer === -1) return { type, at, valid: null, findings: none };
    const findings = this.#cross(() => reader.told()[0]);
    return { type, at, valid: findings === undefined, findings: findings ?? none };
  }

  /** Begins a run over the records of inputs that arrive in chunks, of any length, in flat memory. */
  run(options: CatalogRunOptions = {}): CatalogRun {
    this.#check();
    checkOptions(options, {
      format: "checked",
      fields: "boolean",
      validate: "boolean",
      findings: "checked",
    });
    const format = formatNumber(options.format);
    const wanted = { fields: options.fields === true, validate: options.validate === true };
    const most = toMost(options.findings);
    const reader = this.#open();
    this.#cross(() => reader.want(wanted.fields, wanted.validate ? most : -1));
    return new CatalogRun(this.#lifeline, reader, this.types, format, wanted);
  }

  /** Gives the memory back. Harmless when done twice; runs that have begun go on to their end. */
  free(): void {
    if (this.#freed) return;
    this.#freed = true;
    if (this.#lifeline.instance.dead) return;
    try {
      this.#once?.free();
      this.#catalog.free();
    } catch (thrown) {
      this.#lifeline.fault(thrown);
    }
  }

  #one(reader: BorderCatalogReader, piece: Uint8Array | string): number {
    const answer = this.#cross(() => reader.one(copyIn(this.#lifeline.instance, reader, piece)));
    if (answer === -3) throw this.#lifeline.fault({ fault: true });
    return answer;
  }

  #detected(reader: BorderCatalogReader, answer: number, record: Uint8Array | string): Detected {
    if (answer === -1) return new Detected(null, null, record);
    if (answer < 0)
      return new Detected(
        null,
        null,
        record,
        this.#cross(() => reader.codes()[0]),
      );
    const at = answer < DEEPER ? "" : this.#cross(() => reader.places()[0] ?? "");
    return new Detected(this.types[answer % DEEPER]?.type ?? null, at, record);
  }

  #check(): void {
    this.#lifeline.check();
    if (this.#freed) throw new UsageError("W902", "the catalogue was freed; make it anew");
  }

  #reader(fields: boolean, findings: number): BorderCatalogReader {
    this.#check();
    this.#once ??= this.#open();
    const reader = this.#once;
    const told = `${fields} ${findings}`;
    if (told !== this.#told) this.#cross(() => reader.want(fields, findings));
    this.#told = told;
    return reader;
  }

  #open(): BorderCatalogReader {
    return this.#cross(() => this.#catalog.reader());
  }

  #cross<T>(work: () => T): T {
    try {
      return work();
    } catch (thrown) {
      throw this.#lifeline.fault(thrown);
    }
  }
}

disposable(Catalog.prototype);

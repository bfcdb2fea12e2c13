/// <reference lib="esnext.disposable" preserve="true" />
import * as glue from "../wasm/core.js";
import { type BorderSchema, type BorderValidator, forms } from "./border.js";
import { Room } from "./copy.js";
import { disposable } from "./dispose.js";
import { SchemaError, UsageError } from "./errors.js";
import { formatNumber, toPiece } from "./input.js";
import { instance, Lifeline, toFault } from "./instance.js";
import { documentText } from "./json.js";
import { checkOptions, type Rules } from "./options.js";
import { problemsOf, withUrls } from "./problem.js";
import { SchemaRun, type SchemaRunOptions } from "./schema-run.js";
import type { Finding, Input, Problem } from "./types.js";

/** A JSON Schema as a value: an object, or `true` or `false`. */
export type JsonSchema = object | boolean;

/** How a schema is to be read. */
export interface SchemaOptions {
  /** The draft of documents that have no `$schema`: `2020-12` by default. */
  readonly dialect?: "2020-12" | "draft-07" | undefined;
  /** Check `format`. Off by default: it only annotates then, as 2020-12 has it, unless a vocabulary says otherwise. */
  readonly formats?: boolean | undefined;
  /** Schemas that may be referred to, by their URI, at most 1000. Nothing is ever fetched. */
  readonly remotes?: Readonly<Record<string, string | JsonSchema>> | undefined;
  /**
   * Show the names of members that the schema does not tell. Off by default: they are `*` in findings, as such a name
   * is the document's data.
   */
  readonly showKeys?: boolean | undefined;
}

/** How much `Schema.validate()` tells. */
export interface ValidateOptions {
  /** How many findings of a document: 0 for none, 1 for the first; by default all, up to 1000. */
  readonly findings?: number | undefined;
}

/** What a schema says of a document. */
export interface Validation {
  /** Whether it is JSON and fits. */
  readonly valid: boolean;
  /** What is wrong with it, in the order in which it was found. */
  readonly findings: readonly Finding[];
}

/** The output formats of the specification (JSON Schema 2020-12 Core, section 12.4). */
export type OutputForm = (typeof forms)[number];

/** An output unit of the specification (JSON Schema 2020-12 Core, section 12.3). */
export interface OutputUnit {
  /** Whether this part holds. */
  readonly valid: boolean;
  /** The way to the keyword through the schema, `$ref`s included, as a JSON pointer. */
  readonly keywordLocation?: string;
  /** The keyword's own place, as a URI with a JSON pointer. */
  readonly absoluteKeywordLocation?: string;
  /** A JSON pointer; names that the schema does not tell are `*` in it, unless `showKeys` is on. */
  readonly instanceLocation?: string;
  /** What was expected; never a value of the document. */
  readonly error?: string;
  /** What the keyword says of what is valid. */
  readonly annotation?: unknown;
  /** What failed below; at most 1000. */
  readonly errors?: readonly OutputUnit[];
  /** What was said below. */
  readonly annotations?: readonly OutputUnit[];
}

/** As many findings as there are: more than the core ever tells of one document. */
const ALL = 1 << 30;

/** What is copied of a document at most: more than the longest that is read. Whatever follows cannot make it valid. */
const LONGEST = 50_100_000;

const optionRules: Rules<SchemaOptions> = {
  dialect: ["2020-12", "draft-07"],
  formats: "boolean",
  remotes: "object",
  showKeys: "boolean",
};

const none: readonly never[] = Object.freeze([]);
const valid: Validation = Object.freeze({ valid: true, findings: none });

/**
 * A compiled JSON Schema (2020-12 or draft-07), ready for any number of documents. Made once, used often: compiling
 * costs some hundred times what checking a small document does.
 *
 * Documents are read as they are: numbers at any size and precision, of duplicate names the last. One that is no JSON,
 * is longer than 50 MB or nested deeper than 128 is not valid, and a finding says so; no document makes a method throw.
 * Time is linear in the document, `pattern` included; a schema that multiplies the work (nested `anyOf`) meets a limit
 * on the steps for a document, and the finding `V002` says so.
 *
 * Every method throws a `FaultError` (`W901`) after a fault of the core, until a new handle is made, and a `UsageError`
 * (`W902`) after `free()`.
 */
export class Schema implements Disposable {
  /** Frees the handle where a `using` block ends, in the engines that know it. */
  declare readonly [Symbol.dispose]: () => void;
  /** What is odd about the schema without being wrong: nearly a keyword, a keyword or format that nothing goes by. */
  readonly warnings: readonly Problem[];
  readonly #lifeline: Lifeline;
  readonly #schema: BorderSchema;
  /** What single documents share, made by the first. */
  #once: { readonly validator: BorderValidator; readonly room: Room } | undefined;
  /** How many findings it tells. */
  #told = ALL;
  #freed = false;

  /**
   * Compiles a schema.
   *
   * @param schema the schema as a value, or as JSON text. Lines and columns in errors refer to the text; for a value,
   *   to `JSON.stringify(schema, null, 2)`. Numbers that JavaScript rounds are exact only in text.
   * @throws {SchemaError} with every mistake in `problems`
   * @throws {UsageError} `W904` for an option that there is not, or that is not what it must be; so do the others
   */
  constructor(schema: string | JsonSchema, options: SchemaOptions = {}) {
    const text = documentText("schema", schema, true);
    checkOptions(options, optionRules);
    const { dialect = "2020-12", formats = false, showKeys = false, remotes = {} } = options;
    const others = Object.entries(remotes).flatMap(([uri, remote]) => [uri, documentText(uri, remote, true)]);
    const home = instance("schema");
    this.#lifeline = new Lifeline(home);
    try {
      const compiled = new glue.Schema(text, dialect === "draft-07", formats, showKeys, others);
      this.#schema = compiled as BorderSchema;
      this.warnings = withUrls(this.#schema.warnings());
    } catch (thrown) {
      const problems = problemsOf(thrown);
      if (problems) throw new SchemaError(problems);
      throw toFault(home, thrown);
    }
  }

  /**
   * Whether a document is JSON and fits: the fast way, which stops at the first fault.
   *
   * @param input UTF-8 bytes, or text
   */
  isValid(input: Input): boolean {
    const piece = toDocument(input);
    const { validator, room } = this.#ready();
    let answer: number;
    try {
      answer = validator.is_valid(room.write(piece));
    } catch (thrown) {
      throw this.#lifeline.fault(thrown);
    }
    if (answer > 1) throw this.#lifeline.fault({ fault: true });
    return answer === 1;
  }

  /**
   * What is wrong with a document, if anything.
   *
   * @param input UTF-8 bytes, or text; spans in findings count bytes of UTF-8
   */
  validate(input: Input, options?: ValidateOptions): Validation {
    checkOptions(options, { findings: "checked" });
    const most = toMost(options?.findings);
    if (most === 0) return this.isValid(input) ? valid : { valid: false, findings: none };
    const piece = toDocument(input);
    const { validator, room } = this.#ready();
    let findings: Finding[] | undefined;
    try {
      if (most !== this.#told) validator.tell_findings(most);
      this.#told = most;
      findings = validator.findings(room.write(piece));
    } catch (thrown) {
      throw this.#lifeline.fault(thrown);
    }
    return findings ? { valid: false, findings } : valid;
  }

  /**
   * What the specification's output formats say of a document: errors, or annotations if it is valid.
   *
   * @param input UTF-8 bytes, or text
   * @param form `flag`: valid or not; `basic`: a list; `detailed`: a tree along the schema
   */
  output(input: Input, form: OutputForm): OutputUnit {
    const number = forms.indexOf(form);
    if (number === -1) throw new UsageError("W904", `form: expected one of ${forms.join(", ")}`);
    const piece = toDocument(input);
    const { validator, room } = this.#ready();
    try {
      return JSON.parse(validator.output(room.write(piece), number));
    } catch (thrown) {
      throw this.#lifeline.fault(thrown);
    }
  }

  /** Begins a run over the records of inputs that arrive in chunks, of any length, in flat memory. */
  run(options: SchemaRunOptions = {}): SchemaRun {
    this.#check();
    checkOptions(options, { findings: "checked", format: "checked" });
    const format = formatNumber(options.format);
    const most = toMost(options.findings);
    return new SchemaRun(this.#lifeline, this.#open(most), format);
  }

  /** Gives the memory back. Harmless when done twice; runs that have begun go on to their end. */
  free(): void {
    if (this.#freed) return;
    this.#freed = true;
    if (this.#lifeline.instance.dead) return;
    try {
      this.#once?.validator.free();
      this.#schema.free();
    } catch (thrown) {
      this.#lifeline.fault(thrown);
    }
  }

  #check(): void {
    this.#lifeline.check();
    if (this.#freed) throw new UsageError("W902", "the schema was freed; make it anew");
  }

  #ready(): { readonly validator: BorderValidator; readonly room: Room } {
    this.#check();
    if (!this.#once) {
      const validator = this.#open(this.#told);
      this.#once = { validator, room: new Room(this.#lifeline.instance, validator) };
    }
    return this.#once;
  }

  #open(most: number): BorderValidator {
    try {
      const validator = this.#schema.validator();
      validator.tell_findings(most);
      return validator;
    } catch (thrown) {
      throw this.#lifeline.fault(thrown);
    }
  }
}

disposable(Schema.prototype);

/** The caller's document, as much of it as matters. */
export function toDocument(input: Input): Uint8Array | string {
  const piece = toPiece(input);
  if (piece.length <= LONGEST) return piece;
  return typeof piece === "string" ? piece.slice(0, LONGEST) : piece.subarray(0, LONGEST);
}

/** How many findings are wanted. */
export function toMost(findings = ALL): number {
  if (!Number.isInteger(findings) || findings < 0)
    throw new UsageError("W904", "findings: expected a whole number, from 0");
  return Math.min(findings, ALL);
}

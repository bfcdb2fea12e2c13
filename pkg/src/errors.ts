import { manual } from "./problem.js";
import type { Problem } from "./types.js";

/** Where in a policy, schema or catalogue an error lies. */
interface Place {
  readonly pointer?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** Every error that this package throws on purpose. None of them holds a value of an event. */
export class LogweirError extends Error {
  /** A code that stays the same from version to version. */
  readonly code: string;
  /** Where the manual in the package speaks of it, such as `PROBLEMS.md#p104`. */
  readonly url: string;
  /** The place in the policy, schema or catalogue, as a JSON pointer. */
  readonly pointer: string | undefined;
  /** The line in its text, from 1. */
  readonly line: number | undefined;
  /** The column in that line, from 1. */
  readonly column: number | undefined;
  /** Everything that was found wrong with the policy, schema or catalogue; empty where none is at fault. */
  readonly problems: readonly Problem[];

  constructor(code: string, message: string, place: Place = {}, problems: readonly Problem[] = []) {
    super(message);
    this.code = code;
    this.url = manual(code);
    this.pointer = place.pointer;
    this.line = place.line;
    this.column = place.column;
    this.problems = problems;
  }
}

/** A document that somebody wrote has mistakes; the first that is an error gives code and place. */
abstract class MistakesError extends LogweirError {
  constructor(document: string, problems: readonly Problem[], text = "") {
    const errors = problems.filter((problem) => problem.severity === "error");
    const first = (errors[0] ?? problems[0]) as Problem; // or nothing would have been refused
    const count = errors.length === 1 ? "1 mistake" : `${errors.length} mistakes`;
    const lines = problems.map((problem) => `  ${describe(problem)}${excerpt(text, problem)}`);
    super(first.code, [`the ${document} has ${count}:`, ...lines].join("\n"), first, problems);
  }
}

/**
 * The policy cannot be compiled. `problems` has every mistake; `code`, `pointer`, `line` and `column` are those of
 * the first one that is an error.
 */
export class PolicyError extends MistakesError {
  /** The name of the class. */
  override readonly name = "PolicyError";

  constructor(problems: readonly Problem[]) {
    super("policy", problems);
  }
}

/**
 * The schema cannot be compiled. `problems` has every mistake; `code`, `pointer`, `line` and `column` are those of
 * the first one that is an error. The pointer of a problem in a remote has its URI and `#` before it.
 */
export class SchemaError extends MistakesError {
  /** The name of the class. */
  override readonly name = "SchemaError";

  constructor(problems: readonly Problem[]) {
    super("schema", problems);
  }
}

/**
 * The event types given to `new Catalog()` have mistakes. `problems` has every one; `code`, `pointer`, `line` and
 * `column` are those of the first one that is an error.
 */
export class CatalogError extends MistakesError {
  /** The name of the class. */
  override readonly name = "CatalogError";

  constructor(problems: readonly Problem[]) {
    super("catalogue", problems);
  }
}

/** The query cannot be compiled. `problems` has what is wrong; `line` and `column` are those of the first mistake. */
export class QueryError extends MistakesError {
  /** The name of the class. */
  override readonly name = "QueryError";

  constructor(query: string, problems: readonly Problem[]) {
    super("query", problems, query);
  }
}

/**
 * The template or one of its partials cannot be compiled. `problems` has every mistake; `code`, `pointer`, `line` and
 * `column` are those of the first one that is an error. The pointer of a problem in a partial is its name and `#`.
 */
export class TemplateError extends MistakesError {
  /** The name of the class. */
  override readonly name = "TemplateError";

  constructor(problems: readonly Problem[]) {
    super("template", problems);
  }
}

/**
 * Nothing could be made of a record: it is no JSON (`S101` …), or what would be made of it is over a limit (`R201`). Its
 * neighbours are not concerned.
 */
export class RecordError extends LogweirError {
  /** The name of the class. */
  override readonly name = "RecordError";
  /** The byte of the record at which the fault lies. */
  readonly at: number;

  constructor(code: string, expected: string, at: number) {
    super(code, `the record cannot be rendered: at byte ${at} expected ${expected}`);
    this.at = at;
  }
}

/**
 * The handle can no longer be trusted: the core met a fault of its own, or the stack ended within it. The batch in hand
 * counts as undelivered, and every later call of the handle throws this error (code `W901`) until `compile()`,
 * `new Schema()`, `new Catalog()`, `new Query()` or `new Template()` makes a new one. All handles share one instance of the
 * wasm, which as it is shipped is lost with the fault: then this is so of every handle made before.
 */
export class FaultError extends LogweirError {
  /** The name of the class. */
  override readonly name = "FaultError";

  constructor(cause?: Error) {
    super(
      "W901",
      "the core met a fault of its own; the handle is unusable until it is made anew, " +
        "and the batch in hand counts as undelivered",
    );
    // Only the engine's own error, whose text is fixed. A panic's message could quote the input.
    if (cause) this.cause = cause;
  }
}

/**
 * The package was called in a way it does not allow. Codes:
 * `W902` the handle was freed · `W903` the wasm module is not loaded yet (`logweir/slim`) · `W904` an argument is of
 * the wrong kind · `W905` no such route, or a route must be named · `W906` the run has been finished · `W907` a report
 * that went with views was asked for after the next call · `W908` a batch has no destination, or a secret is missing ·
 * `W909` the engine has no WebAssembly SIMD · `W912` the wasm module cannot be loaded.
 */
export class UsageError extends LogweirError {
  /** The name of the class. */
  override readonly name = "UsageError";
}

/** The line that a problem is in, and a caret under the place; nothing where there is no text. */
function excerpt(text: string, { line, column }: Problem): string {
  if (text === "") return "";
  const characters = [...(text.split("\n")[line - 1] ?? "")].map((c) => c.replace(/\p{Cc}/u, " "));
  const from = Math.max(0, column - 61); // of a long line, what is around the place
  const shown = characters.slice(from, from + 100).join("");
  return `\n    ${shown}\n    ${" ".repeat(column - 1 - from)}^`;
}

/** One problem on one line: `3:14 P103 …: expected …`. Control characters in a name become blanks. */
export function describe(problem: Problem): string {
  const help = problem.help ? ` (${problem.help})` : "";
  const place = problem.pointer ? ` at ${problem.pointer.replace(/\p{Cc}/gu, " ")}` : "";
  return `${problem.line}:${problem.column} ${problem.code}${place}: expected ${problem.expected}${help}`;
}

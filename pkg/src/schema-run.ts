import { type BorderValidator, verdictSlot as slot } from "./border.js";
import type { Lifeline } from "./instance.js";
import { RecordRun } from "./record-run.js";
import type { ValidateOptions, Validation } from "./schema.js";
import type { Finding, Format } from "./types.js";

/** How `Schema.run()` reads and how much it tells. */
export interface SchemaRunOptions extends ValidateOptions {
  /** How the records stand in each input; `auto` by default, found out for each input anew. */
  readonly format?: Format | undefined;
}

/** What a schema says of a record of an input. */
export interface Verdict extends Validation {
  /** Its number in the run, from 0. */
  readonly record: number;
  /** The byte of its input at which it begins, from 0; the spans of its findings count from there. */
  readonly offset: number;
  /** Its line in its input, from 1; only where the format goes by lines. */
  readonly line?: number;
}

const none: readonly never[] = Object.freeze([]);

/** A run over records, with a verdict on each: one that is no JSON is not valid, like any other that does not fit. */
export class SchemaRun extends RecordRun<Verdict> {
  /** Made by `Schema.run()`. */
  constructor(lifeline: Lifeline, validator: BorderValidator, format: number) {
    const take = (count: number, first: number): Verdict[] => verdicts(lifeline, validator, count, first);
    super({ lifeline, reader: validator, format, made: "schema.run()", take });
  }
}

/** The verdicts of the last call. */
function verdicts(lifeline: Lifeline, validator: BorderValidator, count: number, first: number): Verdict[] {
  const verdicts: Verdict[] = [];
  const broken: { findings: readonly Finding[] }[] = [];
  let at = validator.verdicts() / 8;
  const { numbers } = lifeline.instance;
  for (let record = first; record < first + count; record += 1, at += slot.perVerdict) {
    const valid = numbers[at + slot.valid] === 1;
    const offset = numbers[at + slot.offset] as number;
    const line = numbers[at + slot.line] as number;
    const findings: readonly Finding[] = none;
    const verdict =
      line > 0 ? { record, valid, findings, offset, line } : { record, valid, findings, offset };
    verdicts.push(verdict);
    if (!valid) broken.push(verdict);
  }
  if (broken.length > 0) {
    const told = validator.told();
    broken.forEach((verdict, index) => {
      verdict.findings = told[index] ?? none;
    });
  }
  return verdicts;
}

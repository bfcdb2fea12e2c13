import { type BorderCatalogReader, recordSlot as slot } from "./border.js";
import type { Lifeline } from "./instance.js";
import { RecordRun } from "./record-run.js";
import type { ValidateOptions } from "./schema.js";
import type { Fields, Finding, Format } from "./types.js";

/** How `Catalog.run()` reads and what it tells. */
export interface CatalogRunOptions extends ValidateOptions {
  /** How the records stand in each input; `auto` by default, found out for each input anew. */
  readonly format?: Format | undefined;
  /** Tell the common fields of each event. Off by default. */
  readonly fields?: boolean | undefined;
  /** Check each event by its type's schema; `findings` says how many are told. Off by default. */
  readonly validate?: boolean | undefined;
}

/** What the catalogue says of a record of an input. */
export interface CatalogRecord {
  /** Its number in the run, from 0. */
  readonly record: number;
  /** The byte of its input at which it begins, from 0. */
  readonly offset: number;
  /** Its line in its input, from 1; only where the format goes by lines. */
  readonly line?: number;
  /** Its event type; null if none recognises it. */
  readonly type: string | null;
  /** Where the event stands in the record, as a JSON Pointer; null if it is unknown. */
  readonly at: string | null;
  /** Why nothing can be said: it is no JSON (`S101` …), or could be events of several types (`D102`). */
  readonly code?: string;
  /** The common fields of a known event, if they were asked for. */
  readonly fields?: Fields;
  /** Whether it is valid, if that was asked for: null if it is unknown, false if nothing can be said. */
  readonly valid?: boolean | null;
  /** What is wrong with the event, if that was asked for; places are counted from where the event begins. */
  readonly findings?: readonly Finding[];
}

interface Wanted {
  readonly fields: boolean;
  readonly validate: boolean;
}

type Draft = { -readonly [K in keyof CatalogRecord]: CatalogRecord[K] };

const none: readonly never[] = Object.freeze([]);

/** A run over records, told what event each is, and whatever else was asked for. */
export class CatalogRun extends RecordRun<CatalogRecord> {
  /** Made by `Catalog.run()`. */
  constructor(
    lifeline: Lifeline,
    reader: BorderCatalogReader,
    types: readonly { readonly type: string }[],
    format: number,
    wanted: Wanted,
  ) {
    const take = (count: number, first: number): CatalogRecord[] => {
      const at = reader.numbers() / 8;
      const { numbers } = lifeline.instance;
      const records: Draft[] = [];
      const groups: Groups = { deeper: [], broken: [], known: [], wrong: [] };
      for (let index = 0; index < count; index += 1) {
        const place = at + index * slot.perRecord;
        records.push(draft(first + index, numbers, place, types, wanted, groups));
      }
      give(groups.deeper, () => reader.places(), "at");
      give(groups.broken, () => reader.codes(), "code");
      if (wanted.fields) give(groups.known, () => reader.fields().map((json) => JSON.parse(json)), "fields");
      give(groups.wrong, () => reader.told(), "findings");
      return records;
    };
    super({ lifeline, reader, format, made: "catalog.run()", take });
  }
}

/** Records of which more is to be told. */
type Groups = Readonly<Record<"deeper" | "broken" | "known" | "wrong", Draft[]>>;

/** What the numbers at `at` say of a record. */
function draft(
  record: number,
  numbers: Float64Array,
  at: number,
  types: readonly { readonly type: string }[],
  wanted: Wanted,
  { deeper, broken, known, wrong }: Groups,
): Draft {
  const line = numbers[at + slot.line] as number;
  const type = numbers[at + slot.type] as number;
  const told: Draft = {
    record,
    offset: numbers[at + slot.offset] as number,
    ...(line > 0 && { line }),
    type: types[type]?.type ?? null,
    at: type < 0 ? null : "",
  };
  if (numbers[at + slot.deeper] === 1) deeper.push(told);
  if (type === -2) broken.push(told);
  if (type >= 0) known.push(told);
  if (wanted.validate) {
    const valid = numbers[at + slot.valid] as number;
    told.valid = valid < 0 ? null : valid === 1;
    told.findings = none;
    if (valid === 0) wrong.push(told);
  }
  return told;
}

/** Gives each record its own of what the other side tells of just these; it is asked only if there are any. */
function give<K extends keyof Draft>(records: readonly Draft[], told: () => Draft[K][], name: K): void {
  if (records.length === 0) return;
  const values = told();
  records.forEach((record, index) => {
    record[name] = values[index] as Draft[K];
  });
}

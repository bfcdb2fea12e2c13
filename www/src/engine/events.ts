// Single events: lines of the table, all that is told of one, and what is near it.
import { compile, type FieldName, type IndexedField, type RowSet, type Row as StoreRow } from "logweir/store";
import type { Held } from "./held.js";
import type { Calls, Detail, Drift, Row } from "./protocol.js";

/** A longer record is shown by its beginning. */
const MOST_SHOWN = 2_000_000;
const MOST_CELL = 300;
/** So many are shown as bytes. */
const MOST_BYTES = 4096;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export function line(held: Held, row: StoreRow, columns: readonly string[]): Row {
  // Free text is not in the index: where the store keeps no records, it is read here.
  const read =
    held.slices && columns.some((column) => row.fields[column as FieldName] === undefined)
      ? held.store.fields(row.row, held.record(row.row))
      : undefined;
  const cells = columns.map((column) => {
    const found = row.fields[column as FieldName] ?? read?.[column as FieldName];
    if (found !== undefined) return String(found).slice(0, MOST_CELL);
    if (column !== "@message") return "";
    return decoder.decode(held.record(row.row).subarray(0, MOST_CELL)).replace(/\s+/g, " ");
  });
  return {
    row: row.row,
    time: row.time ?? undefined,
    level: row.fields["@level"] === undefined ? undefined : String(row.fields["@level"]),
    type: row.type ?? undefined,
    code: row.code,
    cells,
  };
}

/** Some of a set in an order, as lines of the table. */
export function lines(
  held: Held,
  set: RowSet,
  sort: Held["sort"],
  from: number,
  count: number,
  columns: readonly string[],
): Row[] {
  const fields = [...new Set([...columns, "@level"])] as FieldName[];
  return held.store.rows(set, { sort, from, count, fields }).map((row) => line(held, row, columns));
}

export function detail(held: Held, number: number): Detail {
  const { store, catalog } = held;
  const row = store.row(number);
  const bytes = held.record(number);
  const whole = bytes.length <= MOST_SHOWN;
  const fields = Object.entries(store.fields(number, bytes) ?? {});
  return {
    row: number,
    place: {
      source: store.sources[row.source]?.name ?? "",
      line: row.line,
      offset: row.offset,
      length: row.length,
    },
    text: decoder.decode(whole ? bytes : bytes.subarray(0, MOST_SHOWN)),
    whole,
    bytes: bytes.slice(0, MOST_BYTES),
    type: row.type ?? undefined,
    at: row.type === null ? undefined : (catalog.detect(bytes).at ?? undefined),
    fields: Object.fromEntries(fields.map(([name, value]) => [name, String(value)])),
    findings: row.code === undefined ? catalog.validate(bytes).findings : [],
    drift: row.type === null ? [] : driftOf(row.type, bytes),
    fault: row.code === undefined ? undefined : faultOf(row.code, bytes),
  };
}

/** How an event differs from what the catalogue knows of its type. */
function driftOf(type: string, bytes: Uint8Array): readonly Drift[] {
  const weir = compile({ logweir: 1, accept: { events: [type] }, routes: [{ name: "out" }] });
  try {
    return weir.explain(bytes, { format: "json" })[0]?.drift ?? [];
  } finally {
    weir.free();
  }
}

/** What keeps a record from being read, and where. */
function faultOf(code: string, bytes: Uint8Array): Detail["fault"] {
  const weir = compile({ logweir: 1, accept: {}, routes: [{ name: "out" }] });
  try {
    const [entry] = weir.process(bytes, { format: "json" }).quarantined;
    const at = entry?.at ?? 0;
    return { code, expected: entry?.expected ?? "", at, unit: decoder.decode(bytes.subarray(0, at)).length };
  } finally {
    weir.free();
  }
}

const escaped = (value: unknown): string => `"${String(value).replace(/[\\"]/g, "\\$&")}"`;
const inTime = { by: "@time" } as const;

/** The events around one, whatever the search: before and after it, of its run, by its actor, within its minute. */
export function near(
  held: Held,
  { row, how, most, columns }: Parameters<Calls["near"]>[0],
): ReturnType<Calls["near"]> {
  const { store } = held;
  const around = (set: RowSet, query?: string) => {
    try {
      const from = Math.max(store.position(set, row, inTime) - Math.floor(most / 2), 0);
      return { rows: lines(held, set, inTime, from, most, columns), query };
    } finally {
      set.free();
    }
  };
  if (how === "neighbours") return around(store.all());
  if (how === "minute") {
    const { time } = store.row(row);
    return time === null
      ? { rows: [], query: undefined }
      : around(store.during(time - 30_000, time + 30_001));
  }
  const names: readonly IndexedField[] =
    how === "run" ? ["@run.id", "@trace.id"] : ["@actor.id", "@actor.email", "@enduser.id", "@actor.ip"];
  const { fields } = store.row(row);
  const name = names.find((candidate) => fields[candidate] !== undefined);
  if (name === undefined) return { rows: [], query: undefined };
  return around(store.same(row, name), `${name}:${escaped(fields[name])}`);
}

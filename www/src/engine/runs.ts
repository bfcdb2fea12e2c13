// Runs: events that share `@run.id`, and what called what.
import { detect, type FieldName, type RunSummary } from "logweir/store";
import type { Held } from "./held.js";
import type { RunLine, Span } from "./protocol.js";

/** The runs that have events in what was found, the latest first. */
export function runs(
  { store, found }: Held,
  most: number,
  failed: boolean,
): { total: number; runs: RunLine[] } {
  const all = store
    .runs(found)
    .filter(({ level }) => !failed || level === "error" || level === "fatal")
    .reverse();
  const line = ({ run, parent, rows, first, from, to, level, status }: RunSummary): RunLine => {
    const { fields } = store.row(first);
    return {
      run,
      parent: parent ?? undefined,
      events: rows,
      first,
      from: from ?? undefined,
      to: to ?? undefined,
      level: level ?? undefined,
      status: status ?? undefined,
      title: String(fields["@workflow.name"] ?? fields["@workflow.id"] ?? ""),
    };
  };
  return { total: all.length, runs: all.slice(0, most).map(line) };
}

const told: readonly FieldName[] = [
  "@level",
  "@status",
  "@run.id",
  "@parent.id",
  "@step",
  "@connector",
  "@operation",
  "@message",
];

/** All that belongs to an event's run, at any distance, in order of time. */
export function trace(held: Held, row: number, most: number): Span[] {
  const { store } = held;
  const set = store.trace(row);
  const rows = store.rows(set, { sort: { by: "@time" }, count: most, fields: told });
  set.free();
  return rows.map(({ row, time, duration, type, fields }) => {
    const text = (name: FieldName) => (fields[name] === undefined ? undefined : String(fields[name]));
    return {
      row,
      time: time ?? undefined,
      duration: duration === null ? undefined : duration * 1000,
      type: type ?? undefined,
      level: text("@level"),
      status: text("@status"),
      run: text("@run.id"),
      parent: text("@parent.id"),
      step: text("@step"),
      title: titleOf(type, text),
      steps: type === "workato.job" ? linesOf(held.record(row)) : [],
    };
  });
}

function titleOf(type: string | null, text: (name: FieldName) => string | undefined): string {
  const step = ["@step", "@connector", "@operation"] as const;
  const parts = text("@connector") === undefined ? [] : step.map(text).filter(Boolean);
  return parts.join(" · ") || text("@message") || text("@operation") || (type ?? "");
}

/** The lines of a Workato job, and how long each took: `line_stat.total`, in seconds. */
function linesOf(record: Uint8Array): Span["steps"] {
  const { event } = detect(record);
  const lines = (event as { lines?: unknown } | undefined)?.lines;
  if (!Array.isArray(lines)) return [];
  return lines.flatMap((line: Record<string, unknown> | null) => {
    if (typeof line !== "object" || line === null) return [];
    const total = (line.line_stat as { total?: unknown } | undefined)?.total;
    const title = [line.recipe_line_number, line.adapter_name, line.adapter_operation];
    return [
      {
        title: title
          .filter((part) => part !== undefined)
          .map(String)
          .join(" · "),
        duration: Number(total) * 1000 || 0,
        failed: line.error !== undefined && line.error !== null,
      },
    ];
  });
}

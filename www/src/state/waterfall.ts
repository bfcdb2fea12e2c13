// The events of runs as a tree with times: runs in runs, steps in runs, and how long each took.
import type { Span } from "../engine/protocol.js";

export interface Bar {
  key: string;
  title: string;
  kind: "run" | "step" | "event" | "line";
  depth: number;
  /** Milliseconds since 1970; undefined without a time. */
  from: number | undefined;
  to: number | undefined;
  level: string | undefined;
  status: string | undefined;
  /** The event to look at. */
  row: number;
  events: number;
}

interface Run {
  id: string;
  spans: Span[];
  children: Run[];
}

const rank = ["debug", "info", "warn", "error", "fatal"];
const gravest = (spans: readonly Span[]): string | undefined =>
  spans
    .map(({ level }) => level)
    .reduce((a, b) => (rank.indexOf(b ?? "") > rank.indexOf(a ?? "") ? b : a), undefined);

const begin = ({ time, duration }: Span): number | undefined =>
  time === undefined ? undefined : time - (duration ?? 0);

function stretch(spans: readonly Span[]): { from: number | undefined; to: number | undefined } {
  const froms = spans.map(begin).filter((time) => time !== undefined);
  const tos = spans.map(({ time }) => time).filter((time) => time !== undefined);
  return {
    from: froms.length > 0 ? Math.min(...froms) : undefined,
    to: tos.length > 0 ? Math.max(...tos) : undefined,
  };
}

/** The bars of a waterfall, from the outermost run inwards. */
export function waterfall(spans: readonly Span[]): Bar[] {
  const runs = new Map<string, Run>();
  for (const span of spans) {
    const id = span.run ?? "";
    const run = runs.get(id);
    if (run) run.spans.push(span);
    else runs.set(id, { id, spans: [span], children: [] });
  }
  const roots: Run[] = [];
  for (const run of runs.values()) {
    const parent = run.spans.map(({ parent }) => parent).find((id) => id !== undefined && id !== run.id);
    const above = parent === undefined ? undefined : runs.get(parent);
    if (above && !leadsTo(run, above)) above.children.push(run);
    else roots.push(run);
  }
  const bars: Bar[] = [];
  for (const root of roots) put(bars, root, 0);
  return bars;
}

/** Whether a run lies below another: events that name each other as parents must not make a ring. */
const leadsTo = (run: Run, other: Run): boolean =>
  run === other || run.children.some((child) => leadsTo(child, other));

function put(bars: Bar[], run: Run, depth: number): void {
  const last = run.spans.findLast(({ status }) => status !== undefined);
  const [first] = run.spans;
  if (!first) return;
  const named = run.id !== "";
  if (named)
    bars.push({
      key: `run ${run.id}`,
      title: run.id,
      kind: "run",
      depth,
      ...stretch(run.spans),
      level: gravest(run.spans),
      status: last?.status,
      row: (run.spans.find(({ level }) => level === "error") ?? first).row,
      events: run.spans.length,
    });
  const inner = depth + (named ? 1 : 0);
  for (const group of stepsOf(run.spans)) {
    const [span] = group;
    if (!span) continue;
    const end = group.at(-1) ?? span;
    const one = group.length === 1;
    bars.push({
      key: `event ${span.row}`,
      title: span.title,
      kind: one ? "event" : "step",
      depth: inner,
      ...stretch(group),
      level: gravest(group),
      status: end.status,
      row: end.row,
      events: group.length,
    });
    // The lines of a job tell how long each took, not when: they are drawn one after another.
    let at = begin(span);
    for (const [index, line] of span.steps.entries()) {
      bars.push({
        key: `line ${span.row} ${index}`,
        title: line.title,
        kind: "line",
        depth: inner + 1,
        from: at,
        to: at === undefined ? undefined : at + line.duration,
        level: line.failed ? "error" : "info",
        status: line.failed ? "failed" : undefined,
        row: span.row,
        events: 1,
      });
      if (at !== undefined) at += line.duration;
    }
  }
  for (const child of run.children) put(bars, child, inner);
}

/** What went into a step and what came out of it are one: events of a step that follow each other. */
function stepsOf(spans: readonly Span[]): Span[][] {
  const groups: Span[][] = [];
  const open = new Map<string, Span[]>();
  for (const span of spans) {
    const group = span.step === undefined ? undefined : open.get(span.step);
    if (group && span.type?.endsWith("output")) {
      group.push(span);
      open.delete(span.step ?? "");
      continue;
    }
    const next = [span];
    groups.push(next);
    if (span.step !== undefined && span.type?.endsWith("input")) open.set(span.step, next);
  }
  return groups;
}

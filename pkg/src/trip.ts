import { formatFinding } from "./finding.js";
import type { Trip } from "./types.js";

type Decision = Trip["decisions"][number];
type Delivery = Trip["routes"][number];
type Edit = Trip["edits"][number];

/**
 * A record's trip for people, room by room, a few short lines each; control characters become blanks.
 *
 * @example
 * for (const trip of weir.explain(input)) console.log(formatTrip(trip));
 */
export function formatTrip(trip: Trip): string {
  const { record, line, length, offset, outcome } = trip;
  const at = line === undefined ? "" : `, line ${line}`;
  const lines = [`record ${record}${at}, ${length} bytes at ${offset}: ${outcome}${why(trip)}`];
  const tell = (room: string, told: readonly string[]) =>
    told.forEach((text, index) => {
      lines.push(`  ${(index === 0 ? room : "").padEnd(8)} ${text}`);
    });
  const { event } = trip;
  if (event !== undefined) {
    tell("detect", [
      event.wrappers === 0 ? event.type : `${event.type}, below ${many(event.wrappers, "key")}`,
    ]);
    const told =
      trip.findings.length === 0 ? "finds no fault" : `finds ${many(trip.findings.length, "fault")}`;
    tell("schema", [
      ...(event.valid === undefined ? [] : [told]),
      ...trip.findings.map((finding) => `  ${formatFinding(finding)}`),
      ...trip.drift.map(({ change, pointer, count }) => `  ${drifts[change]} at ${pointer}, ${times(count)}`),
    ]);
  }
  for (const room of ["accept", "query", "sample"] as const)
    tell(room, trip.decisions.filter((decision) => roomOf(decision) === room).map(answer));
  if (trip.outcome === "kept") {
    const inside = trip.edits.filter(({ embedded }) => embedded > 0).length;
    const { length } = trip.edits;
    const changed =
      length === 0 ? "no rule reached anything" : `${length} changed, ${inside} of them inside strings`;
    const rules = trip.decisions.filter((decision) => roomOf(decision) === "redact").map(answer);
    tell("redact", [changed, ...rules.map((rule) => `  ${rule}`), ...trip.edits.flatMap(change)]);
  }
  for (const route of trip.routes) tell("encode", delivery(route));
  if (trip.outcome === "quarantined")
    tell(trip.room ?? "scan", [`withheld: expected ${trip.expected} at byte ${trip.at}`]);
  return `${lines.map((line) => line.replace(/\p{Cc}/gu, " ")).join("\n")}\n`;
}

const drifts = {
  unknown: "a field that the catalogue does not know",
  missing: "a required field is missing",
  type: "a value of another type",
  value: "a value that the catalogue does not know",
};

const many = (count: number, of: string) => (count === 1 ? `1 ${of}` : `${count} ${of}s`);
const times = (count: number) => (count === 1 ? "once" : `${count} times`);

/** Behind the outcome: where it went, or what kept it from going anywhere. */
function why({ routes, outcome, decisions, code }: Trip): string {
  if (outcome === "kept") return ` → ${routes.map(({ name }) => name).join(", ")}`;
  if (outcome === "quarantined") return ` (${code})`;
  const noes = decisions.filter(({ pointer, passes }) => !passes && !pointer.endsWith("/always"));
  return noes.length === 0 ? "" : ` by ${noes.map(({ pointer }) => pointer).join(", ")}`;
}

/** Which room decides. */
function roomOf({ pointer }: Decision): "accept" | "sample" | "redact" | "query" {
  if (pointer.startsWith("/accept")) return "accept";
  if (pointer.startsWith("/redact")) return "redact";
  return /\/sample(\/always)?$/.test(pointer) ? "sample" : "query";
}

function answer({ pointer, passes, term, by }: Decision): string {
  const decided = term?.text ?? by;
  const because = decided === undefined ? "" : `, by ${decided}`;
  const where = term === undefined ? "" : ` (bytes ${term.span.start} to ${term.span.end})`;
  return `${pointer}: ${passes ? "yes" : "no"}${because}${where}`;
}

function change(edit: Edit): string[] {
  const { rule, path, place, action, kind, offset, length, becomes, embedded, was } = edit;
  const by = path === place ? rule : `${rule} ${path}`;
  const depth = embedded === 0 ? "" : `, inside JSON in a string (depth ${embedded})`;
  const what = becomes === 0 ? "gone" : `now ${becomes}`;
  const told = `${by} at ${place || "the record"}: ${action}, ${kind} of ${length} bytes at ${offset} is ${what}`;
  return [`  ${told.trim()}${depth}`, ...(was === undefined ? [] : [`    was ${excerpt(was)}`])];
}

function delivery(route: Delivery): string[] {
  const form = route.template === undefined ? "as it is" : `${route.mode} of ${route.template}`;
  const large = route.oversize ? ", which was too large for it" : "";
  const told = [
    `${route.name}: ${route.to}, ${form}; ${many(route.records, "record")}, ${route.bytes} bytes${large}`,
  ];
  if (route.host !== undefined) told.push(`  ${route.method} to ${route.host}`);
  if (route.key !== undefined) told.push(`  as ${route.key}`);
  if (route.body !== undefined)
    told.push(
      ...route.body
        .trimEnd()
        .split("\n")
        .map((line) => `  ${line}`),
    );
  return told;
}

const EXCERPT = 80;

/** The beginning of a value, on one line. */
function excerpt(value: string): string {
  const flat = value.replace(/\s+/g, " ");
  return flat.length > EXCERPT ? `${flat.slice(0, EXCERPT)}…` : flat;
}

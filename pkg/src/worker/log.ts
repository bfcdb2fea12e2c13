// Structured logs: a line of JSON for each thing worth telling, of fixed words, names of the policy and counts.

/** What happened. */
export type Happening =
  | "taken"
  | "refused"
  | "not taken"
  | "delivered"
  | "not delivered"
  | "dead letters"
  | "replayed"
  | "not set up"
  | "not shown"
  | "silence"
  | "fault";

/** Names of the policy, codes, reasons of `interpret()`, ids that the forwarder made, counts: never a value. */
export type Details = Readonly<Record<string, string | number | undefined>>;

/** Writes a line to the Worker's log. An error's own text never goes in: it could quote what was being read. */
export function log(level: "info" | "warn" | "error", happening: Happening, details: Details = {}): void {
  console[level](JSON.stringify({ level, logweir: happening, ...details }));
}

// What the page and its Web Worker say to each other.
import type { Format, Problem, Report } from "logweir/slim";
import type { Place } from "../base/text.js";

export type { Format, Problem, Report };

export interface Request {
  policy: string;
  events: string;
  format: Format;
}

export interface RouteOutput {
  name: string;
  contentType: string;
  records: number;
  body: Uint8Array<ArrayBuffer>;
}

/** A record that was withheld: why, and where in the text of the request. Never its bytes. */
export interface Withheld {
  code: string;
  record: number;
  expected: string;
  from: Place;
  to: Place;
  at: Place;
  length: number;
}

/** The list of withheld records stops here; the report counts all of them. */
export const WITHHELD_SHOWN = 200;

export interface Outcome {
  kind: "outcome";
  routes: RouteOutput[];
  withheld: Withheld[];
  report: Report;
  warnings: readonly Problem[];
}

export type Reply =
  | Outcome
  | { kind: "problems"; problems: readonly Problem[] }
  | { kind: "fault"; text: string };

// Points in time as callers give them: one rule for all that asks for one.
import { UsageError } from "./errors.js";

/**
 * A point in time: a `Date`, milliseconds since 1970, or text with an offset from UTC, which `{{now}}` is then written
 * with: `2026-05-04T08:00:00.123-04:00` (RFC 3339), or `2026-05-04 08:00:00.123 -0800 AKDT` for that form. Of the years 0
 * to 9999.
 */
export type Now = Date | number | string;

/** RFC 3339, section 5.6, with any number of decimals; or with a blank before the time and the offset, a zone's name behind it. */
const FORM =
  /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d+)? ?(?:[Zz]|UTC|GMT|([+-]\d\d):?(\d\d)(?: [A-Za-z()/_]+)?)$/;

/** As the other side takes it. */
export function timeText(now: Now): string {
  if (typeof now === "string") {
    millis(now);
    return now;
  }
  const text = isTime(now) ? new Date(now).toISOString() : "";
  if (text.length !== "2026-05-04T06:00:00.000Z".length) throw noTime();
  return text;
}

/** As milliseconds since 1970; what is finer is cut off. */
export function timeMillis(now: Now): number {
  return millis(timeText(now));
}

function millis(text: string): number {
  const [, date, time, decimals = ".0", hours = "+00", minutes = "00"] = FORM.exec(text.trim()) ?? [];
  // Three decimals are all that every engine reads.
  const found = Date.parse(`${date}T${time}${decimals.slice(0, 4).padEnd(4, "0")}${hours}:${minutes}`);
  if (Number.isNaN(found)) throw noTime();
  return found;
}

/** Whether it is one that ISO 8601 has a form for. */
const isTime = (now: unknown): now is Date | number =>
  (typeof now === "number" || Object.prototype.toString.call(now) === "[object Date]") &&
  Math.abs(Number(now)) <= 8.64e15;

/** Sets the time of what renders, to what `timeText()` gave. */
export function setTime(target: { now(text: string): boolean }, text: string): void {
  if (!target.now(text)) throw noTime();
}

export const noTime = () =>
  new UsageError(
    "W904",
    "now: expected a point in time: a Date, milliseconds, or text with its offset from UTC",
  );

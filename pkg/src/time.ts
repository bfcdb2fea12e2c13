// The time at which templates render: given by the caller, or the clock's.
import { UsageError } from "./errors.js";

/**
 * The time of rendering: a `Date`, milliseconds since 1970, or text with an offset, which `{{now}}` is then written with:
 * `2026-05-04T08:00:00.123-04:00`, or `2026-05-04 08:00:00.123 -0800 AKDT` for that form.
 */
export type Now = Date | number | string;

/** As the other side takes it. */
export function timeText(now: Now): string {
  if (typeof now === "string") return now;
  const date = new Date(now);
  if (Number.isNaN(date.getTime())) throw noTime();
  return date.toISOString();
}

/** Sets the time of what renders. */
export function setTime(target: { now(text: string): boolean }, now: Now): void {
  if (!target.now(timeText(now))) throw noTime();
}

export const noTime = () => new UsageError("W904", "now: expected a point in time, with its offset from UTC");

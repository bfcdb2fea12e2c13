// For how long a receiver wants to be left alone.

/** The longest that one may ask for, in seconds: a day. */
export const LONGEST = 86_400;

/**
 * What `Retry-After` says, in seconds: a number of them, whole or with a fraction, or a date (RFC 9110, section 10.2.3).
 * Undefined where it is neither.
 *
 * @param now in milliseconds since 1970
 */
export function retryAfter(text: string | null | undefined, now: number): number | undefined {
  if (typeof text !== "string") return undefined;
  const isCount = /^\d+(\.\d+)?$/.test(text.trim());
  const isDate = /^[a-z]{3}/i.test(text.trim()); // a weekday: engines take other texts for dates, too
  const seconds = isCount ? Number(text) : isDate ? (Date.parse(text) - now) / 1000 : Number.NaN;
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 0), LONGEST);
}

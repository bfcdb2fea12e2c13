// Times as each platform writes them.

/** Writes a point in time, given in milliseconds since 1970. */
export type TimeFormat = (ms: number) => string;

const DAY = 86_400_000;
const TWO = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, "0"));

/**
 * What `Date.toISOString` gives, in a quarter of its time, for every event has a few. From 1970 to 9999. The date is
 * found as Howard Hinnant does ("chrono-Compatible Low-Level Date Algorithms", civil_from_days).
 */
export function iso(ms: number): string {
  const days = Math.floor(ms / DAY);
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const leaps = Math.floor(ofEra / 1460) - Math.floor(ofEra / 36_524) + Math.floor(ofEra / 146_096);
  const years = Math.floor((ofEra - leaps) / 365);
  const ofYear = ofEra - (365 * years + Math.floor(years / 4) - Math.floor(years / 100));
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const day = ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const year = years + era * 400 + (month <= 2 ? 1 : 0);
  const rest = ms - days * DAY;
  const clock = `${TWO[Math.floor(rest / 3_600_000)]}:${TWO[Math.floor(rest / 60_000) % 60]}:${TWO[Math.floor(rest / 1000) % 60]}`;
  const hundredths = TWO[Math.floor(rest / 10) % 100];
  return `${year}-${TWO[month]}-${TWO[day]}T${clock}.${hundredths}${rest % 10}Z`;
}

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = "January February March April May June July August September October November December".split(
  " ",
);

const weekday: TimeFormat = (ms) => DAYS[new Date(ms).getUTCDay()] as string;
const month: TimeFormat = (ms) => MONTHS[new Date(ms).getUTCMonth()] as string;

/** The week of ISO 8601: the first of a year is that of its first Thursday. */
function week(ms: number): string {
  const thursday = ms + (3 - ((new Date(ms).getUTCDay() + 6) % 7)) * DAY;
  return `${1 + Math.floor((thursday - Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1)) / (7 * DAY))}`;
}

function prose(ms: number): string {
  const hour = Number(iso(ms).slice(11, 13));
  const clock = `${String(hour % 12 || 12).padStart(2, "0")}${iso(ms).slice(13, 19)}`;
  const day = `${weekday(ms)}, ${month(ms)} ${iso(ms).slice(8, 10)}, ${iso(ms).slice(0, 4)}`;
  return `${day} at ${clock} ${hour < 12 ? "AM" : "PM"} UTC`;
}

const named: Record<string, TimeFormat> = {
  weekday,
  month,
  week,
  prose,
  epoch: (ms) => `${ms}`,
  utc: (ms) => `${iso(ms).slice(0, 10)} ${iso(ms).slice(11, 19)} UTC`,
  // RFC 9110, section 5.6.7
  http: (ms) => new Date(ms).toUTCString(),
};

/** Beyond the milliseconds: any digits, but always the same for the same time. */
const micros = (ms: number) => String((ms * 7919) % 1000).padStart(3, "0");

/**
 * The format of a template: a name and perhaps a zone (`utc`, `weekday-07:00`), or digits of the second and the zone
 * (`3Z`, `0-07:00`, `6+00:00`: RFC 3339). `*` stands for as many digits as are not zero.
 */
export function timeFormat(name: string): TimeFormat {
  const [, kind = "", zone = "Z"] = /^(.*?)(Z|[+-]\d\d:\d\d)?$/.exec(name) ?? [];
  const [hours = 0, minutes = 0] = zone === "Z" ? [] : zone.slice(1).split(":").map(Number);
  const shift = (hours * 60 + minutes) * (zone.startsWith("-") ? -60_000 : 60_000);
  const known = named[kind];
  if (known) return (ms) => known(ms + shift);
  return (ms) => {
    const text = iso(ms + shift);
    if (kind === "3") return text.slice(0, 23) + zone;
    if (kind === "0") return text.slice(0, 19) + zone;
    const full = text.slice(0, 23) + micros(ms);
    return (kind === "6" ? full : full.replace(/\.?0+$/, "")) + zone;
  };
}

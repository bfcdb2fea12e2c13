// Times as each platform writes them.

/** Writes a point in time, given in milliseconds since 1970. */
export type TimeFormat = (ms: number) => string;

const iso = (ms: number) => new Date(ms).toISOString();

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = "January February March April May June July August September October November December".split(
  " ",
);
const DAY = 86_400_000;

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

// Instants for people: in UTC, as precise as the place allows.

const two = (n: number): string => String(n).padStart(2, "0");

/** Milliseconds since 1970 as `2026-05-04 06:00:01.187`. */
export function instant(ms: number): string {
  const text = new Date(ms).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 23)}`;
}

/** The part of an instant that a list needs whose days are told elsewhere: `06:00:01.187`. */
export const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 23);

export const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** A length of time in few characters: `340 ms`, `2.4 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function span(ms: number): string {
  if (ms < 1000) return `${Number.isInteger(ms) ? ms : ms.toFixed(ms < 10 ? 1 : 0)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const pair = (big: number, of: string, small: number, off: string) =>
    small === 0 ? `${big} ${of}` : `${big} ${of} ${small} ${off}`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return pair(minutes, "min", Math.round(seconds % 60), "s");
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return pair(hours, "h", minutes % 60, "min");
  return pair(Math.floor(hours / 24), "d", hours % 24, "h");
}

const units = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  1e3,
  2e3,
  5e3,
  10e3,
  15e3,
  30e3,
  60e3,
  120e3,
  300e3,
  600e3,
  900e3,
  1800e3,
  3600e3,
  2 * 3600e3,
  3 * 3600e3,
  6 * 3600e3,
  12 * 3600e3,
  86400e3,
  2 * 86400e3,
  7 * 86400e3,
  14 * 86400e3,
  30 * 86400e3,
  90 * 86400e3,
  365 * 86400e3,
];

/** A round length of time of which at most `most` fit into `ms`. */
export function roundStep(ms: number, most: number): number {
  return units.find((unit) => ms / unit <= most) ?? Math.ceil(ms / most / 86400e3) * 86400e3;
}

/** Places for marks on an axis, with as much of the date as tells them apart. */
export function ticks(from: number, to: number, most: number): { at: number; label: string }[] {
  const unit = roundStep(Math.max(to - from, 1), most);
  const found: { at: number; label: string }[] = [];
  for (let at = Math.ceil(from / unit) * unit; at <= to && found.length <= most; at += unit) {
    const date = new Date(at);
    const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
    const label =
      unit >= 86400e3
        ? day(at)
        : unit >= 60e3
          ? time === "00:00"
            ? day(at).slice(5)
            : time
          : unit >= 1000
            ? `${time}:${two(date.getUTCSeconds())}`
            : date.toISOString().slice(14, 23);
    found.push({ at, label });
  }
  return found;
}

// A line on the terminal that says how far a long job is.

const AFTER = 1000;
const EVERY = 100;
const BAR = 24;

/** Counts bytes; shows them on a terminal once the work has taken more than a second. */
export class Progress {
  readonly #out: { write(text: string): unknown };
  readonly #shown: boolean;
  readonly #total: number | undefined;
  readonly #began = performance.now();
  #bytes = 0;
  #next = this.#began + AFTER;
  #drawn = false;

  /** @param total all bytes that will be read, if that is known */
  constructor(
    total: number | undefined,
    out: { write(text: string): unknown } = process.stderr,
    shown = Progress.wanted(),
  ) {
    this.#total = total;
    this.#out = out;
    this.#shown = shown;
  }

  /** On a terminal, unless the data itself scrolls over it. */
  static wanted(): boolean {
    return process.stderr.isTTY === true && process.stdout.isTTY !== true;
  }

  readonly add = (bytes: number): void => {
    this.#bytes += bytes;
    if (!this.#shown) return;
    const now = performance.now();
    if (now < this.#next) return;
    this.#next = now + EVERY;
    this.#drawn = true;
    this.#out.write(`\r\x1b[K${progressLine(this.#bytes, this.#total, (now - this.#began) / 1000)}`);
  };

  /** Takes the line away, before anything else is said or at the end. */
  clear(): void {
    if (this.#drawn) this.#out.write("\r\x1b[K");
    this.#drawn = false;
  }
}

/** The line itself. */
export function progressLine(bytes: number, total: number | undefined, seconds: number): string {
  const speed = bytes / seconds;
  const done = `${size(bytes)}${total === undefined ? "" : ` of ${size(total)}`}  ${size(speed)}/s`;
  if (total === undefined || total === 0) return done;
  const part = Math.min(1, bytes / total);
  const full = Math.round(part * BAR);
  const left = clock(Math.max(0, total - bytes) / speed);
  const percent = `${Math.floor(part * 100)}`.padStart(3);
  return `[${"#".repeat(full)}${".".repeat(BAR - full)}] ${percent} %  ${done}  ${left} left`;
}

/** Bytes for people: `1.2 MB`, in steps of 1000 as disks and networks count. */
export function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

function clock(seconds: number): string {
  if (!Number.isFinite(seconds)) return "-:--";
  const whole = Math.ceil(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  const tail = String(whole % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

// Where things stand in the bucket: by what they are, whose, and when, so that a stretch of time is one stretch of keys.

/** What is kept: records withheld, dead letters, what routes without a destination were given, and all that came. */
export const SHELVES = ["quarantine", "dead", "archive", "originals"] as const;

/** One of them. */
export type Shelf = (typeof SHELVES)[number];

/** The folder of a shelf, or of a source or route in it. */
export const folder = (shelf: Shelf, name?: string): string =>
  name === undefined ? `${shelf}/` : `${shelf}/${encodeURIComponent(name)}/`;

/** `quarantine/tray/2026-05-04/06/0012345-ID`: day, hour, then minute, second and millisecond, in UTC. */
export function keyOf(shelf: Shelf, name: string, at: number, id: string): string {
  return `${folder(shelf, name)}${moment(at)}-${id}`;
}

/** How keys of a moment go on behind their folder. */
export function moment(at: number): string {
  const [day = "", time = ""] = new Date(at).toISOString().split("T");
  return `${day}/${time.slice(0, 2)}/${time.slice(3, -1).replace(/[:.]/g, "")}`;
}

/** What a key tells; undefined where it is none of `keyOf`. */
export function partsOf(
  key: string,
): { readonly name: string; readonly at: number; readonly id: string } | undefined {
  const form = /^[a-z]+\/([^/]+)\/(\d{4}-\d\d-\d\d)\/(\d\d)\/(\d\d)(\d\d)(\d{3})-([^/]+)$/;
  const [, coded = "", day, hour, minute, second, millisecond, id = ""] = form.exec(key) ?? [];
  const at = Date.parse(`${day}T${hour}:${minute}:${second}.${millisecond}Z`);
  try {
    return Number.isFinite(at) ? { name: decodeURIComponent(coded), at, id } : undefined;
  } catch {
    return undefined;
  }
}

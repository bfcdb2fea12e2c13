// What can be opened. Files stay where they are and are read in slices; nothing else is kept of them.

export type Source =
  | { readonly kind: "file"; readonly file: File; readonly name: string }
  | { readonly kind: "text"; readonly text: string; readonly name: string }
  | { readonly kind: "tail"; readonly query: string; readonly token: string; readonly name: string }
  | { readonly kind: "sample"; readonly count: number; readonly seed: number; readonly name: string };

/** Bytes of files that are kept in memory; of larger ones an index is, and the records are read where they lie. */
const MOST_KEPT = 1.5e9;

export const isLarge = (sources: readonly Source[]): boolean =>
  sources.reduce((sum, source) => sum + (source.kind === "file" ? source.file.size : 0), 0) > MOST_KEPT;

/** Names of files that are read from a folder, rotated ones too (`app.log.1`); others in it are left alone. */
const readable = /\.(json|jsonl|ndjson|log|txt|gz|gzip|zip)([.-]\d[\d.-]*)?$/i;

/** The files of a drop, folders gone through, in order of their paths. */
export async function dropped(data: DataTransfer): Promise<Source[]> {
  const entries = [...data.items]
    .filter(({ kind }) => kind === "file")
    .map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const found: Source[] = [];
  for (const { entry, file } of entries) {
    if (entry?.isDirectory) found.push(...(await folder(entry as FileSystemDirectoryEntry)));
    else if (file) found.push(fromFile(file));
  }
  if (found.length > 0) return found;
  const text = data.getData("text/plain");
  return text === "" ? [] : [{ kind: "text", text, name: "" }];
}

export const fromFile = (file: File, name = file.webkitRelativePath || file.name): Source => ({
  kind: "file",
  file,
  name,
});

/** The files of a folder that was chosen in a dialog. */
export const fromFolder = (files: Iterable<File>): Source[] =>
  [...files]
    .filter(({ name }) => readable.test(name))
    .map((file) => fromFile(file))
    .sort(byName);

const byName = (a: Source, b: Source): number => (a.name < b.name ? -1 : 1);

async function folder(directory: FileSystemDirectoryEntry): Promise<Source[]> {
  const reader = directory.createReader();
  const found: Source[] = [];
  for (;;) {
    // A reader gives at most a hundred entries at a time.
    const entries = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail));
    if (entries.length === 0) return found.sort(byName);
    for (const entry of entries) {
      if (entry.isDirectory) found.push(...(await folder(entry as FileSystemDirectoryEntry)));
      else if (readable.test(entry.name)) {
        const file = await new Promise<File>((done, fail) => (entry as FileSystemFileEntry).file(done, fail));
        found.push(fromFile(file, entry.fullPath.replace(/^\//, "")));
      }
    }
  }
}

// The events that were found, as a file.
import { plainWeir } from "./bench.js";
import type { Held } from "./held.js";
import type { Job } from "./job.js";
import type { Calls, Found, Saved } from "./protocol.js";

const decoder = new TextDecoder("utf-8", { fatal: true });
/** Characters that are put aside at once. */
const PART = 4 << 20;
const newline = /\r?\n\s*/g;

/** Makes the file, redacted by the policy's rules unless none is told. */
export async function save(
  held: Held,
  { form, policy, columns }: Parameters<Calls["save"]>[0],
  job: Job<Found>,
): Promise<Saved> {
  const { catalog, numbers: rows } = held;
  const weir = policy === undefined ? undefined : plainWeir(policy);
  const parts: Blob[] = []; // as the browser keeps them: on the disk, where they are many
  let waiting = "";
  let records = 0;
  let withheld = 0;
  let broken = 0;
  const flush = () => {
    if (waiting !== "") parts.push(new Blob([waiting]));
    waiting = "";
  };
  const put = (text: string) => {
    waiting += text;
    if (waiting.length >= PART) flush();
  };
  if (form === "csv") put(`${columns.map(quoted).join(",")}\r\n`);
  if (form === "json") put("[");
  try {
    for (const [index, row] of rows.entries()) {
      let bytes = held.record(row);
      if (weir) {
        const [batch] = weir.process(bytes, { format: "json" }).batches;
        if (!batch) {
          withheld += 1;
          continue;
        }
        bytes = batch.body;
      }
      const text = textOf(bytes);
      if (
        form === "json" &&
        (text === undefined || (held.store.row(row).code !== undefined && !isJson(text)))
      ) {
        broken += 1; // the file would be none
        continue;
      }
      // Line breaks between tokens are all that a line's framing forbids: in a string they are escaped.
      if (form === "ndjson" && text === undefined) {
        flush();
        parts.push(new Blob([bytes.map((byte) => (byte === 10 || byte === 13 ? 32 : byte)), "\n"]));
      } else if (form === "ndjson") put(`${text?.replace(newline, " ")}\n`);
      else if (form === "json") put(`${records > 0 ? "," : ""}\n${text}`);
      else {
        const fields: Record<string, unknown> = catalog.fields(bytes) ?? {};
        put(`${columns.map((name) => cell(String(fields[name] ?? ""))).join(",")}\r\n`);
      }
      records += 1;
      if (!job.due) continue;
      job.tell({ count: records, looked: index + 1, of: rows.length });
      await job.pause();
    }
  } finally {
    weir?.free();
  }
  if (form === "json") put("\n]\n");
  flush();
  const type = { ndjson: "application/x-ndjson", json: "application/json", csv: "text/csv" }[form];
  return { file: new Blob(parts, { type }), records, withheld, broken };
}

/** A record as text; undefined where its bytes are no UTF-8, and would be others as text. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes).trim();
  } catch {
    return undefined;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A value as a cell: what a spreadsheet would take for a formula gets an apostrophe before it. */
const cell = (text: string): string =>
  quoted(/^[=+\-@\t\r\n＝＋－＠]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text);

/** A cell of CSV (RFC 4180). */
const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

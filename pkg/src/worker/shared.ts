// Taking a request whose events tell by a field whose they are: each goes through the policy of its tenant.
import { Report } from "../account.js";
import type { Batch, Policy } from "../types.js";
import { compile, type Weir } from "../weir.js";
import { bytesOf, concat } from "./crypto.js";
import { Part } from "./part.js";
import { Refusal } from "./problem.js";
import { limited, type Setup } from "./setup.js";
import { type Claim, gathered, type Taken } from "./take.js";
import { catalogOf, plain } from "./variants.js";

const NEWLINE = bytesOf("\n");

/** Of a request that is split, at most so many bytes are read: an isolate has 128 MB, and may hold them several times. */
const MOST = 16_000_000;

/** Tells events apart by whose they are. */
export class Splitter {
  readonly #text: string;
  #weir: Weir | undefined;

  /**
   * @param policy the text of one whose event types are known besides the built-in ones
   * @throws {PolicyError} where a field is none
   */
  constructor(fields: readonly string[], policy: string) {
    // Objects in S3 hold records of one name only, byte for byte as they came.
    const key = [...fields.map((field) => `{{${field}}}`), "${batch}"].join("/");
    const routes = [{ name: "tenants", to: { s3: { bucket: "none", url: "https://none", key } } }];
    const catalog = catalogOf(policy);
    const accept = catalog && { accept: { catalog, invalid: "ignore" } };
    this.#text = limited({ logweir: 1, ...accept, routes, quarantine: { originals: true } } as Policy);
    this.#weir = compile(this.#text);
  }

  /** It met a fault. */
  renew(): void {
    this.#weir = undefined;
  }

  get weir(): Weir {
    this.#weir ??= compile(this.#text);
    return this.#weir;
  }
}

/** What stands before a key in the address of an object; nothing is ever sent there. */
const BEFORE = "https://none/none/";

/** Whose a batch of the splitter is; undefined where no field has a value. */
function tenantOf({ request }: Batch): string | undefined {
  // FIELD/FIELD/DIGEST, where the parts of a key are percent-encoded, and the key is again. Not by `URL`: `..` is a name.
  const parts = request?.url.slice(BEFORE.length).split("/") ?? [];
  const found = parts.slice(0, -1).find((part) => part !== "");
  return found && decodeURIComponent(decodeURIComponent(found));
}

/**
 * Takes all records of a request, or none, each under the policy of its tenant. One that cannot be taken keeps the others
 * of the request out, too, until it is sent again: the sender hears one answer.
 *
 * @param enter gives what works for a tenant, or for what no field tells the tenant of
 */
export async function takeShared(
  splitter: Splitter,
  setup: Setup,
  claim: Claim,
  chunks: AsyncIterable<Uint8Array>,
  enter: (tenant: string | undefined) => Promise<Setup>,
): Promise<Taken> {
  const own = new Part(setup, { ...claim, format: "ndjson" });
  const parts = new Map<string | undefined, Part>([[undefined, own]]);
  const partOf = async (tenant: string | undefined) => {
    const setup = await enter(tenant);
    const part = parts.get(setup.tenant) ?? new Part(setup, { ...claim, format: "ndjson" });
    parts.set(setup.tenant, part);
    return part;
  };
  const all = () => [...parts.values()];
  let withheld: Report;
  try {
    const batches = splitter.weir.batches(gathered(limitedTo(MOST, chunks)), {
      format: claim.format,
      async onQuarantine({ original, ...place }) {
        if (original !== undefined) await own.copy(concat([original, NEWLINE]));
        await own.withhold(original && keepsWithheld(setup) ? { ...place, original } : place);
      },
    });
    for await (const batch of batches) await (await partOf(tenantOf(batch))).push(batch.body);
    withheld = ofWithheld(batches.report);
    for (const part of all()) await part.close();
  } catch (error) {
    for (const part of all()) await part.abandon();
    throw error;
  }
  for (const part of all()) await part.send();
  const report = Report.merge(...all().map((part) => part.report), withheld);
  const taken: Taken[] = [];
  for (const part of all().filter((part) => part !== own)) taken.push(await part.enter(part.report.records));
  // Last: it says that all of the request was taken.
  taken.push(await own.enter(report.records, Report.merge(own.report, withheld)));
  return {
    report,
    batches: {},
    async show() {
      for (const { show } of taken) await show();
    },
  };
}

/** Whether the forwarder's own policy wants the content of what is withheld. */
function keepsWithheld({ preparation }: Setup): boolean {
  const { quarantine } = plain(preparation.text) ?? {};
  return typeof quarantine === "object" && (quarantine as { originals?: unknown } | null)?.originals === true;
}

/** What the splitter itself withheld, and nothing of what went on. */
const ofWithheld = ({ quarantined, reasons }: Report): Report => ({
  ...Report.merge(),
  records: quarantined,
  quarantined,
  reasons,
});

async function* limitedTo(most: number, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > most) throw new Refusal("W924");
    yield chunk;
  }
}

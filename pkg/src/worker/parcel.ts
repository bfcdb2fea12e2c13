// A batch on its way: the message of a queue, with the body in it or the key of the object that has it.
import type { Batch, BatchRequest, Bytes, DestinationName } from "../types.js";
import { concat, sha256 } from "./crypto.js";
import type { BucketBinding, QueueBinding } from "./platform.js";
import type { Author } from "./tenants.js";

/** What a message holds. A body of text is the key of the object that has it. */
export interface Parcel {
  readonly version: 1;
  readonly id: string;
  /** Whose it is; the forwarder's own where it is not told. */
  readonly tenant?: string | undefined;
  /** By whose policy it was made, and with whose secrets it is sent. */
  readonly author: Author;
  readonly route: string;
  readonly to: DestinationName;
  readonly contentType: string;
  readonly request: BatchRequest;
  readonly records: number;
  /** The length of the body. */
  readonly bytes: number;
  /** The SHA-256 of the policy that made it. */
  readonly policy: string;
  /** When the request was tried first that it came with: milliseconds since 1970. */
  readonly at: number;
  /** When it was taken, by this or a later try: from then on it is given up after a while. */
  readonly taken: number;
  readonly body: Bytes | string;
  /** Where in the object the body begins, if it has others, too. */
  readonly from?: number;
  /** How often it was handed out before this message of it was sent. */
  readonly attempts?: number;
  /** How many bodies the object has then, all of the same route. */
  readonly parts?: number;
}

/** The largest body that goes in a message: of 128 KB, the rest is for what stands around it. */
const INLINE = 100_000;

/** Messages that go together (Cloudflare Queues, limits): 100, of 256 KB together; some of it is for what stands around. */
const TOGETHER = { messages: 100, bytes: 200_000 };

/** Address and headers stand in the message, too. */
const weight = (parcel: Parcel) =>
  (typeof parcel.body === "string" ? 0 : parcel.body.length) +
  parcel.request.url.length +
  JSON.stringify(parcel.request.headers).length +
  500;

/** Where a parcel comes from. */
export interface Origin extends Pick<Parcel, "at" | "taken" | "policy" | "tenant" | "author"> {
  /** What the id is made from besides the body: the same for each try of the same thing, and for nothing else. */
  readonly name: string;
  /** What the key of a stored body ends with. */
  readonly suffix?: string;
}

/** Makes the parcel of a batch; a large body is stored first. */
export async function pack(
  batch: Batch,
  { name, at, taken, policy, tenant, author, suffix = "" }: Origin,
  store: BucketBinding,
): Promise<Parcel> {
  const { route, to, contentType, records, request } = batch;
  const id = await idOf(name, batch.body);
  // Of a view, the message would hold the whole buffer.
  const own = batch.body.length === batch.body.buffer.byteLength ? batch.body : batch.body.slice();
  const parcel: Parcel = {
    version: 1,
    id,
    ...(tenant !== undefined && { tenant }),
    author,
    route,
    to: to as DestinationName,
    contentType,
    request: request as BatchRequest,
    records,
    bytes: own.length,
    policy,
    at,
    taken,
    body: own,
  };
  if (weight(parcel) <= INLINE) return parcel;
  const key = `bodies/${day(at)}/${id}${suffix && `-${suffix}`}`;
  await store.put(key, own);
  return { ...parcel, body: key };
}

/** Takes the bodies of parcels of one route out of their messages, into one object. */
export async function bundle(
  parcels: readonly Parcel[],
  name: string,
  store: BucketBinding,
): Promise<Parcel[]> {
  const [first] = parcels;
  if (first === undefined) return [];
  const key = `bodies/${day(first.at)}/${name}`;
  await store.put(key, concat(parcels.map(({ body }) => body as Bytes)));
  let from = 0;
  return parcels.map((parcel) => {
    const moved = { ...parcel, body: key, from, parts: parcels.length };
    from += parcel.bytes;
    return moved;
  });
}

/** The same for the same body under the same name, and for nothing else. */
export const idOf = async (name: string, body: Bytes): Promise<string> =>
  (await sha256(`${name}\n`, body)).slice(0, 32);

/** The batch of a parcel; undefined where the object with its body is not there. */
export async function unpack(parcel: Parcel, store: BucketBinding): Promise<Batch | undefined> {
  const { route, to, contentType, request, records } = parcel;
  let { body } = parcel;
  if (typeof body === "string") {
    const { from, bytes } = parcel;
    const part = from === undefined ? undefined : { range: { offset: from, length: bytes } };
    const object = await store.get(body, part);
    if (object === null) return undefined;
    body = new Uint8Array(await object.arrayBuffer());
  }
  return { route, to, contentType, request, records, body };
}

/** Sends parcels, as many together as a queue takes; to be handed out after some seconds. */
export async function post(
  queue: QueueBinding,
  parcels: readonly Parcel[],
  delaySeconds?: number,
): Promise<void> {
  let [group, bytes]: [Parcel[], number] = [[], 0];
  const options = delaySeconds === undefined ? undefined : { delaySeconds };
  const send = () =>
    queue.sendBatch(
      group.map((body) => ({ body, contentType: "v8" as const })),
      options,
    );
  for (const parcel of parcels) {
    const more = weight(parcel);
    if (group.length === TOGETHER.messages || (group.length > 0 && bytes + more > TOGETHER.bytes)) {
      await send();
      [group, bytes] = [[], 0];
    }
    group.push(parcel);
    bytes += more;
  }
  if (group.length > 0) await send();
}

/** Whether a message is one of ours. */
export const isParcel = (body: unknown): body is Parcel =>
  typeof body === "object" && body !== null && (body as Parcel).version === 1 && "route" in body;

/** The day of a time, in UTC: the folder in which objects stand. */
export const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** Where a parcel goes: of an object store, without the object's key. */
export const addressOf = ({ request: { url, sign } }: Parcel): string =>
  sign ? (/^[^/]*\/\/[^/]*/.exec(url)?.[0] ?? url) : url;

// What came from which source, and alerts where nothing does: events of the forwarder's own, through the routes as any.
import { bytesOf, only, sha256 } from "./crypto.js";
import type { Expectation, Sighting, Silence } from "./entries.js";
import { log } from "./log.js";
import { json } from "./problem.js";
import type { Setup } from "./setup.js";
import type { SourceOptions } from "./sources.js";
import { take } from "./take.js";
import { withOwn } from "./variants.js";

/** The event that tells of a silence: type `logweir.silence`. */
export interface SilenceEvent {
  /** What it is known by. */
  readonly event: "logweir.silence";
  /** The same for the same silence and status. */
  readonly id: string;
  /** When it was noticed (RFC 3339). */
  readonly time: string;
  /** `error` where it begins, `info` where it ends. */
  readonly level: "error" | "info";
  /** Whether it begins or ends. */
  readonly status: "begun" | "ended";
  /** The same in words. */
  readonly message: string;
  /** The source from which nothing comes. */
  readonly source: string;
  /** The tenant, where the forwarder has some; null for its own. */
  readonly tenant: string | null;
  /** The expected event type; null where it is any. */
  readonly type: string | null;
  /** When something came last before the silence; null where nothing ever has. */
  readonly last: string | null;
  /** How long it may be silent. */
  readonly seconds: number;
}

type Sources = ReadonlyMap<string, SourceOptions>;

/** What of a source's expectations there is to watch. */
export const expectationsOf = (sources: Sources, always: boolean): Expectation[] =>
  [...sources].flatMap(([source, { expects, silence }]) =>
    silence === undefined ? [] : (expects ?? [""]).map((type) => ({ source, type, silence, always })),
  );

/** Tells of each source which event types are expected and were seen, when last, and since when nothing has come. */
export async function tellSources({ ledgers }: Setup, sources: Sources): Promise<Response> {
  const { sightings, silent } = await ledgers.ask(undefined, "sources", {});
  const names = [...sources.keys()].filter(
    (name) => sightings.some(({ source }) => source === name) || sources.get(name)?.silence !== undefined,
  );
  const told = names.map((source) => {
    const { expects = [], silence } = sources.get(source) ?? {};
    const of = (type: string) => sightings.find((each) => each.source === source && each.type === type);
    const types = sightings
      .filter((each) => each.source === source && each.type !== "")
      .map(({ type }) => type);
    const all = [...new Set([...expects, ...types])].sort();
    return {
      source,
      ...seen(of("")),
      ...(silence !== undefined && { silence }),
      types: all.map((type) => ({ type, expected: expects.includes(type), ...seen(of(type)) })),
      silent: silent
        .filter((each) => each.source === source)
        .map(({ type, since }) => ({ type: type || null, last: text(since) })),
    };
  });
  return json({ sources: told });
}

const seen = (sighting: Sighting | undefined) => ({
  records: sighting?.records ?? 0,
  first: text(sighting?.first ?? 0),
  last: text(sighting?.last ?? 0),
});

const text = (time: number) => (time === 0 ? null : new Date(time).toISOString());

/** Raises an alert for each silence that has begun or ended. What fails is raised at the next watch. */
export async function watch(setup: Setup, expectations: readonly Expectation[]): Promise<void> {
  if (expectations.length === 0) return;
  const { ledgers, now } = setup;
  const { silences } = await ledgers.ask(undefined, "watch", { expectations, now: now() });
  for (const silence of silences) {
    await raise(setup, silence);
    await ledgers.ask(undefined, "told", { silence });
    log("warn", "silence", { source: silence.source, state: silence.state, tenant: setup.tenant });
  }
}

async function raise(setup: Setup, silence: Silence): Promise<void> {
  const { source, type, state, since, seconds } = silence;
  const id = (await sha256(JSON.stringify([setup.tenant ?? null, source, type, state, since]))).slice(0, 32);
  const { at, records } = await setup.ledgers.ask(undefined, "open", {
    request: `silence-${id}`,
    now: setup.now(),
  });
  if (records !== undefined) return; // raised, but not noted
  const event: SilenceEvent = {
    event: "logweir.silence",
    id,
    time: new Date(at).toISOString(),
    level: state === "begun" ? "error" : "info",
    status: state,
    message: state === "begun" ? "nothing comes from a source" : "a source is heard again",
    source,
    tenant: setup.tenant ?? null,
    type: type || null,
    last: text(since),
    seconds,
  };
  await takeOwn(setup, withOwn(setup.preparation.text), event, `silence-${id}`, at);
}

/** Takes an event of the forwarder's own, under a variant of the policy that accepts it. */
export async function takeOwn(setup: Setup, policy: string, event: object, request: string, at: number) {
  const variant = setup.preparation.variant(setup, policy);
  const claim = { source: "logweir", request, format: "ndjson" as const, at, isOwn: true };
  try {
    return await take(variant, claim, only(bytesOf(`${JSON.stringify(event)}\n`)));
  } finally {
    variant.weir.free();
  }
}

// The figures of the dashboard, counted in the core.
import type { IndexedField, RowSet } from "logweir/store";
import { histogram } from "./counts.js";
import type { Held } from "./held.js";
import type { Figures, Rate } from "./protocol.js";
import { isHelper } from "./tray.js";

const MOST = 12;
/** So many groups are looked at for the slowest ones. */
const MOST_GROUPS = 300;

/** What the last search found, in figures. */
export function figures({ store, found }: Held): Figures {
  const status = store.where("@status", "failed");
  const failed = found.and(status);
  status.free();
  const platform = store.where("@platform", "tray");
  const tray = found.and(platform);
  platform.free();
  const rates = (field: IndexedField, set: RowSet, most = MOST): Rate[] => {
    const failures = new Map(
      store.facets(field, failed, { top: 10_000 }).values.map(({ value, count }) => [value, count]),
    );
    const groups = store.group(set, {
      by: [field],
      value: "@duration",
      percentiles: [50, 95],
      top: most + 1,
    });
    return groups.flatMap(({ values: [value], count, duration }) => {
      if (value === null || value === undefined) return [];
      const [median = 0, high = 0] = duration?.percentiles ?? [];
      const durations =
        duration && duration.count > 0
          ? { count: duration.count, median: median * 1000, high: high * 1000 }
          : undefined;
      return [{ value, count, failed: failures.get(value) ?? 0, durations }];
    });
  };
  try {
    const connectors = rates("@connector", tray, MOST_GROUPS);
    const workflow = named(store, failed);
    return {
      total: found.count,
      failed: failed.count,
      times: histogram(store, found, 140, "@status", ["succeeded", "running", "started", "failed", ""]),
      connectors: rates("@connector", found).slice(0, MOST),
      services: connectors.filter(({ value }) => !isHelper(value)).slice(0, MOST),
      helpers: connectors.filter(({ value }) => isHelper(value)).slice(0, MOST),
      workflows: rates(workflow, failed).slice(0, MOST),
      workflow,
      slowest: rates("@operation", found, MOST_GROUPS)
        .filter(({ durations }) => durations !== undefined)
        .sort((a, b) => (b.durations?.high ?? 0) - (a.durations?.high ?? 0))
        .slice(0, MOST),
      errors: rates("@error.type", found).slice(0, MOST),
      actors: rates("@actor.email", found).slice(0, MOST),
      impersonators: rates("@impersonator.id", found).slice(0, MOST),
      types: rates("@type", found, 20),
    };
  } finally {
    failed.free();
    tray.free();
  }
}

/** Workflows by their names, where most have one. */
const named = (store: Held["store"], set: RowSet): IndexedField =>
  store.facets("@workflow.name", set).missing * 2 < set.count ? "@workflow.name" : "@workflow.id";

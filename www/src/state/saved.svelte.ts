// Ways of looking that are kept by name: those that come with the page, and one's own.
import { keep, kept } from "./memory.js";

export interface SavedView {
  name: string;
  query: string;
  columns: readonly string[];
  sort: { field: string; descending: boolean };
}

const inTime = { field: "@time", descending: false };
const latest = { field: "@time", descending: true };

/** What the platforms themselves suggest to look for. Their names are in the tables of messages. */
export const readyMade = {
  failures: {
    query: "@status:failed",
    columns: ["@type", "@workflow.name", "@error.type", "@message"],
    sort: latest,
  },
  traySteps: {
    query: "stepState:failure",
    columns: ["@connector", "@operation", "@step", "@message"],
    sort: inTime,
  },
  trayRuns: {
    query: "@type:tray.execution eventType:failed",
    columns: ["@workflow.id", "@run.id", "@error.type", "@message"],
    sort: latest,
  },
  connectors: {
    query: "_exists_:@connector",
    columns: ["@connector", "@operation", "@status", "@message"],
    sort: inTime,
  },
  workatoJobs: {
    query: "@type:workato.job",
    columns: ["@workflow.name", "@status", "@duration", "@message"],
    sort: latest,
  },
  genie: { query: "@type:workato.genie", columns: ["@operation", "@run.id", "@message"], sort: inTime },
  paragon: {
    query: "@platform:paragon",
    columns: ["@type", "@enduser.id", "@integration.id", "@trace.id", "@message"],
    sort: inTime,
  },
  people: {
    query: "_exists_:@actor.id",
    columns: ["@actor.email", "@operation", "@resource.type", "@actor.ip", "@message"],
    sort: inTime,
  },
  slow: {
    query: "_exists_:@duration",
    columns: ["@duration", "@type", "@workflow.name", "@message"],
    sort: { field: "@duration", descending: true },
  },
} as const satisfies Record<string, Omit<SavedView, "name">>;
export type ReadyMade = keyof typeof readyMade;

function areViews(value: unknown): value is SavedView[] {
  return (
    Array.isArray(value) &&
    value.every(
      (view) =>
        typeof view?.name === "string" &&
        typeof view.query === "string" &&
        Array.isArray(view.columns) &&
        typeof view.sort?.field === "string",
    ) &&
    new Set(value.map(({ name }) => name)).size === value.length
  );
}

export class Saved {
  views = $state.raw<readonly SavedView[]>(kept("views", areViews) ?? []);

  save(view: SavedView): void {
    this.views = [...this.views.filter(({ name }) => name !== view.name), view];
    keep("views", this.views);
  }
  remove(name: string): void {
    this.views = this.views.filter((view) => view.name !== name);
    keep("views", this.views);
  }
}

// What the worker holds, and who answers which call.
import { Query, QueryError } from "logweir/store";
import { isLarge } from "../intake/source.js";
import { Bench, ways } from "./bench.js";
import { complete } from "./complete.js";
import { facets, histogram } from "./counts.js";
import { durations } from "./durations.js";
import { detail, lines, near } from "./events.js";
import { figures } from "./figures.js";
import { Held } from "./held.js";
import type { Job } from "./job.js";
import { index, open, summary } from "./open.js";
import type { Call, Calls, Found, Problem, Progress } from "./protocol.js";
import { runs, trace } from "./runs.js";
import { save } from "./save.js";
import { telling, tellingPolicy } from "./telling.js";
import { rendered } from "./templates.js";

type Handlers = {
  [N in Call]: (
    args: Parameters<Calls[N]>[0],
    job: Job<N extends "open" ? Progress : N extends "index" ? number : Found>,
  ) => Promise<ReturnType<Calls[N]>> | ReturnType<Calls[N]>;
};

export class Desk {
  #held: Held | undefined;
  readonly #bench = new Bench();

  /** What is open; made when it is first needed, since the core must be loaded by then. */
  get held(): Held {
    this.#held ??= new Held();
    return this.#held;
  }

  readonly handlers: Handlers = {
    open: ({ sources, beside, repair }, job) => {
      if (!beside) {
        this.#held?.free();
        this.#held = new Held(isLarge(sources));
      }
      return open(this.held, sources, repair, job);
    },
    summary: () => {
      this.held.store.end();
      return summary(this.held, "cancelled");
    },
    index: async (_, job) => {
      const { held } = this;
      await index(held, Number.POSITIVE_INFINITY, job, (indexed) => job.tell(indexed));
      return summary(held, held.full ? "full" : undefined);
    },
    search: async (ask, job) => {
      const warnings = warningsOf(ask.query);
      return { found: await this.held.search(ask, job), warnings };
    },
    rows: ({ from, to, columns }) => {
      const { held } = this;
      return lines(held, held.found, held.sort, from, to - from, columns);
    },
    lines: ({ rows, columns }) => {
      const { held } = this;
      const set = held.store.set(rows);
      try {
        return lines(held, set, held.sort, 0, rows.length, columns);
      } finally {
        set.free();
      }
    },
    near: (args) => near(this.held, args),
    place: ({ row }) => this.held.store.position(this.held.found, row, this.held.sort),
    histogram: ({ bins, by }) => histogram(this.held.store, this.held.found, bins, by),
    facets: ({ fields, most }) => facets(this.held.store, this.held.found, fields, most),
    figures: () => figures(this.held),
    durations: ({ most }, job) => durations(this.held, most, job),
    detail: ({ row }) => detail(this.held, row),
    runs: ({ most, failed }) => runs(this.held, most, failed),
    trace: ({ row, most }) => trace(this.held, row, most),
    tokens: ({ text }) => ({ tokens: Query.tokens(text), problems: problemsOf(text) }),
    policy: ({ text }) => this.#bench.verdict(text),
    apply: ({ text }, job) => this.#bench.apply(this.held, text, job),
    try: ({ text, row }) => this.#bench.try(this.held, row, text),
    template: (args) => rendered(this.held, args),
    draft: ({ text, row }) => this.#bench.draft(this.held, row, text),
    save: (args, job) => save(this.held, args, job),
    ways: ({ policy }) => ways(policy),
    telling: ({ text }, job) => telling(this.held, text, job as unknown as Job<never>),
    tellingPolicy: ({ text }) => tellingPolicy(this.held, text),
    complete: ({ text, position }) => complete(this.held, text, position),
  };
}

function warningsOf(text: string): readonly Problem[] {
  if (text.trim() === "") return [];
  const query = new Query(text);
  const { warnings } = query;
  query.free();
  return warnings;
}

function problemsOf(text: string): readonly Problem[] {
  try {
    return warningsOf(text);
  } catch (error) {
    if (error instanceof QueryError) return error.problems;
    throw error;
  }
}

// The page as a whole: which view is shown, what lies open, and what survives a reload.
import { dropped, fromFile, fromFolder, type Source } from "../intake/source.js";
import { type Language, preferred, speak, t } from "../words/words.svelte.js";
import { Bench } from "./bench.svelte.js";
import { Explore } from "./explore.svelte.js";
import { type Link, linkOf, readLink } from "./link.js";
import { Log } from "./log.svelte.js";
import { keep, keepSession, kept, keptSession } from "./memory.js";
import { Runs } from "./runs.svelte.js";
import { Saved, type SavedView } from "./saved.svelte.js";

export type { Durations, Figures, Form, Rate } from "../engine/protocol.js";

export const views = ["events", "runs", "dashboard", "policy"] as const;
export type View = (typeof views)[number];
export type Theme = "auto" | "light" | "dark";

const SAMPLE_EVENTS = 4000;

export class App {
  view = $state<View>("events");
  theme = $state<Theme>(
    kept("theme", (value): value is Theme => value === "light" || value === "dark") ?? "auto",
  );
  history = $state.raw<readonly string[]>([...new Set(kept("history", isTexts))]);
  /** Which dialog is open. */
  dialog = $state<"help" | "paste" | "columns" | "time" | "view" | "share" | "export" | "tail">();
  showFacets = $state(!isNarrow());
  /** Said to whoever hears the page, and shown for a moment. */
  notice = $state.raw<string>();

  readonly log = new Log();
  readonly explore = new Explore(this.log);
  readonly runs = new Runs(this.log);
  readonly saved = new Saved();
  readonly bench = new Bench(this.log, this.explore);

  constructor() {
    const language = kept("language", (value): value is Language => value === "en" || value === "ja");
    speak(language ?? preferred(navigator.languages));
    if (location.hash === "") this.follow(session() ?? {});
    else this.arrive();
  }

  /** A link was followed. The address is cleared: only what somebody chooses to share stands in one. */
  arrive(): void {
    const link = readLink(location.hash);
    history.replaceState(null, "", location.pathname + location.search);
    this.follow(link);
    if (this.log.sources.length > 0) void this.explore.search();
  }

  /** What a link or the last visit says. */
  follow(link: Link): void {
    const { explore } = this;
    if (link.view && (views as readonly string[]).includes(link.view)) this.view = link.view as View;
    explore.query = link.query ?? "";
    explore.range = link.range;
    explore.arrange(link.columns, link.sort);
    if (link.policy) this.bench.follow(link.policy);
    if (link.sample && this.log.sources.length === 0) this.openSample();
  }

  /** How one looks: what a link can say, and what survives a reload. */
  readonly look: Link = $derived.by(() => {
    const { query, range, columns, sort } = this.explore;
    const sample = this.log.sources.length === 1 && this.log.sources[0]?.kind === "sample";
    return { view: this.view, query, range, columns, sort, sample };
  });

  open(sources: readonly Source[], beside = false): void {
    if (sources.length === 0) return;
    this.dialog = undefined;
    if (!beside) {
      this.explore.clear();
      this.runs.clear();
    }
    void this.log.open(sources, { beside });
  }
  openFiles(files: Iterable<File>, beside = false): void {
    this.open(
      [...files].map((file) => fromFile(file)),
      beside,
    );
  }
  async drop(data: DataTransfer): Promise<void> {
    this.#openSome(await dropped(data).catch(() => []));
  }
  openFolder(files: Iterable<File>): void {
    this.#openSome(fromFolder(files));
  }
  #openSome(sources: readonly Source[]): void {
    if (sources.length > 0) this.open(sources);
    else this.log.refusal = "nothing";
  }
  openText(text: string): void {
    this.open([{ kind: "text", text, name: t().pasteName }]);
  }
  /** Listens to what the forwarder takes from now on; the newest stands first. */
  listen(query: string, token: string): void {
    this.explore.sort = { field: "@time", descending: true };
    this.open([{ kind: "tail", query: query.trim(), token, name: t().tail }]);
  }
  openSample(): void {
    this.open([{ kind: "sample", count: SAMPLE_EVENTS, seed: 1, name: t().sampleName }]);
  }

  /** The run of an event. */
  showRun(row: number): void {
    this.view = "runs";
    if (isNarrow()) this.explore.close(); // it would lie over the run
    void this.runs.choose(row);
  }

  /** Goes to the next view. */
  turn(by: number): void {
    this.view = views[(views.indexOf(this.view) + by + views.length) % views.length] ?? "events";
  }

  /** Searches. What somebody typed is remembered; what a click made of an event's values is not. */
  ask(query: string, { typed = false } = {}): void {
    const text = query.trim();
    if (typed && text !== "") {
      this.history = [text, ...this.history.filter((old) => old !== text)].slice(0, 30);
      keep("history", this.history);
    }
    this.explore.ask(text);
  }

  apply({ query, columns, sort }: Omit<SavedView, "name">): void {
    this.explore.arrange(columns, sort);
    this.explore.ask(query);
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    keep("theme", theme);
  }
  setLanguage(language: Language): void {
    speak(language);
    keep("language", language);
  }

  #noticed: ReturnType<typeof setTimeout> | undefined;
  say(text: string): void {
    clearTimeout(this.#noticed);
    this.notice = text;
    this.#noticed = setTimeout(() => {
      this.notice = undefined;
    }, 2500);
  }

  async copy(text: string, said = t().copied): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.say(said);
    } catch {
      this.say(t().notCopied); // the browser forbids it, or has no clipboard for a page without TLS
    }
  }
}

/** How one looked before the page was loaded again. */
function session(): Link | undefined {
  const said = keptSession("look");
  return said === undefined ? undefined : readLink(said);
}

export const remember = (look: Link): void => keepSession("look", linkOf(look));

const isNarrow = (): boolean => !matchMedia("(min-width: 60.01rem)").matches;

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

/** The one page there is. */
export const app = new App();
export const { bench, explore, log, runs, saved } = app;

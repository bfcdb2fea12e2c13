// A scene: events that belong together, played one after the other on a clock of their own.
import { type SampleNames, samples } from "../../generated/samples.js";
import type { EventType } from "../types.js";
import type { Cast, Texts } from "./cast.js";
import type { Random } from "./random.js";
import { type Setting, Template } from "./template.js";

/** An event that is due. */
export interface Cue {
  readonly type: EventType;
  readonly template: Template;
}

/** Gives one cue after the other; the scene's clock stands at the time of the last. */
export type Play = Generator<Cue, void, undefined>;

/** A kind of scene. */
export interface Scenario {
  /** The types of its events. */
  readonly types: readonly EventType[];
  /** How often it is played, against the others. */
  readonly weight: number;
  readonly play: (scene: Scene) => Play;
}

const templates = new Map<string, Template>();

/** The template of a text, made once. */
export function templateOf(text: string): Template {
  const known = templates.get(text);
  if (known) return known;
  const template = new Template(text);
  templates.set(text, template);
  return template;
}

export class Scene implements Setting {
  readonly random: Random;
  readonly cast: Cast;
  at: number;
  start: number;

  /** @param cast who plays; the scene changes it */
  constructor(random: Random, cast: Cast, at: number) {
    this.random = random;
    this.cast = cast;
    this.at = at;
    this.start = at;
  }

  /** Lets time pass: so many milliseconds, at least and at most. */
  wait(least: number, most: number): this {
    this.at += this.random.int(least, most);
    return this;
  }

  /** The event of a sample, now. */
  cue<T extends EventType>(type: T, name: SampleNames[T]): Cue {
    const text = (samples[type] as Record<string, string>)[name] as string;
    return { type, template: templateOf(text) };
  }

  /** Gives slots other texts. */
  recast(texts: Partial<Texts>): this {
    this.cast.set(texts);
    return this;
  }
}

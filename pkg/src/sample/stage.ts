// The stage: scenes of all kinds, played side by side.
import { type SampleNames, samples } from "../../generated/samples.js";
import type { EventType } from "../types.js";
import type { Cast } from "./cast.js";
import { genie } from "./genie.js";
import { paragon } from "./paragon.js";
import type { Random } from "./random.js";
import { type Cue, type Play, type Scenario, Scene } from "./scene.js";
import { tray } from "./tray.js";
import { workato } from "./workato.js";
import { type Organization, organizations } from "./world.js";

/** A scene that is being played, and the event that is due in it. */
export interface Act {
  readonly scene: Scene;
  readonly play: Play;
  readonly cue: Cue;
}

/** Every sample of the wanted types in turn, alone: so that none is left out, and new ones are in without further ado. */
function solos(types: ReadonlySet<EventType>, random: Random): Scenario {
  const all = [...types].flatMap((type) =>
    Object.keys(samples[type]).map((name) => [type, name as SampleNames[EventType]] as const),
  );
  let turn = 0;
  function* solo(scene: Scene): Play {
    if (turn % all.length === 0) random.shuffle(all);
    const [type, name] = all[turn % all.length] as (typeof all)[number];
    turn += 1;
    scene.start = scene.at;
    yield scene.wait(500, 9000).cue(type, name);
  }
  return { types: [...types], weight: 1, play: solo };
}

/** Plays scenes that overlap, and gives what is due of all of them, in order of time. */
export function* stage(types: ReadonlySet<EventType>, random: Random, start: number): Generator<Act> {
  const tenants = organizations(random);
  const fitting = [...tray, ...paragon, ...workato, ...genie, solos(types, random)].filter((each) =>
    each.types.some((type) => types.has(type)),
  );
  const deck = fitting.flatMap((scenario) => Array<Scenario>(scenario.weight).fill(scenario));
  /** Latest first, so that the next is taken from the end. */
  const acts: Act[] = [];
  let next = start;
  for (let turn = 0; ; turn += 1) {
    const position = turn % deck.length;
    if (position === 0) random.shuffle(deck);
    const scene = new Scene(random, roles(random.pick(tenants), random), next);
    queue(acts, scene, (deck[position] as Scenario).play(scene), types);
    next += random.int(0, 2000);
    for (let act = acts.at(-1); act && act.scene.at <= next; act = acts.at(-1)) {
      acts.pop();
      yield act;
      queue(acts, act.scene, act.play, types);
    }
  }
}

/** Goes on to the next wanted event of a scene, if there is one, and queues it. */
function queue(acts: Act[], scene: Scene, play: Play, types: ReadonlySet<EventType>): void {
  // Not for-of: it would end the play where it is left.
  for (let step = play.next(); !step.done; step = play.next()) {
    if (!types.has(step.value.type)) continue;
    let place = acts.length;
    while (place > 0 && (acts[place - 1] as Act).scene.at <= scene.at) place -= 1;
    acts.splice(place, 0, { scene, play, cue: step.value });
    return;
  }
}

/** A scene of its own, for one event. */
export function scene(random: Random, start: number): Scene {
  return new Scene(random, roles(random.pick(organizations(random)), random), start);
}

/** Three of the organization's people play the parts of a scene. */
function roles({ people, cast }: Organization, random: Random): Cast {
  const first = random.int(0, people.length - 1);
  const at = (place: number) => people[(first + place) % people.length] as Organization["people"][number];
  const own = cast.copy();
  own.give("person", at(0));
  own.give("other", at(1));
  own.give("third", at(2));
  return own;
}

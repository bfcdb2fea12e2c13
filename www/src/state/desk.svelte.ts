// What lies on the desk: the two texts, and what the engine made of them. Views read it and call its functions.
import { Engine } from "../engine/engine.js";
import type { Format, Outcome, Problem, Report, RouteOutput, Withheld } from "../engine/protocol.js";
import { sampleEvents, starterPolicy } from "./sample.js";

export type { Format, Outcome, Problem, Report, RouteOutput, Withheld };

/** A stretch of text that an editor is asked to show; asking twice for the same one counts as two requests. */
export interface Goal {
  readonly editor: "policy" | "events";
  readonly from: number;
  readonly to: number;
}

export class Desk {
  policy = $state(starterPolicy);
  events = $state("");
  format = $state<Format>("auto");

  working = $state(false);
  outcome = $state.raw<Outcome>();
  problems = $state.raw<readonly Problem[]>([]);
  fault = $state.raw<string>();
  goal = $state.raw<Goal>();

  #engine = new Engine();

  /** Runs the policy over the events. A run that a newer one has overtaken changes nothing. */
  async run(): Promise<void> {
    this.working = true;
    const reply = await this.#engine.run({ policy: this.policy, events: this.events, format: this.format });
    if (!reply) return;
    this.working = false;
    // Output of another policy or of other events must not stand beside these: what is not in the reply goes away.
    this.outcome = reply.kind === "outcome" ? reply : undefined;
    this.problems =
      reply.kind === "problems" ? reply.problems : reply.kind === "outcome" ? reply.warnings : [];
    this.fault = reply.kind === "fault" ? reply.text : undefined;
  }

  loadSample(): void {
    this.policy = starterPolicy;
    this.events = sampleEvents();
    this.format = "auto";
  }

  show(goal: Goal): void {
    this.goal = { ...goal };
  }
}

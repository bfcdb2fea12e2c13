// Workato Genies: conversations with calls of the language model and of tools, whose skills are jobs.
import type { Texts } from "./cast.js";
import type { Play, Scenario, Scene } from "./scene.js";
import { jobId } from "./world.js";

/** What people ask, and what becomes of it. */
const themes: readonly Partial<Texts>[] = [
  {
    "genie.instruction": "You help the staff of an outdoor shop.",
    "genie.question": "Where do I return a wet tent?",
    "genie.query": "Return of a wet tent",
    "genie.topic": "Returns of wet goods",
    "genie.manual": "Shop manual",
    "genie.passage": "Wet goods go to the drying room first.",
    "genie.summary": "A return of a wet tent; not urgent.",
    "skill.name": "Open return",
    "skill.description": "Use this to open a return. Ask for the order number.",
    "skill.announcement": "I am opening the return for you.",
    "skill.confirmation": "Return opened for",
  },
  {
    "genie.instruction": "You answer questions of employees about leave and pay.",
    "genie.question": "Wie viele Urlaubstage habe ich noch, und kann ich den 15. freinehmen?",
    "genie.query": "Resturlaub und Antrag",
    "genie.topic": "Urlaub",
    "genie.manual": "Handbuch für Mitarbeitende",
    "genie.passage": "Urlaub wird spätestens zwei Wochen vorher beantragt.",
    "genie.summary": "A request for a day of leave; not urgent.",
    "skill.name": "Request leave",
    "skill.description": "Use this to request leave. Ask for the first and the last day.",
    "skill.announcement": "Ich stelle den Antrag.",
    "skill.confirmation": "Leave requested for",
  },
  {
    "genie.instruction": "You help the support desk of a software house.",
    "genie.question": "A customer cannot sign in since this morning. What do I check first?",
    "genie.query": "Sign-in fails",
    "genie.topic": "Trouble signing in",
    "genie.manual": "Runbooks",
    "genie.passage": "Look at the certificate of the identity provider before anything else.",
    "genie.summary": "A customer cannot sign in; urgent.",
    "skill.name": "Open ticket",
    "skill.description": "Use this to open a ticket. Ask for the customer and a short description.",
    "skill.announcement": "I am opening a ticket.",
    "skill.confirmation": "Ticket opened for",
  },
];

/** A conversation and the first thing that is asked in it. */
function begins(scene: Scene): void {
  const { random } = scene;
  scene.recast(random.pick(themes)).recast({
    "conversation.id": `conversation-01${random.base32(24)}`,
    "genie.run": random.uuid(),
    "request.id": `00-${random.hex(16)}-${random.hex(8)}-01`,
    "enduser.key": random.key(22),
    "llm.first": random.uuid(),
    "llm.last": random.uuid(),
    "order.number": `K-${random.int(10_000, 99_999)}`,
  });
}

/** Somebody asks; the Genie looks something up, and perhaps uses a skill, which is a job. */
function* asked(scene: Scene): Play {
  const { random } = scene;
  begins(scene);
  yield scene.cue("workato.genie", "run_start_user");
  yield scene.wait(300, 900).cue("workato.genie", "user_message");
  if (random.chance(6)) {
    yield scene.wait(3, 300).cue("workato.genie", "guardrail_finding");
    yield scene.wait(20, 300).cue("workato.genie", "run_finish");
    return;
  }
  yield scene.wait(3, 300).cue("workato.genie", "guardrail_passed");
  yield scene.wait(3, 30).cue("workato.genie", "llm_call_started");
  yield scene.wait(900, 5000).cue("workato.genie", "llm_call_completed");
  scene.recast({ "tool.builtin": `tooluse_${random.key(22)}` });
  yield scene.wait(3, 60).cue("workato.genie", "tool_started_builtin");
  yield scene.wait(100, 1500).cue("workato.genie", "tool_completed_builtin");
  if (random.chance(80)) yield scene.wait(100, 6000).cue("workato.genie", "topic_assigned");
  if (random.chance(65)) yield* skill(scene);
  yield scene.wait(50, 400).cue("workato.genie", "llm_call_started_last");
  scene.recast({ "llm.first": scene.cast.get("llm.last") });
  yield scene.wait(700, 4000).cue("workato.genie", "llm_call_completed");
  yield scene.wait(20, 300).cue("workato.genie", "run_finish");
}

function* skill(scene: Scene): Play {
  const { random } = scene;
  scene.recast({ "tool.external": `tooluse_${random.key(22)}`, "job.skill": jobId(random) });
  // Silent calls have no message.
  if (random.chance(75)) yield scene.wait(500, 3000).cue("workato.genie", "system_message");
  yield scene.wait(20, 200).cue("workato.genie", "tool_started_external");
  scene.start = scene.at + 100;
  yield scene.wait(200, 400).cue("workato.genie", "skill_run");
  yield scene.wait(900, 6000).cue("workato.job", "genie_skill");
  yield scene.wait(20, 900).cue("workato.genie", "tool_completed_external");
}

/** A job gives the Genie a task and waits for its answer in a form that it can read. */
function* tasked(scene: Scene): Play {
  const { random } = scene;
  const began = scene.at;
  begins(scene);
  scene.recast({ "job.root": jobId(random), "log.message": "1 task given" });
  yield scene.wait(500, 3000).cue("workato.genie", "run_start_recipe");
  yield scene.wait(3000, 15_000).cue("workato.genie", "structured_output_started");
  yield scene.wait(300, 1500).cue("workato.genie", "structured_output_completed");
  yield scene.wait(20, 300).cue("workato.genie", "run_finish");
  scene.start = began;
  yield scene.wait(50, 900).cue("workato.job", "full_details");
}

export const genie: readonly Scenario[] = [
  { types: ["workato.genie", "workato.job"], weight: 3, play: asked },
  { types: ["workato.genie", "workato.job"], weight: 1, play: tasked },
];

// Workato: jobs that call one another, what the log service tells, what people do in a workspace.
import { address, browsers, libraries, person } from "./people.js";
import type { Play, Scenario, Scene } from "./scene.js";
import { jobId } from "./world.js";

/** Somebody whose data the job handles. */
const contact = (scene: Scene) => scene.cast.give("other", person(scene.random));

/** A job is told when it has ended: lets it take its time, and sets its begin. */
function lasts(scene: Scene, least: number, most: number): Scene {
  scene.start = scene.at;
  return scene.wait(least, most);
}

/** A scheduled job that calls a function for each contact, and logs what it did. */
function* chain(scene: Scene): Play {
  const { random } = scene;
  const began = scene.at;
  const calls = random.int(1, 4);
  let failed: string | undefined;
  scene.recast({ "job.root": jobId(random), "log.message": `${calls} contacts handed over` });
  scene.wait(300, 2000);
  for (let call = 0; call < calls; call += 1) {
    contact(scene);
    scene.recast({ "job.function": jobId(random) });
    lasts(scene, 300, 5000);
    if (random.chance(25)) {
      const functionBegan = scene.start;
      scene.recast({ "job.deep": jobId(random) });
      scene.start = functionBegan + 100;
      yield scene.cue("workato.job", "summary");
      scene.start = functionBegan;
      scene.wait(20, 300);
    }
    if (random.chance(14)) {
      failed = scene.cast.get("job.function");
      yield scene.cue("workato.job", random.chance(80) ? "failed" : "failed_without_root");
      break; // later contacts would hide whose job is repeated
    }
    yield scene.cue("workato.job", "succeeded");
    scene.wait(5, 200);
  }
  scene.recast({ "log.sequence": "1" });
  yield scene.wait(5, 400).cue("workato.service_log", "user_message");
  if (random.chance(30)) {
    scene.recast({ "log.sequence": "2" });
    yield scene.wait(5, 400).cue("workato.service_log", "user_warning");
  }
  scene.start = began;
  yield scene.wait(5, 900).cue("workato.job", random.chance(3) ? "lines_over_limit" : "full_details");
  if (failed === undefined) return;
  scene.recast({ "job.repeat": jobId(random) });
  scene.wait(30_000, 300_000);
  yield lasts(scene, 300, 3000).cue("workato.job", "succeeded_repeat");
}

function* status(scene: Scene): Play {
  scene.recast({ "job.status": jobId(scene.random) });
  yield lasts(scene, 2000, 200_000).cue(
    "workato.job",
    scene.random.chance(92) ? "status_only" : "numeric_id",
  );
}

/** Requests to an API: of the gateway, and of an MCP server in front of it. */
function* api(scene: Scene): Play {
  const { random } = scene;
  const client = { "client.ip": address(random), "client.library": random.pick(libraries) };
  scene.recast(client);
  for (let count = random.int(1, 5); count > 0; count -= 1) {
    scene.recast({ "job.api": jobId(random), "order.number": `K-${random.int(10_000, 99_999)}` });
    const well = random.chance(90);
    yield scene.cue("workato.api_log", well ? "success" : "error");
    if (random.chance(40)) {
      scene.recast({ "log.sequence": "1" });
      yield scene.wait(10, 900).cue("workato.service_log", well ? "mcp_tool_call" : "mcp_tool_call_failed");
    }
    scene.wait(200, 9000);
  }
}

const agentSays = [
  "Database profile reloaded.",
  "Connection to the database was opened.",
  "Heartbeat was sent.",
  "Certificate ends in 30 days.",
];

/** What else the log service tells: agents, webhooks, workflow apps, pipelines. */
function* service(scene: Scene): Play {
  const { random } = scene;
  const kind = random.int(0, 9);
  if (kind < 4) {
    let sequence = random.int(1, 90_000);
    for (let count = random.int(1, 4); count > 0; count -= 1, sequence += 1) {
      scene.recast({ "agent.message": random.pick(agentSays), "log.sequence": String(sequence) });
      yield scene.cue("workato.service_log", "on_prem_agent");
      scene.wait(20, 30_000);
    }
  } else if (kind < 6) {
    yield scene.cue("workato.service_log", "webhook_trigger_error");
  } else if (kind < 8) {
    scene.recast({ "enduser.key": random.key(22) });
    yield scene.cue("workato.service_log", "workflow_app");
  } else {
    const took = random.int(2, 90);
    scene.recast({
      "pipeline.run": random.uuid(),
      "pipeline.sync": random.uuid(),
      "pipeline.duration": `${took} seconds`,
      "log.sequence": String(random.int(1, 60)),
    });
    yield lasts(scene, took * 1000, took * 1000 + 400).cue(
      "workato.service_log",
      random.chance(50) ? "data_pipeline_cancelled" : "data_pipeline_without_error",
    );
  }
}

const deeds = [
  "connection_connected",
  "connection_created",
  "connection_deleted",
  "connection_disconnected",
  "connection_updated",
  "connector_updated",
  "folder_created",
  "folder_deleted",
  "manifest_updated",
  "package_exported",
  "package_imported",
  "property_updated",
  "recipe_cloned",
  "recipe_created",
  "recipe_deleted",
  "recipe_renamed",
  "recipe_started",
  "recipe_started",
  "recipe_started",
  "recipe_stopped",
  "recipe_stopped",
  "recipe_stopped_by_error",
  "recipe_stopped_without_request",
  "recipe_updated",
  "recipe_updated",
  "recipe_updated",
  "recipe_updated",
  "team_invitation_created",
  "team_member_deleted",
] as const;

/** Somebody signs in, does this and that, and goes. */
function* session(scene: Scene): Play {
  const { random } = scene;
  scene.recast({ "client.ip": address(random), "client.browser": random.pick(browsers) });
  yield scene.cue("workato.activity", random.chance(85) ? "user_login" : "user_login_short");
  if (random.chance(10)) yield scene.wait(2000, 9000).cue("workato.activity", "team_switched");
  for (let count = random.int(1, 8); count > 0; count -= 1) {
    contact(scene);
    scene.wait(1000, 60_000);
    const deed = random.pick(deeds);
    yield scene.cue("workato.activity", deed);
    if (deed !== "team_invitation_created" || random.chance(40)) continue;
    yield scene.wait(20_000, 90_000).cue("workato.activity", "team_invitation_accepted");
  }
  if (random.chance(20)) yield* release(scene);
  if (random.chance(70)) {
    yield scene.wait(1000, 300_000).cue("workato.activity", random.chance(90) ? "user_logout" : "team_left");
  }
}

/** A deployment, in both forms that tell of it. */
function* release(scene: Scene): Play {
  const { random } = scene;
  scene.recast({ "deployment.id": String(random.int(10_000, 99_999)) });
  yield scene.wait(1000, 60_000).cue("workato.activity", "deployment");
  yield scene.cue("workato.deployment", random.chance(50) ? "deployment" : "deployment_with_user");
}

export const workato: readonly Scenario[] = [
  { types: ["workato.job", "workato.service_log"], weight: 4, play: chain },
  { types: ["workato.job"], weight: 3, play: status },
  { types: ["workato.api_log", "workato.service_log"], weight: 3, play: api },
  { types: ["workato.service_log"], weight: 3, play: service },
  { types: ["workato.activity"], weight: 4, play: session },
  { types: ["workato.activity", "workato.deployment"], weight: 1, play: release },
];

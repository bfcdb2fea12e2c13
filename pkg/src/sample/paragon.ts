// Paragon: what triggers and credentials do, Managed Syncs with their webhooks, and ActionKit triggers.
import type { SampleNames } from "../../generated/samples.js";
import type { Cue, Play, Scenario, Scene } from "./scene.js";
import { integrations, models } from "./world.js";

type Log = SampleNames["paragon.event_log"];

/** The logs of one trace, in their order; how often, against the others. */
const traces: readonly (readonly [weight: number, ...logs: Log[]])[] = [
  [
    8,
    "app_event_trigger_started",
    "app_event_trigger_submitting_workflows_for_execution",
    "app_event_trigger_workflows_submitted_successfully",
  ],
  [1, "app_event_trigger_started", "app_event_trigger_no_workflows_subscribed_for_trigger"],
  [1, "app_event_trigger_started", "app_event_trigger_no_workflow_configured_with_event_eventname"],
  [1, "app_event_trigger_started", "error_preparing_workflow_for_event_trigger"],
  [
    1,
    "app_event_trigger_started",
    "app_event_trigger_submitting_workflows_for_execution",
    "app_event_trigger_workflow_submission_failures",
  ],
  [6, "request_trigger_started", "request_trigger_workflow_submitted_for_execution"],
  [
    1,
    "request_trigger_started",
    "request_trigger_workflow_submitted_for_execution",
    "request_trigger_execution_response_timeout_occurred",
  ],
  [1, "request_trigger_started", "request_trigger_failed"],
  [2, "integration_enabled_trigger_started", "integration_enabled_trigger_workflow_submitted_for_execution"],
  [1, "integration_enabled_trigger_started", "integration_enabled_trigger_failed"],
  [5, "scheduler_trigger_submitting_workflow_for_execution"],
  [1, "scheduler_trigger_failed_to_submit_execution_for_workflow"],
  [
    6,
    "webhook_trigger_request_received",
    "webhook_trigger_processing_record_for_user",
    "webhook_trigger_submitting_workflows_for_processed_records",
  ],
  [
    2,
    "webhook_trigger_request_received",
    "webhook_trigger_processing_record_for_app",
    "webhook_trigger_submitting_workflows_for_app_users",
  ],
  [
    2,
    "webhook_trigger_request_received",
    "webhook_trigger_processing_record_for_resource",
    "webhook_trigger_submitting_workflow_for_resource",
  ],
  [
    1,
    "webhook_trigger_request_received",
    "webhook_trigger_processing_record_for_user",
    "webhook_trigger_failed_to_process_record",
  ],
  [
    1,
    "webhook_trigger_request_received",
    "webhook_trigger_processing_record_for_resource",
    "webhook_trigger_failed_to_process_record_for_resource",
  ],
  [2, "credential_refresh_attempted", "credential_refresh_succeeded"],
  [1, "credential_refresh_attempted", "credential_refresh_failed"],
  [1, "level_given"],
  [1, "status_bare"],
  [1, "status_prefixed"],
  [1, "severity_given"],
];
const deck = traces.flatMap(([weight, ...logs]) => Array<readonly Log[]>(weight).fill(logs));

const events = ["Invoice Paid", "Contact Created", "Order Shipped", "Ticket Closed", "Deal Won"];

function* trace(scene: Scene): Play {
  const { random } = scene;
  scene.recast({
    "trace.uuid": random.uuid(),
    "app_event.uuid": random.uuid(),
    "app_event.name": random.pick(events),
    "enduser.id": `user-${random.int(1000, 9999)}`,
    "record.id": random.hex(3),
  });
  for (const log of random.pick(deck)) {
    yield scene.cue("paragon.event_log", log);
    // At least a second: some are told in whole seconds.
    if (log === "request_trigger_workflow_submitted_for_execution") scene.wait(30_000, 30_900);
    else scene.wait(2, 900);
  }
}

/** A sync of somebody's data: all of it at first or once more, then what has changed. */
function* sync(scene: Scene): Play {
  const { random } = scene;
  scene.recast({
    "sync.uuid": random.uuid(),
    "sync.integration": random.pick(integrations),
    "sync.model": random.pick(models),
    "enduser.id": `user-${random.int(1000, 9999)}`,
  });
  let kind: "initial" | "incremental" | "full" = random.chance(70) ? "initial" : "full";
  for (let count = random.int(1, 3); count > 0; count -= 1) {
    if (!(yield* iteration(scene, kind))) return;
    kind = "incremental";
    scene.wait(20_000, 120_000);
  }
}

/** Records come in, until it ends well or not; tells which. */
function* iteration(scene: Scene, kind: "initial" | "incremental" | "full"): Generator<Cue, boolean> {
  const { random } = scene;
  const began = scene.at;
  const records = random.int(0, 9);
  const end = random.int(0, 99);
  scene.recast({ "trace.uuid": random.uuid() });
  yield scene.cue("paragon.sync_log", `${kind}_started`);
  for (let count = 0; count < records; count += 1) {
    scene.wait(100, 20_000).recast({ "record.id": random.hex(3) });
    const word = random.int(0, 9);
    yield scene.cue(
      "paragon.sync_webhook",
      word < 5
        ? "record_created"
        : word < 8
          ? "record_updated"
          : word < 9
            ? "record_deleted"
            : "record_errored",
    );
  }
  scene.wait(1000, 60_000);
  if (end < 8) {
    yield scene.cue("paragon.sync_log", random.chance(60) ? "rate_limited" : "recoverable_error");
    scene.wait(30_000, 90_000);
  }
  if (end >= 95) {
    yield scene.cue("paragon.sync_log", "error");
    yield scene.wait(20, 300).cue("paragon.sync_webhook", "sync_errored");
    return false;
  }
  // What the summary says must be what the times say.
  const seconds = Math.ceil((scene.at - began) / 1000);
  const tenths = random.int(0, 9);
  scene.at = began + seconds * 1000 + tenths * 100;
  scene.recast({
    "sync.records": String(kind === "incremental" ? records : records * random.int(20, 400)),
    "sync.seconds": `${seconds}.${tenths}`,
  });
  yield scene.cue("paragon.sync_log", `${kind}_completed`);
  yield scene.cue("paragon.sync_webhook", "sync_complete");
  return true;
}

function* received(scene: Scene): Play {
  scene.recast({ "enduser.id": `user-${scene.random.int(1000, 9999)}`, "record.id": scene.random.hex(3) });
  yield scene.cue("paragon.trigger_webhook", scene.random.chance(70) ? "record_created" : "without_metadata");
}

export const paragon: readonly Scenario[] = [
  { types: ["paragon.event_log"], weight: 6, play: trace },
  { types: ["paragon.sync_log", "paragon.sync_webhook"], weight: 2, play: sync },
  { types: ["paragon.trigger_webhook"], weight: 3, play: received },
];

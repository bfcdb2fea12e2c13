// Tray: runs of workflows with their steps, and what people and the system do in an organization.
import { type Connector, connectors, trigger } from "./connectors.js";
import { type Cue, type Play, type Scenario, type Scene, templateOf } from "./scene.js";

/** Makes a connector the step at hand. */
function step(scene: Scene, connector: Connector, place: number): void {
  const { random } = scene;
  const { name, version, operation, title } = connector;
  scene.recast({
    "step.uuid": random.uuid(),
    "step.name": place === 0 ? "trigger" : `${name}-${place}`,
    "step.title": title,
    "step.connector": name,
    "step.version": version,
    "step.operation": operation,
  });
  scene.recast({ "step.input": templateOf(connector.input).fill(scene) });
  scene.recast({ "step.output": templateOf(connector.output).fill(scene) });
}

/** Makes an error of the step's the one at hand. */
function fault(scene: Scene, { errors }: Connector, only?: string): string {
  const fitting = only ? errors.filter(([type]) => type === only) : errors;
  const [type, message] = scene.random.pick(
    fitting.length > 0 ? fitting : [[only ?? "internal", "Step timed out"]],
  );
  scene.recast({
    "error.uuid": scene.random.uuid(),
    "error.type": type,
    "error.message": templateOf(message).fill(scene),
  });
  return type;
}

/** A step that goes well, perhaps at a second try. */
function* passes(scene: Scene, connector: Connector, place: number): Play {
  const { random } = scene;
  step(scene, connector, place);
  const withData = random.chance(88);
  yield scene.cue("tray.step_input", withData ? "running" : "without_data");
  if (random.chance(4)) {
    yield scene.wait(5, 40).cue("tray.step_output", "running");
  }
  if (random.chance(5)) {
    fault(scene, connector, "external");
    yield scene.wait(300, 2000).cue("tray.step_output", "retrying");
    yield scene.wait(1000, 4000).cue("tray.step_input", "retrying");
  }
  yield scene.wait(8, 1800).cue("tray.step_output", withData ? "success" : "without_data");
}

/** A step that fails; tells what the execution says then. */
function* fails(scene: Scene, connector: Connector, place: number): Generator<Cue, string> {
  step(scene, connector, place);
  const type = fault(scene, connector);
  if (type === "input") {
    yield scene.cue("tray.step_input", "failure");
    return "failed_input";
  }
  yield scene.cue("tray.step_input", "running");
  yield scene.wait(200, 30_000).cue("tray.step_output", type === "internal" ? "failure_internal" : "failure");
  return "failed";
}

function* run(scene: Scene): Play {
  const { random } = scene;
  const embedded = random.chance(25);
  scene.recast({ "run.uuid": random.uuid(), "correlation.uuid": random.uuid() });
  scene.recast({ "order.number": `K-${random.int(10_000, 99_999)}` });
  if (random.chance(3)) {
    scene.recast({ "error.uuid": random.uuid(), "error.message": "The run could not be queued" });
    scene.recast({ "error.type": "internal" });
    yield scene.cue("tray.execution", "created_failed");
    return;
  }
  yield scene.cue("tray.execution", embedded ? "embedded_created" : "created");
  if (!embedded) yield scene.wait(20, 400).cue("tray.execution", "started");
  scene.wait(1, 20);
  step(scene, trigger, 0);
  yield scene.cue("tray.step_input", "success");
  yield scene.wait(1, 9).cue("tray.step_output", "success");

  const last = random.int(1, 6);
  const end = random.int(0, 99);
  for (let place = 1; place <= last; place += 1) {
    scene.wait(2, 60);
    const connector = random.pick(connectors);
    if (place < last || end >= 22) {
      yield* passes(scene, connector, place);
      continue;
    }
    if (end < 3 && !embedded) {
      step(scene, connector, place);
      yield scene.cue("tray.step_input", "running");
      yield scene.wait(60_000, 600_000).cue("tray.execution", "terminated");
      return;
    }
    const failed = yield* fails(scene, connector, place);
    scene.wait(2, 40);
    if (end < 8 && !embedded) {
      yield scene.cue("tray.execution", "retrying");
      scene.wait(2000, 9000);
      yield* passes(scene, connector, place);
      break;
    }
    yield scene.cue(
      "tray.execution",
      embedded ? "embedded_failed" : failed === "failed" ? "failed" : "failed_input",
    );
    if (end >= 12 || embedded) return;
    yield scene.wait(60_000, 400_000).cue("tray.execution", "manually_retried");
    scene.wait(100, 900);
    scene.recast({ "correlation.uuid": random.uuid() });
    yield* passes(scene, connector, place);
  }
  yield scene.wait(2, 50).cue("tray.execution", embedded ? "embedded_successful" : "successful");
}

/** The events that go with a sample: all say of the same things that something was done to them. */
const deeds = {
  "audit.authentication":
    "AuthenticationCreated AuthenticationUpdated AuthenticationDeleted AuthenticationSharingChanged",
  "audit.organization": "OrganizationSettingsUpdated OrganizationDetailsUpdated",
  "audit.second_factor": "2FAEnabled 2FADisabled",
  "audit.service": "ServiceCreated ServiceChanged",
  "audit.step":
    "WorkflowStepCreated WorkflowStepDeleted WorkflowStepMoved WorkflowStepTitleUpdated WorkflowStepSettingsUpdated " +
    "WorkflowStepOperationUpdated WorkflowStepAuthenticationSet WorkflowStepAuthenticationRemoved " +
    "WorkflowStepDescriptionSet WorkflowStepDescriptionRemoved",
  "audit.user": "UserOrganizationRoleChanged UserInternalRoleChanged UserDeleted",
  "audit.workflow":
    "WorkflowCreated WorkflowUpdated WorkflowDeleted WorkflowViewed WorkflowTagsUpdated WorkflowEnabled WorkflowCloned " +
    "WorkflowVersionRolledBack WorkflowDescriptionSet WorkflowDescriptionRemoved WorkflowAlertingWorkflowSet " +
    "WorkflowAlertingWorkflowRemoved WorkflowDebugLogViewed WorkflowDetachedFromProject WorkflowNameUpdated",
} as const;
const words = Object.entries(deeds).map(([slot, names]) => [slot, names.split(" ")] as const);

const edits = [
  ...Array<"workflow_created">(6).fill("workflow_created"),
  ...Array<"workflow_step_created">(8).fill("workflow_step_created"),
  "workflow_name_updated_impersonated",
  "authentication_created",
  "authentication_creation_failed",
  "service_created",
  "organization_settings_updated",
  "organization_user_invited",
  "user_organization_role_changed",
  "two_factor_enabled",
] as const;

/** Somebody signs in, does this and that, and goes. */
function* session(scene: Scene): Play {
  const { random } = scene;
  // At least a second between two events: some are told in whole seconds.
  const pause = () => scene.wait(1000, 45_000);
  if (random.chance(15)) {
    yield scene.cue("tray.audit", random.chance(60) ? "user_login_failed" : "two_factor_login_failed");
    pause();
  }
  yield scene.cue("tray.audit", "user_login_succeeded");
  for (let count = random.int(2, 9); count > 0; count -= 1) {
    pause();
    for (const [slot, names] of words) scene.recast({ [slot]: random.pick(names) });
    scene.recast({ "step.name": `${random.pick(connectors).name}-${random.int(1, 9)}` });
    yield scene.cue("tray.audit", random.pick(edits));
  }
}

/** What the system does by itself. */
function* system(scene: Scene): Play {
  const { random } = scene;
  scene.recast({ "step.name": `${random.pick(connectors).name}-${random.int(1, 9)}` });
  yield scene.cue(
    "tray.audit",
    random.pick([
      "authentication_used",
      "authentication_used",
      "authentication_refresh_successful",
      "authentication_refresh_failed",
      "workflow_disabled_by_system",
      "solution_instance_workflow_created",
      "solution_instance_workflow_updated",
      "solution_instance_workflow_deleted",
    ]),
  );
}

export const tray: readonly Scenario[] = [
  { types: ["tray.execution", "tray.step_input", "tray.step_output"], weight: 7, play: run },
  { types: ["tray.audit"], weight: 3, play: session },
  { types: ["tray.audit"], weight: 3, play: system },
];

// Tray: executions, steps and audit events.

const header = (c) => ({ payloadSize: c.r.int(200, 9000), version: 1 });
const EXECUTION = ["created", "started", "retrying", "failed", "successful", "terminated"];
const AUDIT = [
  "UserLoginSucceeded",
  "WorkflowUpdated",
  "WorkflowStepSettingsUpdated",
  "AuthenticationUsed",
  "2FAEnabled",
  "solutionInstanceWorkflowCreated",
  "WorkflowDebugLogViewed",
  "OrganizationUserInvited",
];
const STEPS = ["http-client-1", "salesforce-2", "script-1", "loop-collection-3", "data-mapper-1", "slack-4"];
const CONNECTORS = [
  ["http-client", "5.6", "get_request"],
  ["salesforce", "8.4", "so_object_find"],
  ["script", "3.4", "execute"],
  ["slack", "10.2", "chat_post_message"],
];

export function execution(c) {
  const { r, v } = c;
  const embedded = r.chance(0.4);
  const failed = r.chance(0.15);
  const ms = v.now();
  return {
    header: header(c),
    logType: "execution_event",
    eventType: failed ? "failed" : r.pick(EXECUTION),
    created: v.iso(ms),
    executionCreated: v.iso(ms - r.int(5, 60_000)),
    executionId: v.uuid(),
    workflowId: v.uuid(),
    organizationId: v.uuid(),
    solutionId: embedded ? v.uuid() : undefined,
    solutionInstanceId: embedded ? v.uuid() : undefined,
    sourceWorkflowId: embedded ? v.uuid() : undefined,
    errorMessage: failed ? `Request failed for ${v.mail()}: ${v.words(5)}` : undefined,
    errorId: failed ? v.uuid() : undefined,
    errorType: failed ? r.pick(["internal", "input", "connector", "external"]) : undefined,
    errorStepName: failed ? r.pick(STEPS) : undefined,
    errorStepTitle: failed ? `${v.app()} ${v.words(2)}` : undefined,
  };
}

export function step(c) {
  const { r, v } = c;
  const failed = r.chance(0.1);
  const ms = v.now();
  const [connectorName, connectorVersion, operation] = r.pick(CONNECTORS);
  return {
    header: header(c),
    logType: r.pick(["step_input", "step_output"]),
    created: v.iso(ms),
    executionCreated: v.iso(ms - r.int(5, 60_000)),
    executionId: v.uuid(),
    workflowId: v.uuid(),
    organizationId: v.uuid(),
    stepName: r.pick(STEPS),
    stepState: failed ? "failure" : r.pick(["running", "success"]),
    connectorName,
    connectorVersion,
    operation,
    executionStepUuid: v.uuid(),
    correlationId: r.chance(0.7) ? v.uuid() : undefined,
    data: r.chance(0.55) ? payload(c) : undefined,
    errorMessage: failed ? `${v.app()} refused: ${v.words(4)}` : undefined,
    errorId: failed ? v.uuid() : undefined,
    errorType: failed ? "connector" : undefined,
  };
}

/** What a step carries is up to the workflow's author. */
function payload(c) {
  const { r, v } = c;
  return r.weighted([
    [4, () => ({ contact: { name: v.name(), email: v.mail(), phone: v.phone() }, score: v.float() })],
    [3, () => ({ records: [{ email: v.mail(), note: v.words(4) }], total: r.int(1, 90) })],
    [
      3,
      () => ({
        url: `https://api.${v.token(5).toLowerCase()}.example/v2/${v.words(1)}/${v.id()}`,
        status: 200,
        ok: true,
      }),
    ],
    [1, () => ({ cursor: v.nanos(v.now()), dry_run: "false", note: v.words(6) })],
  ])();
}

export function audit(c) {
  const { r, v } = c;
  return {
    eventType: r.pick(AUDIT),
    details: {
      stepName: r.chance(0.6) ? r.pick(STEPS) : undefined,
      workflowId: v.uuid(),
      email: r.chance(0.2) ? v.mail() : undefined,
      workflowName: r.chance(0.5) ? v.recipe() : undefined,
    },
    organizationId: v.uuid(),
    timestamp: v.iso(),
    impersonatedBy: r.chance(0.3)
      ? r.chance(0.4)
        ? { userId: v.uuid(), email: v.mail() }
        : null
      : undefined,
    calledBy: r.chance(0.9)
      ? { userId: v.uuid(), email: v.mail(), name: r.chance(0.3) ? v.name() : undefined }
      : undefined,
  };
}

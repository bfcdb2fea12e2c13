// Paragon: event logs and Managed Sync logs.

const MESSAGES = [
  ["App Event Trigger Started", "info"],
  ["App Event Trigger Workflows submitted successfully", "info"],
  ["Request Trigger workflow submitted for execution", "info"],
  ["Webhook Trigger processing record for user", "info"],
  ["Scheduler Trigger failed to submit execution for workflow", "error"],
  ["Credential refresh failed", "error"],
];

export function log(c) {
  const { r, v } = c;
  const [message, level] = r.pick(MESSAGES);
  return {
    timestamp: v.iso(),
    level,
    type: r.pick(["APP_EVENT", "REQUEST", "WEBHOOK", "SCHEDULER", "CREDENTIAL"]),
    message,
    projectId: v.uuid(),
    personaId: v.uuid(),
    endUserId: r.chance(0.5) ? `user_${v.token(20)}` : v.mail(),
    connectCredentialId: r.chance(0.6) ? v.uuid() : undefined,
    workflowId: v.uuid(),
    traceId: r.chance(0.7) ? v.hex(32) : undefined,
    integrationId: r.chance(0.5) ? v.uuid() : undefined,
    eventName: r.chance(0.3) ? v.words(2) : undefined,
    status: r.chance(0.5) ? r.pick(["EVENT_STATUS.SUCCEEDED", "FAILED"]) : undefined,
    error:
      level === "error"
        ? { message: v.prose(60), code: r.int(400, 503), retryable: r.chance(0.5) }
        : undefined,
  };
}

export function sync(c) {
  const { r, v } = c;
  const failed = r.chance(0.2);
  return {
    syncId: v.uuid(),
    traceId: v.hex(32),
    userId: `user_${v.token(20)}`,
    integration: r.pick(["googledrive", "hubspot", "salesforce", "zendesk"]),
    pipeline: r.pick(["files", "contacts", "tickets"]),
    syncEvent: failed
      ? "SYNC_RUN_ERROR"
      : r.pick(["INITIAL_SYNC_STARTED", "INCREMENTAL_SYNC_COMPLETED", "FULL_SYNC_COMPLETED"]),
    syncType: r.pick(["INITIAL", "INCREMENTAL", "FULL"]),
    syncStatus: failed ? "ERRORED" : "ACTIVE",
    timestamp: v.iso(),
    summary: {
      created: r.int(0, 5000),
      updated: r.int(0, 5000),
      deleted: r.int(0, 50),
      durationSeconds: v.float(),
    },
    error: failed
      ? { recoverable: true, status: 429, code: "RATE_LIMITED", retryAfter: v.float() }
      : undefined,
  };
}

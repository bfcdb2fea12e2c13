// Made-up events in the platforms' shapes: no real person, company or address is in them (RFC 2606 and 5737 names).

export const starterPolicy = `{
  "logweir": 1,
  "redact": [
    {
      "path": ["**.email", "**.user_email"],
      "with": { "replace": "[mail]" }
    },
    { "path": ["**.user.name", "**.ip_address"] },
    {
      "path": ["lines.input", "lines.output", "data"],
      "with": "remove"
    }
  ],
  "routes": [
    { "name": "out", "to": "ndjson" }
  ]
}
`;

const events = [
  // Workato, user activity
  {
    event: "user_login",
    timestamp: "2026-05-04 09:12:44 UTC",
    user: { id: 1201, name: "Ada Byron", email: "ada@example.com" },
    team: { id: 88, name: "Operations", email: "ops@example.com" },
    resource: { type: "User", id: 1201, email: "ada@example.com" },
    details: { request: { ip_address: "192.0.2.17", user_agent: "Mozilla/5.0" } },
  },
  // Workato, a job that failed: its error is JSON in a string
  {
    id: "j-AF3kQ9zT-4mXw2P",
    recipe_id: 3026581,
    title: "Sync new customers",
    status: "failed",
    started_at: "2026-05-04T02:13:05-07:00",
    completed_at: "2026-05-04T02:13:09-07:00",
    error_type: "Bad data sent to API server",
    error: JSON.stringify({
      error_at: "2026-05-04T02:13:09.118-07:00",
      adapter: "crm",
      message: "404 Not Found",
      http_response: { code: 404, body: JSON.stringify({ email: "grace@example.com", found: false }) },
    }),
    lines: [
      {
        recipe_line_number: 0,
        adapter_name: "crm",
        adapter_operation: "find_contact",
        input: { email: "grace@example.com" },
        output: {},
      },
    ],
    context: { user_id: 1201, user_email: "ada@example.com", recipe_name: "Sync new customers" },
  },
  // Workato, wrapped by a user's own template
  {
    source: "workato",
    now_utc_micro: "1777885994118204",
    log_message: JSON.stringify({
      event: "recipe_stopped",
      user: { id: 1344, name: "Edsger D.", email: "edsger@example.org" },
      resource: { type: "Flow", id: 3026581, name: "Sync new customers" },
    }),
  },
  // Tray: a run, a step with its payload, an audit event
  {
    header: { payloadSize: 773, version: 1 },
    logType: "execution_event",
    eventType: "failed",
    created: "2026-05-04T09:15:31.402Z",
    executionId: "3d3d0d3e-1c1c-4b59-9c55-6a2f0f6f9a01",
    workflowId: "0b6f8a52-7a3e-4a65-8a1f-2d9c5e7b1f10",
    organizationId: "5f0c2f6e-91de-4a4c-b6a7-0f1d2c3b4a59",
    errorMessage: "The request timed out",
    errorType: "connector",
  },
  {
    logType: "step_output",
    stepState: "success",
    stepName: "http-client-1",
    connectorName: "http-client",
    created: "2026-05-04T09:15:30.977Z",
    executionId: "3d3d0d3e-1c1c-4b59-9c55-6a2f0f6f9a01",
    data: { body: { contact: { email: "barbara@example.net", city: "São Paulo" } } },
  },
  {
    eventType: "WorkflowUpdated",
    timestamp: "2026-05-04T09:20:00.000Z",
    organizationId: "5f0c2f6e-91de-4a4c-b6a7-0f1d2c3b4a59",
    details: { stepName: "http-client-1" },
    calledBy: { userId: "u-77", email: "katherine@example.com" },
  },
  // Paragon
  {
    type: "WEBHOOK_TRIGGER",
    level: "error",
    message: "Webhook trigger failed to process record",
    projectId: "9a7c1f0e-2b4d-4f6a-8c1e-3d5f7a9b1c2d",
    endUserId: "user_01J",
    status: "FAILED",
    timestamp: "2026-05-04T09:21:07.310Z",
  },
];

/** One event a line; the fifth line was cut off on its way, as happens. */
export function sampleEvents(): string {
  const lines = events.map((event) => JSON.stringify(event));
  lines.splice(4, 0, `{"event":"user_logout","user":{"id":1344,"email":"edsger@exam`);
  return `${lines.join("\n")}\n`;
}

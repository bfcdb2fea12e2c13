// Workato log service (payload as JSON text in `data`) and Genie conversations.

export function service(c) {
  const { r, v } = c;
  const base = (source, level) => ({ source, log_level: level, date_time: v.iso(), user_id: v.id() });
  return r.weighted([
    [
      5,
      () => ({
        ...base("job", "INFO"),
        adapter: "logger",
        job_handle: `${v.jobId()}-B6`,
        flow_id: v.id(),
        project_id: v.id(),
        line_number: r.int(1, 30),
        log_entry_sequence: r.int(1, 99),
        operation: "log_message",
        data: c.embed({
          input: { message: `${v.prose(60)} ${v.mail()}`, email: r.chance(0.3) ? v.mail() : undefined },
          output: { message: v.words(4) },
        }),
      }),
    ],
    [
      2,
      () => ({
        ...base("webhook", "ERROR"),
        data: c.embed({
          message: "Invalid webhook request",
          http_code: 404,
          url: `https://webhooks.workato.example/webhooks/rest/${v.uuid()}/${v.words(1)}`,
          method: "POST",
          count: r.int(1, 50),
          last_error_seen_at: v.iso(),
          aggregation_window_start: v.iso(),
        }),
      }),
    ],
    [
      2,
      () => ({
        ...base("opa", r.pick(["INFO", "ERROR"])),
        agent: `agent-${v.token(4)}`,
        agent_id: v.id(),
        on_prem_group: v.company(),
        on_prem_group_id: v.id(),
        log_entry_sequence: r.int(1, 9999),
        data: c.embed({ message: v.prose(80), logger: "com.example.agent.Tunnel" }),
      }),
    ],
    [
      2,
      () => ({
        ...base("lcap", "INFO"),
        lcap_app_uid: v.uuid(),
        lcap_user_uid: v.uuid(),
        data: c.embed({
          message: "Page opened",
          debug_info: [v.words(3), v.words(2)],
          events_count: r.int(1, 40),
          is_public_page: false,
          page_path: `/pages/${v.words(1)}`,
          email: v.mail(),
        }),
      }),
    ],
    [
      3,
      () => ({
        ...base("apim-mcp-gateway", "INFO"),
        job_handle: `${v.jobId()}-B6`,
        flow_id: v.id(),
        log_entry_sequence: 1,
        data: c.embed(toolCall(c)),
      }),
    ],
  ])();
}

/** A tool call: JSON text within JSON text. */
function toolCall(c) {
  const { r, v } = c;
  return {
    message_type: "tool_call",
    environment_id: v.id(),
    auth_method: "oauth",
    ip_address: v.ip(),
    user_agent: "python-httpx/0.27.0",
    request_id: v.uuid(),
    server_name: v.words(2),
    duration_seconds: v.float(),
    details: {
      input: c.embed({ query: v.words(5), email: v.mail(), limit: r.int(1, 50) }, { spaced: true }),
      method: "tools/call",
      name: "search_contacts",
      output: c.embed(
        { contacts: [{ id: v.id(), name: v.name(), email: v.mail() }], score: v.float() },
        { spaced: true },
      ),
      succeeded: true,
    },
  };
}

export function genie(c) {
  const { r, v } = c;
  const common = (event_type, grouped) => ({
    event_id: v.uuid(),
    event_type,
    workspace_id: v.id(),
    environment_id: v.id(),
    identity_user_id: String(v.id()),
    conversation_id: `conversation-${v.token(26)}`,
    genie_run_id: r.chance(0.05) ? "unknown" : v.uuid(),
    genie_id: String(v.id()),
    genie_handle: `gin-${v.token(8)}-B2`,
    date_time: v.micros(),
    ...(grouped && { chat_type: "GENIE", request_id: `00-${v.hex(32)}-${v.hex(16)}-01`, app_type: "slack" }),
  });
  return r.weighted([
    [
      5,
      () => ({
        ...common("user_message", true),
        data: {
          message: v.prose(r.int(30, 400)),
          context: { file_paths: [], location: "channel", timestamp: v.spaced(), author: v.name() },
          metadata: {},
        },
      }),
    ],
    [
      4,
      () => ({
        ...common("llm_call_started", true),
        stage: "USER_QUERY",
        llm_call_id: v.uuid(),
        call_result: "SUCCESS",
        data: {
          message: v.prose(120),
          conversation_history: [
            { type: "system", content: v.prose(r.int(800, 3000)), truncated: true, tool_calls: null },
            { type: "human", content: v.prose(r.int(50, 300)), truncated: false, tool_calls: null },
          ],
        },
      }),
    ],
    [
      3,
      () => ({
        ...common("llm_call_completed", true),
        stage: "MID_EXECUTION",
        llm_call_id: v.uuid(),
        model_name: "model-large-2",
        input_tokens: r.int(100, 9000),
        output_tokens: r.int(10, 900),
        data: {
          message: r.chance(0.5) ? "" : v.prose(200),
          tool_calls: [{ name: "search_contacts", args: { query: v.words(4), email: v.mail() } }],
        },
        call_result: "SUCCESS",
      }),
    ],
    [
      3,
      () => ({
        ...common("tool_execution_completed", true),
        tool_call_id: `call_${v.token(24)}`,
        tool_name: "search_contacts",
        tool_type: "EXTERNAL",
        call_result: "SUCCESS",
        data: {
          message: c.embed(
            {
              contacts: [{ id: v.id(), name: v.name(), email: v.mail() }],
              text: `[Passage 1] ${v.prose(120)}`,
            },
            { spaced: true },
          ),
          artifact: null,
        },
      }),
    ],
    [
      2,
      () => ({
        ...common("system_message", true),
        tool_call_id: `call_${v.token(24)}`,
        tool_name: "search_contacts",
        data: `[Passage 1] ${v.prose(140)}`,
      }),
    ],
    [
      3,
      () => ({
        ...common("genie_run_start", false),
        first_run_in_conversation: r.chance(0.5),
        test_run: false,
        genie_run_trigger: "user",
        app_type: "slack",
      }),
    ],
    [
      3,
      () => ({
        ...common("genie_run_finish", false),
        first_run_in_conversation: r.chance(0.5),
        test_run: false,
      }),
    ],
  ])();
}

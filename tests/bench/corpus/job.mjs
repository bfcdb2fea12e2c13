// Workato jobs: status only, and in full with the lines of every step.

const STAT = [
  "map_input",
  "normalize_input",
  "trim_input",
  "render_input",
  "execute",
  "parse_output",
  "normalize_output",
  "summarize_output_report",
  "event_title",
];

export function job(c, { lines: full }) {
  const { r, v } = c;
  const id = v.jobId();
  const master = v.jobId();
  const recipe = v.id();
  const calling = r.chance(0.3);
  const failed = r.chance(0.12);
  const ms = v.now();
  return {
    id,
    master_job_id: master,
    recipe_id: r.chance(0.1) ? String(recipe) : recipe,
    calling_job_id: calling ? v.jobId() : null,
    calling_recipe_id: calling ? v.id() : null,
    title: r.chance(0.5)
      ? `Scheduler by Workato: new recurring event: Scheduled time=${v.micros(ms)}, Scheduled week=${r.int(1, 52)}`
      : `Recipe function: new call, contact ${v.mail()} and ID=${v.hex(10)}`,
    status: failed ? "failed" : "succeeded",
    is_repeat: r.chance(0.1),
    is_test: false,
    is_test_case_job: r.chance(0.5) ? false : undefined,
    started_at: v.offset(ms),
    completed_at: v.offset(ms + r.int(100, 90_000)),
    repeat_count: 0,
    action_count: r.int(0, 9),
    parent_id: null,
    flow_id: recipe,
    error_type: failed ? "Bad data sent to API server" : null,
    is_poll_error: false,
    account_id: v.id(),
    account_name: v.company(),
    environment_type: r.pick(["dev", "test", "prod"]),
    environment_id: v.id(),
    hq_account_id: r.chance(0.3) ? 0 : undefined,
    error: failed ? c.embed(fault(c, ms)) : null,
    report: r.chance(0.2) ? { custom_column_0: v.iso(ms), custom_column_1: v.words(3) } : {},
    lines: full ? lines(c, ms) : undefined,
    context: {
      user_id: v.id(),
      user_name: v.name(),
      user_email: v.mail(),
      recipe_id: recipe,
      recipe_url: `https://app.workato.example/recipes/${recipe}`,
      recipe_name: v.recipe(),
      recipe_path: `Home/${v.words(1)}`,
      job_id: id,
      master_job_id: master,
      is_repeat: false,
      is_test: false,
      repeat_count: 0,
      job_url: `https://app.workato.example/recipes/${recipe}/job/${id}`,
      job_created_at: v.micros(ms),
      user_external_id: r.chance(0.4) ? `ext-${v.id()}` : null,
    },
  };
}

/** The `error` member: JSON text, which may hold the answer's body as JSON text again. */
function fault(c, ms) {
  const { r, v } = c;
  return {
    error_id: v.uuid(),
    error_type: "Bad data sent to API server",
    error_at: v.offset(ms),
    adapter: v.app().toLowerCase(),
    action: "create_custom_object",
    line_number: r.int(1, 9),
    message: `Invalid value(s) for: ${v.words(2)}`,
    inner_message: null,
    http_response: r.chance(0.5)
      ? {
          protocol: "HTTP/1.1",
          code: r.int(400, 503),
          raw_status_text: "Bad Request",
          headers: { content_type: "application/json", request_id: v.uuid() },
          body: c.embed({ errors: [{ message: v.words(6), email: v.mail() }], request: v.uuid() }),
        }
      : undefined,
  };
}

function lines(c, ms) {
  const { r, v } = c;
  // Most jobs are short; a few loop over a page of records.
  const count = r.weighted([
    [60, r.int(1, 3)],
    [33, r.int(3, 8)],
    [6, r.int(8, 16)],
    [1, r.int(20, 36)],
  ]);
  const all = [
    {
      recipe_line_number: 0,
      adapter_name: "clock",
      adapter_operation: "scheduled_event",
      input: { time_unit: "minutes", trigger_every: "5" },
      output: { scheduled_time: v.micros(ms), scheduled_day: "Monday", scheduled_week: r.int(1, 52) },
      mask_data: false,
    },
  ];
  for (let i = 1; i <= count; i++) all.push(line(c, i));
  return all;
}

function line(c, number) {
  const { r, v } = c;
  const at = (adapter_name, adapter_operation, input, output) => ({
    recipe_line_number: number,
    adapter_name,
    adapter_operation,
    input,
    output,
    mask_data: input.data === "masked",
    line_stat: r.chance(0.15) ? stat(c) : undefined,
  });
  return r.weighted([
    [
      4,
      () =>
        at(
          "logger",
          "log_message",
          { message: `${v.prose(r.int(40, 160))} (${v.mail()})`, level: "info", user_logs_enabled: "true" },
          { message: v.words(5) },
        ),
    ],
    [
      3,
      () =>
        at(
          "salesforce",
          "search_sobjects",
          { sobject_name: "Contact", limit: "5", Email: v.mail() },
          {
            Contact: [
              {
                Id: v.token(18),
                Name: v.name(),
                Email: v.mail(),
                Phone: v.phone(),
                AnnualRevenue: v.float(),
                IsDeleted: false,
              },
            ],
            size: 1,
          },
        ),
    ],
    [
      2,
      () =>
        at(
          "slack_bot",
          "post_bot_message",
          { channel: `#${v.words(1)}`, message: v.prose(90), unfurl: "false" },
          { ts: `${ms10(v)}.${r.int(100_000, 999_999)}`, ok: true },
        ),
    ],
    [
      2,
      () =>
        at(
          "rest",
          "make_request_v2",
          {
            request: {
              method: "POST",
              url: `https://api.${v.token(6).toLowerCase()}.example/v1/${v.words(1)}`,
            },
          },
          {
            response: {
              status: 200,
              id: v.uuid(),
              latency: v.float(),
              items: [
                { id: v.id(), ok: true, ref: null },
                { id: v.id(), ok: false, ref: v.token(12) },
              ],
            },
          },
        ),
    ],
    [
      1,
      () =>
        at(
          "workato_recipe_function",
          "call_recipe",
          { flow_id: v.id(), parameters: { customer: v.name(), email: v.mail() } },
          {
            result: v.words(3),
            parameters_schema_json: c.embed([
              { name: "id", type: "string", optional: false },
              { name: "email", type: "string" },
            ]),
          },
        ),
    ],
    [1, () => at("netsuite", "get_record", { data: "masked" }, { data: "masked" })],
  ])();
}

const ms10 = (v) => Math.floor(v.now() / 1000);

function stat(c) {
  const { r, v } = c;
  const details = [];
  const n = r.int(4, STAT.length);
  for (let i = 0; i < n; i++)
    details.push({
      name: STAT[i],
      count: 1,
      average: v.float(),
      total: v.float(),
      min: v.float(),
      max: v.float(),
    });
  return { total: v.float(), details };
}

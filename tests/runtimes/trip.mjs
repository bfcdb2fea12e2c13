// What every runtime is asked to do with the package that it imported. The answer is the same text everywhere.
const log = {
  id: "j-1",
  flow_id: 7,
  status: "failed",
  started_at: "2026-05-04T06:00:00Z",
  title: "mail to ana@example.org",
};
const record = `{"team":{"id":12345678901234567890},"log":${JSON.stringify(JSON.stringify(log))}}`;

const policy = {
  logweir: 1,
  accept: { unknown: "pass" },
  keep: "NOT eventType:ping",
  redact: [{ detect: ["email"] }, { path: "**.team.id", with: { hash: "pii-key" } }],
  routes: [
    { name: "plain" },
    { name: "line", template: { at: "{{now_utc_micro}}", title: "{{title}}", all: "{{{log_message}}}" } },
    { name: "logs", to: { datadog: { site: "datadoghq.eu", service: "weir" } } },
  ],
};

/** @returns {string} a line of JSON; bodies as hexadecimal bytes */
export function trip({ compile, detect, Query, Report, Schema, Template, version }) {
  const weir = compile(policy, { keys: { "pii-key": "k".repeat(32) } });
  const { batches, report } = weir.process(`${record}\n{"user":"bo@example.com"}\n{"eventType":"ping"}\n`, {
    now: "2026-05-04T06:00:00Z",
  });
  const answer = {
    version,
    bodies: batches.map(({ route, body }) => [route, hexadecimal(body)]),
    kept: Report.merge(report, report).kept,
    at: detect(record).at,
    matches: new Query("status:failed flow_id:>6").matches(record),
    valid: new Schema({ type: "object", required: ["log"] }).isValid(record),
    rendered: hexadecimal(new Template('{"t":{{team.id}}}').render(record)),
  };
  weir.free();
  return JSON.stringify(answer);
}

const hexadecimal = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

// What destinations send, read by parts that others wrote and by strict stubs of the contracts: node tests/receivers/receivers.mjs
// A lane a line: `ok`, `not ok`, or `skipped` with the reason. Python's parts go into an environment under target/, those of
// npm beside it, each furnished when it is first run. LOGWEIR_LANES=REGEX runs some alone.
import { compile } from "logweir";
import { sample } from "logweir/sample";
import { runLanes } from "../common/lanes.mjs";
import { clients } from "./clients.mjs";
import { models } from "./models.mjs";
import { stores } from "./stores.mjs";
import { stubs } from "./stubs.mjs";

const hostile = [
  { "": null, "a\u0000": ["\ud83d\ude00", '"}}', "\u202e"], n: -0.0, big: "x".repeat(1000) },
  { logType: "execution_event", eventType: "failed", created: "not a time", details: [[[{ a: [] }]]] },
];
const events = [
  ...sample({ count: 300, seed: 7, asText: true }),
  ...hostile.map((each) => JSON.stringify(each)),
];
// What OCSF has classes of its own for.
for (const eventType of [
  "UserLoginFailed",
  "UserDeleted",
  "2FAEnabled",
  "2FADisabled",
  "OrganizationUserInvited",
]) {
  const event = { eventType, timestamp: "2026-05-04T06:00:00Z", organizationId: "o", details: {} };
  events.push(JSON.stringify({ ...event, calledBy: { userId: "u", email: "ana@example.org" } }));
}
for (const event of ["user_login", "user_logout", "team_membership_deleted"]) {
  const timestamp = "2026-05-04 06:00:00 UTC";
  events.push(JSON.stringify({ event, user: { id: 1 }, team: { id: 2 }, timestamp, resource: { id: 3 } }));
}
events.push("[]", "{}", "null", '""', "1e400", '"text"', '{"n":123456789012345678901234567890,"e":1e-7}');

/** The bodies of a route to a destination. */
function bodies(name, options) {
  const weir = compile({ logweir: 1, accept: {}, routes: [{ name, to: { [name]: options } }] });
  const { batches, report } = weir.process(events.join("\n"), { format: "ndjson" });
  if (report.kept !== events.length) throw new Error(`${name}: ${report.kept} of ${events.length} were kept`);
  return batches;
}

const lanes = [...stubs, ...clients, ...models, ...stores];
await runLanes(lanes.map(([name, lane]) => [name, () => lane({ events, bodies })]));

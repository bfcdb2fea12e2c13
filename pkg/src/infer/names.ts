// What the name of a member tells of what it holds.
import type { Format } from "./text.js";

/** The words of a name: `userEmail`, `user_email` and `UserEMail` alike. */
export function wordsOf(name: string): string[] {
  const parted = name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/([A-Z])([A-Z][a-z])/g, "$1 $2");
  return parted
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
}

/** Classes of personal data, as the catalogue has them. */
export type Class =
  | "email"
  | "person"
  | "user_id"
  | "customer_id"
  | "ip"
  | "device"
  | "location"
  | "phone"
  | "secret";

/** Classes by what values look like: what it says goes before any name. */
const byFormat: Partial<Record<Format, Class>> = {
  email: "email",
  ipv4: "ip",
  ipv6: "ip",
  token: "secret",
  phone: "phone",
  "user-agent": "device",
  "national-id": "user_id",
};

/** Classes by the words of a name, the first that fits: all of its words in a row, a star for the end of one. */
const byName: readonly (readonly [Class, RegExp])[] = [
  [
    "secret",
    /\b(?:password|passwd|passphrase|pwd|pw|secret|token|credentials?|authorization|cookie|(?:api|private|access) key|signature|session(?: id| key)?|(?:credit )?card(?: number| no)?|cvc|cvv|iban|pin)\b/,
  ],
  ["email", /\b(?:e ?mail|mailto)\b/],
  ["ip", /\b(?:ip|ipv4|ipv6|ip address|remote addr)\b/],
  ["phone", /\b(?:phone|telephone|mobile|msisdn|fax)\b/],
  ["device", /\b(?:user agent|device|browser)\b/],
  [
    "location",
    /\b(?:address|street|city|postcode|postal code|zip|latitude|longitude|lat|lon|lng|geo|country|location)\b/,
  ],
  [
    "person",
    /\b(?:(?:first|last|full|given|family|display|middle|nick|sur|user|person|owner|author|actor|customer) ?name|username|surname|patient|contact|fullname|login|born|birth\w*)\b/,
  ],
  [
    "user_id",
    /\b(?:(?:user|actor|member|person|employee|owner|author|login|subject|principal) (?:id|uuid|key|handle)|ssn|social security(?: number)?|(?:national|passport|tax) (?:id|number|no)|passport|driver licen[cs]e)\b/,
  ],
  [
    "customer_id",
    /\b(?:customer|client|tenant|account|company|org|organi[sz]ation) (?:id|uuid|key|name|handle)\b/,
  ],
];

/** Objects that stand for people: their `name` is a person's, their `id` that of one. */
const people =
  /\b(?:user|actor|person|member|employee|owner|author|customer|contact|recipient|sender|invitee|initiator)\b/;

/** What is likely to be personal at a place: by what its values look like, or by its name and that of the member around it. */
export function classOf(
  name: string,
  around: string,
  formats: readonly Format[],
  isText = false,
): Class | undefined {
  for (const format of formats) if (byFormat[format]) return byFormat[format];
  const words = wordsOf(name).join(" ");
  const found = byName.find(([, pattern]) => pattern.test(words))?.[0];
  if (found) return found;
  // Text that is called as people are is likely to name one.
  if (isText && people.test(words) && !words.includes(" ")) return "person";
  if (!people.test(wordsOf(around).join(" "))) return undefined;
  if (/^(?:name|title)$/.test(words)) return "person";
  return /^(?:id|uuid|key)$/.test(words) ? "user_id" : undefined;
}

/** Where common fields are likely to come from: names in words, the best first. */
export const likely: Readonly<Record<string, readonly string[]>> = {
  "@time": [
    "timestamp",
    "time",
    "occurred at",
    "event time",
    "created at",
    "created",
    "at",
    "date",
    "ts",
    "logged at",
  ],
  "@level": ["level", "severity", "log level", "loglevel"],
  "@status": ["status", "state", "result", "outcome"],
  "@message": ["message", "msg", "text", "summary", "description"],
  "@id": ["event id", "id", "uuid", "message id"],
  "@org.id": ["organization id", "org id", "workspace id", "team id"],
  "@customer.id": ["customer id", "tenant id", "account id", "client id"],
  "@environment": ["environment", "env", "stage"],
  "@workflow.id": ["workflow id", "flow id", "recipe id", "pipeline id"],
  "@workflow.name": ["workflow name", "flow name", "recipe name", "pipeline name"],
  "@run.id": ["run id", "execution id", "job id"],
  "@parent.id": ["parent id", "parent run id", "parent execution id"],
  "@trace.id": ["trace id", "correlation id", "request id"],
  "@step": ["step", "step name", "step id"],
  "@connector": ["connector", "connector name", "adapter"],
  "@integration.id": ["integration id"],
  "@operation": ["operation", "action", "event", "event type", "event name", "type"],
  "@resource.type": ["resource type", "object type", "entity type"],
  "@resource.id": ["resource id", "object id", "entity id"],
  "@actor.id": ["actor id", "user id", "actor.id", "user.id"],
  "@actor.email": ["actor email", "user email", "actor.email", "user.email"],
  "@actor.ip": ["ip", "ip address", "client ip", "actor.ip", "user.ip"],
  "@error.type": ["error type", "error code", "error.type", "error.code"],
  "@error.message": ["error message", "error.message"],
  "@duration": ["duration", "duration ms", "duration s", "elapsed", "elapsed ms", "took ms", "latency ms"],
};

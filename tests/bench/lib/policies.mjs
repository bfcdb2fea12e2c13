// The policies under test: six path redactions each, two of them with wildcards. No two rules of a policy meet at one value.

const POLICIES = {
  mixed: {
    // `*.email` looks into every string of the first level that holds JSON, `log_message.user.email` into a wrapper's twin.
    strings: [
      "*.email",
      "lines[*].input.message",
      "user.name",
      "context.user_name",
      "log.user.email",
      "log_message.user.name",
    ],
    // As much work on objects alone (but for the few events that are a string altogether): tells what strings cost.
    objects: [
      "resource.*.email",
      "lines[*].input.message",
      "user.name",
      "context.user_name",
      "log.user.email",
      "user.email",
    ],
  },
  small: {
    // Tray's small events hold no JSON in strings.
    objects: [
      "data.*.email",
      "data.records[*].note",
      "calledBy.email",
      "impersonatedBy.email",
      "details.email",
      "errorMessage",
    ],
  },
};
// The same work where each record is held against the catalogue first: paths are meant from the event, in its wrapper or
// out of it. `recognise` finds out which event it is; `validate` also checks it by its schema and counts drift.
const EVENTS = {
  mixed: [
    "user.email",
    "lines[*].input.message",
    "user.name",
    "context.user_name",
    "context.user_email",
    "resource.email",
  ],
  small: POLICIES.small.objects,
};
const ACCEPTS = { recognise: { invalid: "ignore" }, validate: {} };

POLICIES.shuffled = POLICIES.mixed;
EVENTS.shuffled = EVENTS.mixed;

export const REPLACEMENT = "[redacted]";

/**
 * @returns {{ name: string, paths: string[], policy: object, events: boolean }[]} the first one is the policy of the goal;
 * `events`: its paths are meant from the event
 */
export function policiesFor(corpus) {
  const policy = (name, paths, accept) => {
    const redact = paths.map((path) => ({ path, with: { replace: REPLACEMENT } }));
    return {
      name,
      paths,
      policy: { logweir: 1, ...(accept && { accept }), redact },
      events: accept !== undefined,
    };
  };
  return [
    ...Object.entries(POLICIES[corpus]).map(([name, paths]) => policy(name, paths)),
    ...Object.entries(ACCEPTS).map(([name, accept]) => policy(name, EVENTS[corpus], accept)),
  ];
}

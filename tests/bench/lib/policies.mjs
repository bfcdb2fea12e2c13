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
POLICIES.shuffled = POLICIES.mixed;

export const REPLACEMENT = "[redacted]";

/** @returns {{ name: string, paths: string[], policy: object }[]} the first one is the policy of the goal */
export function policiesFor(corpus) {
  return Object.entries(POLICIES[corpus]).map(([name, paths]) => ({
    name,
    paths,
    policy: { logweir: 1, redact: paths.map((path) => ({ path, with: { replace: REPLACEMENT } })) },
  }));
}

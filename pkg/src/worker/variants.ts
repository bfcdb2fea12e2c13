// Policies that are made from the forwarder's: for the tail, and for events of its own.
type Members = { readonly [name: string]: unknown };

/** What Logweir's own events are, in the form of the catalogue: they hold names of the set-up, times and counts. */
const own = (name: string, fields: Members) => ({
  type: `logweir.${name}`,
  title: `An event of the forwarder's own: ${name}`,
  recognise: { require: { event: { const: `logweir.${name}` } } },
  fields: {
    "@platform": { const: "logweir" },
    "@time": { path: "time", time: "text" },
    "@id": { path: "id" },
    ...fields,
  },
  schema: { type: "object" },
});

const OWN = [
  own("test", {}),
  own("silence", {
    "@level": { path: "level" },
    "@status": { path: "status" },
    "@message": { path: "message" },
  }),
];

/** A policy as an object; undefined where its text is none. */
export function plain(text: string): Members | undefined {
  // Comments, then commas before a closing bracket, outside of texts.
  const bare = [
    /("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    /("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g,
  ].reduce((rest, what) => rest.replace(what, (_, kept = " ") => kept), text);
  for (const each of [text, bare]) {
    try {
      const value: unknown = JSON.parse(each);
      return isMembers(value) ? value : undefined;
    } catch {
      // The next.
    }
  }
  return undefined;
}

/**
 * What the tail shows, in two forms of which the first without leaks is taken: all rules of the policy, for whatever route;
 * and besides them the presets, without free payload and events of unknown type.
 */
export function forTail(text: string): string[] {
  const policy = plain(text);
  if (!policy) return [];
  const { accept, redact } = policy;
  const rules = list(redact).map((rule) => (isMembers(rule) ? without(rule, "routes") : rule));
  const open = without(policy, "allow", "quarantine", "tests");
  const shown = { ...open, redact: rules, routes: [{ name: "tail" }] };
  const strict = [...rules, { use: ["personal", "secrets"] }, { payload: true, with: "remove" }];
  const known = isMembers(accept) ? { accept: { ...accept, unknown: "quarantine" } } : {};
  return [shown, { ...shown, ...known, redact: strict }].map((each) => JSON.stringify(each));
}

/** The event types that a policy brings; undefined where it brings none. */
export function catalogOf(text: string): unknown[] | undefined {
  const accept = plain(text)?.accept;
  return isMembers(accept) && accept.catalog !== undefined ? list(accept.catalog) : undefined;
}

/** The policy, with the forwarder's own events accepted as well. */
export function withOwn(text: string): string {
  const policy = plain(text);
  if (!policy || !isMembers(policy.accept)) return text;
  const { accept } = policy;
  const events = accept.events === undefined ? {} : { events: [...list(accept.events), "logweir.*"] };
  const catalog = [...list(accept.catalog), ...OWN];
  return JSON.stringify({ ...policy, accept: { ...accept, ...events, catalog } });
}

/** The policy for a marked event: whatever it would leave out goes through every route. */
export function forTest(text: string): string {
  const policy = plain(withOwn(text));
  if (!policy) return text;
  const open = (route: unknown) => (isMembers(route) ? without(route, "when", "sample") : route);
  const routes = policy.routes === undefined ? {} : { routes: list(policy.routes).map(open) };
  return JSON.stringify({ ...without(policy, "keep", "sample"), ...routes });
}

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A list, or the one thing that stands where a list may. */
const list = (value: unknown): unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

const without = (members: Members, ...names: readonly string[]): Members =>
  Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));

// The documentation in order: what is a page, what it is made from, and what it is for.

/** @type {readonly { title: string, pages: readonly { slug: string, source: string, title: string, about: string }[] }[]} */
export const sections = [
  {
    title: "Guides",
    pages: [
      page(
        "start",
        "pkg/docs/start.md",
        "Ten minutes with Logweir",
        "Install, write a policy, run it, check it.",
      ),
      page("worker", "pkg/docs/worker.md", "A Cloudflare Worker", "Receive, redact, forward."),
      page(
        "inspector",
        "pkg/docs/inspector.md",
        "The inspector",
        "Open a log, search, see runs, try a policy; nothing leaves the tab.",
      ),
      page(
        "browser",
        "pkg/docs/browser.md",
        "In the browser",
        "Bundlers, Web Workers, security policies, sending.",
      ),
      page("node", "pkg/docs/node.md", "A pipeline in Node", "Streams, batches, files, the command line."),
      page("store", "pkg/docs/store.md", "A log in memory", "Load, search, count: LogStore."),
      page("event-types", "pkg/docs/event-types.md", "Event types of your own", "Draft, confirm, accept."),
      page(
        "privacy",
        "pkg/docs/privacy.md",
        "Reviewing a policy",
        "What a reviewer asks, and what the answers prove.",
      ),
    ],
  },
  {
    title: "Manuals",
    pages: [
      page("policy", "src/policy/POLICY.md", "The policy", "Every member, with examples."),
      page("query", "src/query/QUERY.md", "Queries", "The search language, and how it differs from others."),
      page("template", "src/template/TEMPLATE.md", "Templates", "Placeholders, formatters, sections."),
      page(
        "detectors",
        "src/sensitive/DETECTORS.md",
        "Detectors",
        "What each accepts, and what is not read.",
      ),
      page("schema", "src/schema/SCHEMA.md", "JSON Schema", "Drafts, keywords, findings."),
      page(
        "pattern",
        "src/pattern/PATTERN.md",
        "Regular expressions",
        "What the patterns can, and what they cost.",
      ),
      page("problems", "PROBLEMS.md", "Problem codes", "What each code means, and what helps."),
    ],
  },
];

export const pages = sections.flatMap(({ pages }) => pages);

/** @returns {{ slug: string, source: string, title: string, about: string }} */
function page(slug, source, title, about) {
  return { slug, source, title, about };
}

// The files of a forwarder's project, made from its policy.
import { createHash } from "node:crypto";
import type { RouteLayout } from "../border.js";
import { queueName } from "../worker/platform.js";
import { READY } from "../worker/sources.js";
import { plain } from "../worker/variants.js";

/** What the files are made from. */
export interface Project {
  /** The Worker's name: that of its queues and its bucket begin with it. */
  readonly name: string;
  /** The policy's text. */
  readonly policy: string;
  readonly layout: readonly RouteLayout[];
  /** The names of the policy's keys. */
  readonly keys: readonly string[];
  /** The package's version. */
  readonly version: string;
  /** The secrets that a request names. */
  slots(request: NonNullable<RouteLayout["request"]>): string[];
}

/** By name, the text of each file. */
export function scaffold(project: Project): Record<string, string> {
  return {
    [policyFile(project)]: project.policy,
    "forwarder.js": workerOf(project),
    "wrangler.jsonc": configOf(project),
    ".dev.vars.example": secretsOf(project),
    "package.json": manifestOf(project),
    ".gitignore": "node_modules\n.wrangler\n.dev.vars\n*.private.jwk\n",
    "README.md": manualOf(project),
  };
}

/** JSON is imported as it is; where there are comments, as text. */
function policyFile({ policy }: Project): string {
  try {
    JSON.parse(policy);
    return "policy.json";
  } catch {
    return "policy.jsonc";
  }
}

const queued = ({ layout }: Project) => layout.filter(({ request }) => request);

/** A name of a Worker, from which those of its queues and its bucket are made. */
export const NAME = /^(?!.*--)[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** The longest name of a queue (Cloudflare Queues: letters, digits and dashes, none of them at an end). */
const LONGEST = 63;

/** Where messages go whose tries are used up, as the Worker broke down at each of them. */
const spareOf = ({ name }: Project) => `${name}-spare`;

/** By route, the queue: by its name where that will do, else with a digest of it behind. */
function queuesOf(project: Project): Map<string, string> {
  const taken = new Set([spareOf(project)]);
  return new Map(
    queued(project).map(({ name: route }) => {
      const bare = route
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-|-$/g, "");
      const digest = createHash("sha256").update(route).digest("hex").slice(0, 8);
      const named = [project.name, bare].filter((part) => part !== "").join("-");
      const isGood = bare !== "" && named.length <= LONGEST && !taken.has(named);
      const cut = named.slice(0, LONGEST - digest.length - 1).replace(/-$/, "");
      const queue = isGood ? named : `${cut}-${digest}`;
      taken.add(queue);
      return [route, queue];
    }),
  );
}

/** Two things of one name: of the queues' bindings, or of the keys' and the other secrets'. */
export function clashOf(project: Project): readonly [one: string, other: string] | undefined {
  const known = new Map([...secrets({ ...project, keys: [] }).keys()].map((name) => [name, name]));
  const names = [
    ...queued(project).map(({ name }) => [queueName(name), `the route ${name}`] as const),
    ...project.keys.map((key) => [bindingOf(key), `the key ${key}`] as const),
  ];
  for (const [binding, what] of names) {
    const other = known.get(binding);
    if (other !== undefined) return [other, what];
    known.set(binding, what);
  }
  return undefined;
}

/** What a key is bound as: `PII_KEY` for `pii-key`. */
const bindingOf = (key: string) => key.toUpperCase().replace(/[^A-Z0-9]+/g, "_");

const isSigned = (project: Project) => queued(project).some(({ request }) => request?.sign);

function workerOf(project: Project): string {
  const keys = project.keys.map((key) => `${JSON.stringify(key)}: "${bindingOf(key)}"`).join(", ");
  const options = [
    ...(project.keys.length > 0 ? [`  keys: { ${keys} },`] : []),
    ...(isSigned(project) ? [SIGN] : []),
  ];
  const given = options.length > 0 ? `policy, {\n${options.join("\n")}\n}` : "policy";
  return `${isSigned(project) ? 'import { AwsClient } from "aws4fetch";\n' : ""}import { forwarder } from "logweir/worker";
import policy from "./${policyFile(project)}";

export default forwarder(${given});
export { Ledger } from "logweir/worker";
`;
}

const SIGN = `  sign: ({ url, ...init }, signing, env) =>
    new AwsClient({ accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY, ...signing }).sign(
      url,
      init,
    ),`;

function configOf(project: Project): string {
  const { name } = project;
  const queues = [...queuesOf(project)].map(([route, queue]) => ({ binding: queueName(route), queue }));
  const consumer = { max_batch_size: 10, max_batch_timeout: 5, max_retries: 100 };
  const spare = spareOf(project);
  // These delays are for a Worker that breaks down before it can ask for its own.
  const consumers: object[] = [
    ...queues.map(({ queue }) => ({ queue, ...consumer, retry_delay: 60, dead_letter_queue: spare })),
    // The Worker delivers what is there as if it came from its route's queue: there is nothing to be drained by hand.
    { queue: spare, ...consumer, retry_delay: 3_600 },
  ];
  const config = {
    $schema: "node_modules/wrangler/config-schema.json",
    name,
    main: "forwarder.js",
    compatibility_date: "2026-04-01",
    // Whoever reads the tail and goes is noticed at once.
    compatibility_flags: ["enable_request_signal"],
    r2_buckets: [{ binding: "STORE", bucket_name: `${name}-store` }],
    durable_objects: { bindings: [{ name: "LEDGER", class_name: "Ledger" }] },
    migrations: [{ tag: "v1", new_sqlite_classes: ["Ledger"] }],
    ...(queues.length > 0 && { queues: { producers: queues, consumers } }),
    ...(policyFile(project) === "policy.jsonc" && { rules: [{ type: "Text", globs: ["**/*.jsonc"] }] }),
    // Sources that fall silent are noticed; the ledgers forget what was settled a week ago.
    triggers: { crons: ["*/5 * * * *"] },
    // Not of each request: an address may hold a token, or the name of a customer.
    observability: { enabled: true, logs: { enabled: true, invocation_logs: false } },
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** By secret, what it is for. */
function secrets(project: Project): Map<string, string> {
  const found = new Map([
    ["ADMIN_TOKEN", "who may ask for /policy, /sources and /test: 32 random characters or more"],
    ["METRICS_TOKEN", "who may read /metrics"],
    ["TAIL_TOKEN", "who may read /tail: what is taken, redacted"],
    ["REPLAY_TOKEN", "who may run again what was kept"],
  ]);
  const { quarantine } = (plain(project.policy) ?? {}) as { quarantine?: { originals?: unknown } };
  if (quarantine?.originals === true)
    found.set("ORIGINALS_KEY", "whom originals are sealed for: what logweir worker key prints");
  for (const { name, request } of queued(project)) {
    for (const slot of request ? project.slots(request) : []) found.set(slot, `the destination of ${name}`);
  }
  if (isSigned(project)) {
    found.set("AWS_ACCESS_KEY_ID", "who signs for the object store");
    found.set("AWS_SECRET_ACCESS_KEY", "the same");
  }
  for (const key of project.keys) found.set(bindingOf(key), `the policy's key ${key}: 32 bytes or more`);
  for (const [source, { auth }] of Object.entries(READY)) {
    for (const way of auth?.flat() ?? []) {
      for (const kind of ["bearer", "hmac", "token"]) {
        const secret = (way as unknown as Record<string, unknown>)[kind];
        if (typeof secret === "string")
          found.set(secret, `the source ${source}; leave it out if nothing comes from there`);
      }
    }
  }
  return found;
}

const secretsOf = (project: Project) =>
  [...secrets(project)].map(([name, what]) => `# ${what}\n${name}=\n`).join("");

function manifestOf(project: Project): string {
  const manifest = {
    name: project.name,
    private: true,
    type: "module",
    scripts: {
      check: `logweir check ${policyFile(project)}`,
      dev: "wrangler dev",
      deploy: "npm run check && wrangler deploy",
    },
    dependencies: { ...(isSigned(project) && { aws4fetch: "^1.0.20" }), logweir: `^${project.version}` },
    devDependencies: { wrangler: "^4.0.0" },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function manualOf(project: Project): string {
  const { name } = project;
  const names = [...queuesOf(project).values()];
  if (names.length > 0) names.push(spareOf(project));
  const queues = names.map((queue) => `npx wrangler queues create ${queue}`);
  const put = [...secrets(project).keys()].map((secret) => `npx wrangler secret put ${secret}`);
  return `# ${name}

Takes events at \`POST /in/SOURCE\` and brings what ${policyFile(project)} lets out to its destinations. The manual is
node_modules/logweir/docs/worker.md.

On this machine, with queues, bucket and ledgers of its own: \`npm install\`, \`cp .dev.vars.example .dev.vars\`, fill it in,
\`npm run dev\`.

To Cloudflare:

\`\`\`sh
npm install
npx wrangler login
npx wrangler r2 bucket create ${name}-store
npx wrangler r2 bucket lifecycle add ${name}-store bodies bodies/ --expire-days 15
${queues.join("\n")}
npm run deploy
${put.join("\n")}
curl https://${name}.YOUR-SUBDOMAIN.workers.dev/health
\`\`\`
`;
}

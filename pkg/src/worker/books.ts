// What the forwarder tells of itself: /health, /metrics, /policy.
import { Report } from "../account.js";
import type { Standing } from "./entries.js";
import type { Env } from "./platform.js";
import { json } from "./problem.js";
import { isReady, type Missing, type Setup } from "./setup.js";
import type { Scope, Tenants } from "./tenants.js";

/** Whether it takes; no more, as anybody may ask. */
export const health = (setup: Setup | Missing): Response =>
  isReady(setup) ? json({ status: "ready" }) : json({ status: "not set up" }, 503);

/**
 * The policy's hash, what is wrong with it or could leak through it, and which bindings are missing. Where the partner's
 * policy is set: the tenants that have one of their own, which it shadows, as it does the forwarder's.
 */
export async function policy(
  { tenant, author, setup, preparation }: Scope,
  tenants: Tenants | undefined,
  env: Env,
): Promise<Response> {
  const bindings = isReady(setup) ? [] : setup.bindings;
  const problems = isReady(setup) ? [] : setup.problems;
  const shadows = author === "partner" && tenants ? await tenants.all(env, ["policy"]) : undefined;
  return json({
    ready: isReady(setup),
    sha256: (await preparation?.hash()) ?? null,
    problems,
    missing: bindings,
    ...(tenants && { tenant: tenant ?? null, author }),
    ...(shadows && { shadows: { own: true, tenants: shadows.sort() } }),
  });
}

/** The report of all that was taken, and how it stands with each destination, in Prometheus's text format (0.0.4). */
export async function metrics(setup: Setup): Promise<Response> {
  const { ledgers, routes, tenant } = setup;
  const [{ report }, ...standings] = await Promise.all([
    ledgers.ask(undefined, "report", {}),
    ...[...routes.keys()].map(async (route) => ({ route, ...(await ledgers.ask(route, "standing", {})) })),
  ]);
  const text =
    Report.toPrometheus(report ?? Report.merge(), { labels: { ...(tenant && { tenant }) } }) +
    families(standings, setup.now(), tenant);
  return new Response(text, {
    headers: { "content-type": Report.prometheusType, "cache-control": "no-store" },
  });
}

type Named = Standing & { readonly route: string };

/** A value of a label, as Prometheus's text format has it. */
const quoted = (text: string) => `"${text.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"`;

function families(standings: readonly Named[], now: number, tenant: string | undefined): string {
  const whose = tenant === undefined ? "" : `tenant=${quoted(tenant)},`;
  const family = (
    name: string,
    type: "counter" | "gauge",
    help: string,
    samples: (standing: Named) => readonly (readonly [label: string, value: number])[],
  ) => {
    const full = `logweir_forwarder_${name}`;
    const lines = standings.flatMap((standing) =>
      samples(standing).map(([label, value]) => {
        const more = label && `,outcome="${label}"`;
        return `${full}{${whose}route=${quoted(standing.route)}${more}} ${value}\n`;
      }),
    );
    return lines.length > 0 ? `# HELP ${full} ${help}\n# TYPE ${full} ${type}\n${lines.join("")}` : "";
  };
  const seconds = (from: number) => Math.max(0, (now - from) / 1000);
  return [
    family(
      "records_total",
      "counter",
      "Records of a route that were taken, and what became of them.",
      (of) => [
        ["taken", of.taken],
        ["delivered", of.delivered],
        ["dead", of.dead],
      ],
    ),
    family("waiting_records", "gauge", "Records in a route's queue.", ({ waiting }) => [["", waiting]]),
    family("oldest_seconds", "gauge", "How long the oldest of them has waited.", ({ oldest }) => [
      ["", oldest > 0 ? seconds(oldest) : 0],
    ]),
    family("tries_total", "counter", "Requests to a destination by what they ended with.", ({ tries }) =>
      Object.entries(tries),
    ),
    family("failures", "gauge", "How often in a row a destination took nothing.", ({ failures }) => [
      ["", failures],
    ]),
    family("paused_seconds", "gauge", "How long a destination is still left alone.", ({ pausedUntil }) => [
      ["", Math.max(0, (pausedUntil - now) / 1000)],
    ]),
  ].join("");
}

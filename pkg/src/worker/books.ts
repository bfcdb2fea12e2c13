// What the forwarder tells of itself: /health, /metrics, /policy.
import { Report } from "../account.js";
import type { Standing } from "./entries.js";
import { json } from "./problem.js";
import { isReady, type Missing, type Preparation, type Setup } from "./setup.js";

/** Whether it takes; no more, as anybody may ask. */
export const health = (setup: Setup | Missing): Response =>
  isReady(setup) ? json({ status: "ready" }) : json({ status: "not set up" }, 503);

/** The policy's hash, what is wrong with it or could leak through it, and which bindings are missing. */
export async function policy(preparation: Preparation, setup: Setup | Missing): Promise<Response> {
  const bindings = isReady(setup) ? [] : setup.bindings;
  const problems = isReady(setup) ? [] : setup.problems;
  return json({ ready: isReady(setup), sha256: await preparation.hash(), problems, missing: bindings });
}

/** The report of all that was taken, and how it stands with each destination, in Prometheus's text format (0.0.4). */
export async function metrics(setup: Setup): Promise<Response> {
  const { ledgers, routes } = setup;
  const [{ report }, ...standings] = await Promise.all([
    ledgers.ask(undefined, "report", {}),
    ...[...routes.keys()].map(async (route) => ({ route, ...(await ledgers.ask(route, "standing", {})) })),
  ]);
  const text = Report.toPrometheus(report ?? Report.merge()) + families(standings, setup.now());
  return new Response(text, {
    headers: { "content-type": Report.prometheusType, "cache-control": "no-store" },
  });
}

type Named = Standing & { readonly route: string };

function families(standings: readonly Named[], now: number): string {
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
        return `${full}{route="${standing.route.replace(/[\\"\n]/g, "\\$&")}"${more}} ${value}\n`;
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

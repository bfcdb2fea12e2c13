// Lanes with models and parsers of Python packages: what destinations send, read by them.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { here, python, target } from "./parts.mjs";

const MODELS = {
  datadog: ["datadog-api-client", { service: "{{@workflow.name}}", tags: ["env:prod"] }],
  elastic: ["openmock", { url: "https://es.example" }],
  otlp: ["opentelemetry-proto, opentelemetry-proto-json", { url: "https://otel.example" }],
  sentry: ["sentry-sdk", { dsn: "https://key@sentry.example/42" }],
  cloudevents: ["cloudevents", { url: "https://events.example" }],
  ocsf: ["ocsf-json-schema", { url: "https://ocsf.example" }],
};

export const models = Object.entries(MODELS).map(([name, [part, options]]) => [
  `${name} (${part})`,
  ({ events, bodies }) => {
    const interpreter = python();
    mkdirSync(join(target, "bodies"), { recursive: true });
    const files = bodies(name, options).map(({ body }, number) => {
      const file = join(target, "bodies", `${name}.${number}.json`);
      writeFileSync(file, body);
      return file;
    });
    const { status, stdout, stderr } = spawnSync(interpreter, [join(here, "check.py"), name, ...files], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(stderr.trim().split("\n").at(-1)?.slice(0, 400));
    if (Number(stdout) !== events.length) throw new Error(`${stdout.trim()} of ${events.length} records`);
    return `${events.length} records`;
  },
]);

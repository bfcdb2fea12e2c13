// A route's template on the workbench: what is wrong with it, and what it makes of an event.
import { compile, Template, TemplateError } from "logweir/store";
import { keys, policyValue } from "./bench.js";
import type { Held } from "./held.js";
import type { Calls, Rendered } from "./protocol.js";

const decoder = new TextDecoder();

/** Checks a template and renders an event by it: as the policy's rules leave the event, whatever the route takes. */
export function rendered(
  held: Held,
  { policy, route, form, text, row }: Parameters<Calls["template"]>[0],
): Rendered {
  let source: string | object = text;
  if (form === "value") {
    try {
      source = JSON.parse(text) as object;
    } catch {
      return { problems: undefined, made: undefined };
    }
  }
  const problems = problemsOf(source, text);
  if (problems.some(({ severity }) => severity === "error") || row === undefined)
    return { problems, made: undefined };
  const weir = compile(previewPolicy(policy, route, source) as never, { keys });
  try {
    const { batches, quarantined } = weir.process(held.record(row), { format: "json" });
    const [batch] = batches;
    return {
      problems,
      made: batch
        ? { text: decoder.decode(batch.body).trimEnd(), expected: undefined }
        : { text: "", expected: quarantined[0]?.expected ?? "" },
    };
  } finally {
    weir.free();
  }
}

function problemsOf(source: string | object, text: string): Rendered["problems"] & object {
  // Keys are given where a policy runs; here each has one.
  const names = [...text.matchAll(/\bhash:([\w.-]+)/g)].map(([, name]) => [name, new Uint8Array(32)]);
  try {
    const template = new Template(source, { keys: Object.fromEntries(names) });
    const { warnings } = template;
    template.free();
    return warnings;
  } catch (error) {
    if (error instanceof TemplateError) return error.problems;
    throw error;
  }
}

/** The policy with this route alone, which takes every event and makes lines of it by the template. */
function previewPolicy(text: string, name: string, template: string | object): object {
  const policy = policyValue(text) as {
    accept?: object;
    redact?: { routes?: string[] }[];
    [other: string]: unknown;
  };
  const redact = (policy.redact ?? [])
    .filter(({ routes }) => routes === undefined || routes.includes(name))
    .map(({ routes: _, ...rule }) => rule);
  return {
    logweir: 1,
    ...(policy.accept !== undefined && { accept: policy.accept }),
    redact,
    routes: [{ name, template, to: "ndjson" }],
  };
}

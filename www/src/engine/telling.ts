// Which texts of a query could tell something of somebody: before it goes into a link.
import { compile, type IndexedField, Query, type QueryNode } from "logweir/store";
import { looseParts } from "../base/loose.js";
import { policyValue } from "./bench.js";
import type { Held } from "./held.js";
import type { Job } from "./job.js";
import { isKnownWord } from "./known.js";

/** Fields whose values are names and ids of somebody's, not words of a platform. */
const ownFields: readonly IndexedField[] = [
  "@id",
  "@org.id",
  "@customer.id",
  "@customer.external_id",
  "@workflow.id",
  "@workflow.name",
  "@run.id",
  "@parent.id",
  "@trace.id",
  "@integration.id",
  "@resource.id",
  "@actor.id",
  "@actor.email",
  "@actor.ip",
  "@impersonator.id",
  "@enduser.id",
  "@error.message",
];

/** Fields that only say what kind of event it is, in the platforms' own words. */
const kinds =
  /^@(level|status|platform|type|environment|operation|connector|error\.type|resource\.type|step)$/;

/** A text of a query, and how it could be the value of an event: not at all, by a field's words, or by any. */
interface Literal {
  text: string;
  field: string | undefined;
  /** The text as a test of any value; undefined where it says no value. */
  test: string | undefined;
}

function literals(node: QueryNode): Literal[] {
  switch (node.kind) {
    case "and":
    case "or":
      return node.of.flatMap(literals);
    case "not":
      return literals(node.of);
    case "word":
    case "phrase": {
      const { field, value } = node;
      const wild = node.kind === "word" && /(?<!\\)(?:\\\\)*[*?]/.test(value);
      const text = node.kind === "word" ? value.replace(/\\(.)/gs, "$1") : value;
      // What is looked for anywhere, with wildcards, is a part of a value at most.
      const whole = wild ? (field === undefined ? undefined : `*:${value}`) : `*:${quoted(text)}`;
      return [{ text, field, test: whole }, ...named(field)];
    }
    case "regex":
      return [
        { text: node.pattern.replace(/\\(.)/gs, "$1"), field: node.field, test: undefined },
        ...named(node.field),
      ];
    case "range": {
      const { gt, gte, lt, lte, field } = node;
      const ends = [gt, gte, lt, lte].filter((end) => end !== undefined);
      return [
        ...ends.map((text) => ({
          text,
          field,
          test: gte !== undefined && gte === lte ? `*:${quoted(text)}` : undefined,
        })),
        ...named(field),
      ];
    }
    case "exists":
      return named(node.field);
    default:
      return [];
  }
}

/** Names are written by whoever writes events, too. */
const named = (field: string | undefined): Literal[] =>
  field === undefined || field.startsWith("@") ? [] : [{ text: field, field: undefined, test: undefined }];

const quoted = (text: string): string => `"${text.replace(/[\\"]/g, "\\$&")}"`;

/** So many texts are looked for in the events; of more it is not asked whether they stand there. */
const MOST_SOUGHT = 20;

/** The texts of a query that stand in an event that lies open, or look like personal data. */
export async function telling(held: Held, text: string, job: Job<never>): Promise<string[]> {
  if (text.trim() === "") return [];
  const query = new Query(text);
  const all = literals(query.ast);
  query.free();
  const tells = ofSomebody(held, all);
  let sought = 0;
  for (const { text, field, test } of all) {
    if (tells.has(text) || test === undefined) continue;
    if (field !== undefined && (kinds.test(field) || isKnownWord(field, text))) continue;
    if (sought++ >= MOST_SOUGHT || held.slices || (await stands(held, test, job))) tells.add(text);
  }
  return [...tells];
}

/** The texts of a policy that could tell something of somebody: its names, values and comments. */
export function tellingPolicy(held: Held, text: string): string[] {
  const found = looseParts(text)
    .filter(({ kind }) => kind === "comment")
    .map(({ start, end }) => text.slice(start, end));
  const gather = (value: unknown): void => {
    if (typeof value === "string" || typeof value === "number") found.push(String(value));
    else if (typeof value === "object" && value !== null)
      for (const [name, each] of Object.entries(value)) {
        found.push(name);
        gather(each);
      }
  };
  gather(policyValue(text));
  return [
    ...ofSomebody(
      held,
      [...new Set(found)].map((text) => ({ text, field: undefined, test: undefined })),
    ),
  ];
}

/** Those that are somebody's name or id in the events, or look like personal data. */
function ofSomebody({ store }: Held, all: readonly Literal[]): Set<string> {
  const weir = compile({
    logweir: 1,
    redact: [{ use: ["personal", "secrets"] }],
    routes: [{ name: "out" }],
  });
  try {
    return new Set(
      all.flatMap(({ text, field }) => {
        const record = JSON.stringify({ text: text.replace(/\\(.)/gs, "$1") }); // as paths are written
        const [batch] = weir.process(record).batches;
        if (new TextDecoder().decode(batch?.body).trim() !== record) return [text];
        if (field !== undefined && kinds.test(field)) return [];
        const own = ownFields.some((name) => {
          const rows = store.where(name, text);
          const { count } = rows;
          rows.free();
          return count > 0;
        });
        return own ? [text] : [];
      }),
    );
  } finally {
    weir.free();
  }
}

/** Whether an event has a value that passes a test. */
async function stands({ store }: Held, test: string, job: Job<never>): Promise<boolean> {
  const search = store.search(test);
  try {
    for (;;) {
      const { done, found } = search.step(5000);
      if (found > 0) return true;
      if (done) return false;
      if (job.due) await job.pause();
    }
  } finally {
    search.free();
  }
}

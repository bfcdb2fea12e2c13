// Which texts of a query could tell something of somebody: before it goes into a link.
import { compile, type IndexedField, Query, type QueryNode } from "logweir/store";
import type { Held } from "./held.js";

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

/** Values with which a query asks for a field that only says what kind of event it is. */
const kinds =
  /^@(level|status|platform|type|environment|operation|connector|error\.type|resource\.type|step)$/;

function literals(node: QueryNode): string[] {
  if (node.kind === "and" || node.kind === "or") return node.of.flatMap(literals);
  if (node.kind === "not") return literals(node.of);
  if (node.kind === "word" || node.kind === "phrase")
    return node.field !== undefined && kinds.test(node.field) ? [] : [node.value];
  if (node.kind === "regex") return [node.pattern];
  return [];
}

/** The texts of a query that stand in an event that lies open as somebody's name or id, or look like personal data. */
export function telling({ store }: Held, text: string): string[] {
  if (text.trim() === "") return [];
  const query = new Query(text);
  const found = [...new Set(literals(query.ast))];
  query.free();
  const weir = compile({
    logweir: 1,
    redact: [{ use: ["personal", "secrets"] }],
    routes: [{ name: "out" }],
  });
  try {
    return found.filter((literal) => {
      const record = JSON.stringify({ text: literal });
      const [batch] = weir.process(record).batches;
      if (new TextDecoder().decode(batch?.body).trim() !== record) return true;
      return ownFields.some((field) => {
        const rows = store.where(field, literal);
        const { count } = rows;
        rows.free();
        return count > 0;
      });
    });
  } finally {
    weir.free();
  }
}

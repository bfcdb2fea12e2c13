// Reads a schema and those that it may refer to; what is wrong with them becomes a refusal.
import { stat } from "node:fs/promises";
import { relative, sep } from "node:path";
import { LogweirError, type Problem, Schema, SchemaError } from "../entry/inline.js";
import type { Arguments } from "./args.js";
import { files } from "./inputs.js";
import { count, readText, show, type Written } from "./mistakes.js";
import { Refusal, reason } from "./problem.js";

/** Where the files of a folder of remotes are served, as the official test suite has it. */
const SERVER = "http://localhost:1234/";

/** Compiles the schema in a file. Its mistakes, all of them, become a `Refusal`; warnings are handed to `warn`. */
export async function loadSchema(
  path: string,
  args: Arguments,
  warn: (text: string) => void,
): Promise<Schema> {
  const { remotes: folder, dialect, formats, showKeys } = args;
  const text = await readText(path, "schema");
  const remotes = folder === undefined ? new Map<string, Written>() : await readRemotes(folder);
  // The pointer of a problem in a remote begins with its URI.
  const where = ({ pointer }: Problem): Written =>
    remotes.get(pointer.split("#", 1)[0] ?? "") ?? { path, text };
  try {
    const texts = Object.fromEntries([...remotes].map(([uri, remote]) => [uri, remote.text]));
    const schema = new Schema(text, { dialect, formats, showKeys, remotes: texts });
    if (schema.warnings.length > 0) warn(show(schema.warnings, where));
    return schema;
  } catch (error) {
    if (error instanceof SchemaError)
      throw new Refusal(count("schema", error.problems), show(error.problems, where));
    if (error instanceof LogweirError) throw new Refusal(`${path}: ${error.code} ${error.message}`);
    throw error;
  }
}

/** All files of a folder that end in `.json`, by the URI that each is served at. */
async function readRemotes(folder: string): Promise<Map<string, Written>> {
  const stats = await stat(folder).catch((error) => {
    throw new Refusal(`${folder}: the remotes cannot be read: ${reason(error)}`);
  });
  if (!stats.isDirectory()) throw new Refusal(`${folder}: --remotes needs a folder`);
  const remotes = new Map<string, Written>();
  const refuse = (why: Refusal) => {
    throw why;
  };
  for await (const path of files(folder, refuse)) {
    if (!path.endsWith(".json")) continue;
    const name = relative(folder, path).split(sep).join("/");
    remotes.set(SERVER + encodeURI(name), { path, text: await readText(path, "schema") });
  }
  return remotes;
}

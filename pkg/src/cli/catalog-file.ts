// Reads event types of one's own; what is wrong with them becomes a refusal.
import { Catalog, CatalogError, LogweirError, type Problem } from "../entry/inline.js";
import type { LinksOptions } from "../links.js";
import { count, readText, show } from "./mistakes.js";
import { Refusal } from "./problem.js";

/** The catalogue, with the event types in a file if one is named. Their mistakes, all of them, become a `Refusal`. */
export async function loadCatalog(path: string | undefined): Promise<Catalog> {
  if (path === undefined) return new Catalog();
  const text = await readText(path, "catalogue");
  try {
    return new Catalog({ own: text });
  } catch (error) {
    const where = (_: Problem) => ({ path, text });
    if (error instanceof CatalogError)
      throw new Refusal(count("catalogue", error.problems), show(error.problems, where));
    if (error instanceof LogweirError) throw new Refusal(`${path}: ${error.code} ${error.message}`);
    throw error;
  }
}

/** The links of the event types in a file, which is in order. */
export async function loadLinks(path: string | undefined): Promise<NonNullable<LinksOptions["own"]>> {
  if (path === undefined) return [];
  if (path === "-") throw new Refusal("--links: name a file for --catalog");
  try {
    return [JSON.parse(await readText(path, "catalogue"))].flat();
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new Refusal(`${path}: --links takes a catalogue without comments`);
    throw error;
  }
}

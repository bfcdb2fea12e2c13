// Reads a policy; what is wrong with it becomes a refusal.
import { compile, LogweirError, PolicyError, type Problem, type Weir } from "../entry/inline.js";
import { count, readText, show } from "./mistakes.js";
import { Refusal } from "./problem.js";

/** Compiles the policy in a file (`-`: from stdin). Its mistakes, all of them, become a `Refusal`; warnings are handed to `warn`. */
export async function loadPolicy(path: string, warn: (text: string) => void): Promise<Weir> {
  const name = path === "-" ? "stdin" : path;
  const text = await readText(path, "policy");
  const shown = (problems: readonly Problem[]) => show(problems, () => ({ path: name, text }));
  try {
    const weir = compile(text);
    if (weir.warnings.length > 0) warn(shown(weir.warnings));
    return weir;
  } catch (error) {
    if (error instanceof PolicyError)
      throw new Refusal(count("policy", error.problems), shown(error.problems));
    if (error instanceof LogweirError) throw new Refusal(`${name}: ${error.code} ${error.message}`);
    throw error;
  }
}

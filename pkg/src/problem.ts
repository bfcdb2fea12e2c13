// Problems as they come over the border, each with the way to its paragraph in the manual.
import type { Problem } from "./types.js";

/** A problem as the core tells it. */
export type BorderProblem = Omit<Problem, "url">;

/** Where the manual speaks of a code: its heading in the package's PROBLEMS.md. */
export const manual = (code: string): string => `PROBLEMS.md#${code.toLowerCase()}`;

/** Problems, and where the manual speaks of each. */
export const withUrls = (problems: readonly BorderProblem[]): readonly Problem[] =>
  problems.map((problem) => ({ ...problem, url: manual(problem.code) }));

/** What is wrong with a document that the core refused; nothing where it failed otherwise. */
export function problemsOf(thrown: unknown): readonly Problem[] | undefined {
  const isRefusal = typeof thrown === "object" && thrown !== null && "problems" in thrown;
  return isRefusal ? withUrls(thrown.problems as BorderProblem[]) : undefined;
}

// logweir render: what a template makes of each record.
import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { LogweirError, type Problem, type Rendered, Template, TemplateError } from "../entry/inline.js";
import type { Arguments } from "./args.js";
import { checkPaths, fileAt } from "./inputs.js";
import { count, readText, show, type Written } from "./mistakes.js";
import { write } from "./output.js";
import { Refusal, reason } from "./problem.js";
import { pump } from "./pump.js";

/** What the name of a file ends with that is a partial. */
const PARTIAL = ".mustache";

/** Renders the records of inputs. Gives the exit status. */
export async function render(args: Arguments): Promise<number> {
  const template = await loadTemplate(args, (text) => process.stderr.write(`${text}\n`));
  await checkPaths(args.paths);
  const outputs = new Set([fileAt(1)].filter((id) => id !== undefined));
  const run = template.run({ format: args.format, now: args.now ?? new Date() });
  let broken = 0;
  const complete = await pump(args.paths, outputs, run, async (file, step: Rendered, clear) => {
    if (step.body.length > 0) await write(process.stdout, step.body);
    if (step.refused.length === 0) return;
    broken += step.refused.length;
    clear();
    for (const { record, line, offset, code, expected, at } of step.refused) {
      const place = line === undefined ? `${file} record ${record}, byte ${offset}` : `${file}:${line}`;
      process.stderr.write(`${place}: ${code} at byte ${at}: expected ${expected}\n`);
    }
  });
  run.finish();
  if (!complete) return 2;
  return broken > 0 ? 1 : 0;
}

/** Compiles the template in a file. Its mistakes, all of them, become a `Refusal`; warnings are handed to `warn`. */
async function loadTemplate(args: Arguments, warn: (text: string) => void): Promise<Template> {
  const { template: path, text: isText, partials: folder } = args;
  const text = await readText(path, "template");
  const files = folder === undefined ? new Map<string, Written>() : await readPartials(folder);
  // The pointer of a problem in a partial begins with its name.
  const where = ({ pointer }: Problem): Written =>
    (pointer.endsWith("#") ? files.get(pointer.slice(0, -1)) : undefined) ?? { path, text };
  try {
    const partials = Object.fromEntries([...files].map(([name, file]) => [name, file.text]));
    const template = new Template(text, { mode: isText ? "text" : "json", partials });
    if (template.warnings.length > 0) warn(show(template.warnings, where));
    return template;
  } catch (error) {
    if (error instanceof TemplateError)
      throw new Refusal(count("template", error.problems), show(error.problems, where));
    if (error instanceof LogweirError) throw new Refusal(`${path}: ${error.code} ${error.message}`);
    throw error;
  }
}

/** All partials of a folder, by name. */
async function readPartials(folder: string): Promise<Map<string, Written>> {
  const stats = await stat(folder).catch((error) => {
    throw new Refusal(`${folder}: the partials cannot be read: ${reason(error)}`);
  });
  if (!stats.isDirectory()) throw new Refusal(`${folder}: --partials needs a folder`);
  const partials = new Map<string, Written>();
  for (const name of (await readdir(folder)).sort()) {
    if (!name.endsWith(PARTIAL)) continue;
    const path = join(folder, name);
    partials.set(basename(name, PARTIAL), { path, text: await readText(path, "partial") });
  }
  return partials;
}

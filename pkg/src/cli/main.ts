// The logweir command.
import { LogweirError, version } from "../entry/inline.js";
import { type Command, readArguments, toCommand } from "./args.js";
import { catalog } from "./catalog.js";
import { check } from "./check.js";
import { detect } from "./detect.js";
import { explain } from "./explain.js";
import { grep } from "./grep.js";
import { helpOf, overview } from "./help.js";
import { infer } from "./infer.js";
import { endWithReader, workUnheard } from "./output.js";
import { Refusal } from "./problem.js";
import { redact } from "./redact.js";
import { render } from "./render.js";
import { replay } from "./replay.js";
import { run } from "./run.js";
import { sample } from "./sample.js";
import { validate } from "./validate.js";
import { worker } from "./worker.js";

const work: Record<Command, typeof run> = {
  run,
  check,
  explain,
  grep,
  redact,
  detect,
  validate,
  render,
  catalog,
  sample,
  infer,
  replay,
  worker,
};

/** These read no input. */
const deaf: readonly Command[] = ["sample", "catalog", "check", "worker"];

/** Gives the exit status. */
async function main(words: readonly string[]): Promise<number> {
  const [first, ...rest] = words;
  switch (first) {
    case undefined:
      process.stderr.write(overview);
      return 2;
    case "--help":
    case "-h":
      process.stdout.write(overview);
      return 0;
    case "--version":
    case "-V":
      process.stdout.write(`${version}\n`);
      return 0;
    case "help":
      process.stdout.write(rest[0] === undefined ? overview : helpOf[toCommand(rest[0])]);
      return 0;
  }
  const command = toCommand(first);
  const args = readArguments(command, rest);
  if (args.help) {
    process.stdout.write(helpOf[command]);
    return 0;
  }
  const files = args.paths.length - (command === "grep" ? 1 : 0);
  if (files === 0 && !deaf.includes(command) && process.stdin.isTTY) {
    process.stderr.write("logweir: no file was named: reading what is typed here, until Ctrl-D\n");
  }
  return work[command](args);
}

endWithReader();
workUnheard();
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = 2;
  if (error instanceof Refusal) process.stderr.write(error.text);
  else if (error instanceof LogweirError) process.stderr.write(`logweir: ${error.code} ${error.message}\n`);
  else throw error;
}

// npm run leaks: the leak corpus over ours and over those whom a user would pick instead, as a table of how many values
// each lets through. Exit status 1 if ours lets one through.
import { existsSync } from "node:fs";
import { at, isMain, mainly, must, say } from "../../pkg/tools/shell.mjs";
import { DETECTORS, FORMS } from "./corpus.mjs";
import { print, table } from "./table.mjs";

async function main() {
  const folder = at("tests", "leaks", "redact-pii");
  if (!process.argv.includes("--offline") && !existsSync(`${folder}/node_modules`)) {
    say("Fetching redact-pii from npm (about 60 MB with what it brings) …");
    await must("npm", ["ci", "--no-audit", "--no-fund"], {
      cwd: folder,
      what: "npm ci in tests/leaks/redact-pii",
    });
  }
  const rows = await table();
  const there = rows.filter(({ missing }) => !missing);
  for (const { name } of rows.filter(({ missing }) => missing)) say(`${name} is not installed`);
  const column = (of) => there.map((row) => ({ name: row.name, of: (name) => of(row, name) }));
  console.log(`${there[0].records} records; of each a value that a detector of ours is for. Let through:\n`);
  console.log(
    print(
      "by form",
      Object.keys(FORMS),
      column((row, form) => row.forms[form]),
    ),
  );
  console.log(
    `\n${print(
      "by detector",
      DETECTORS,
      column((row, detector) => row.detectors[detector]),
    )}`,
  );
  console.log(`
fast-redact and @pinojs/redact are told every key under which the corpus has a value, at the top and one level down; who
does not know the key has nothing of them. deep-redact is told the keys that say what they hold, and patterns of the kind
that people write down (tests/leaks/peers.mjs); redact-pii has its own.`);
  const all = { "let through": "let", "spoiled beside": "spoiled" };
  console.log(
    `\n${print(
      "in all",
      Object.keys(all),
      column((row, name) => row[all[name]]),
    )}`,
  );
  for (const { detector, form, record, out } of there[0].leaks)
    console.log(`\n${detector}, ${form}: ${record}\n  ${out}`);
  if (there[0].let > 0) process.exitCode = 1;
}

if (isMain(import.meta.url)) await mainly(main);

// npm run -s logweir -- COMMAND …: the command line of this checkout, built first as far as something lacks.
import { build } from "./build.mjs";
import { installPackages } from "./packages.mjs";
import { at, mainly } from "./shell.mjs";

await mainly(async () => {
  await installPackages();
  await build({ quiet: true });
  // npm runs scripts in the root folder; file names are meant from where the user is.
  if (process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
  await import(at("pkg", "bin", "logweir.js"));
});

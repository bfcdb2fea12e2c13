// node workerd.mjs ENTRY: bundles the Worker as Cloudflare's tools do, runs it in workerd and prints what it answers.
import { serve } from "../worker/workerd.ts";

const { url, stop } = await serve(process.argv[2], "2025-01-01"); // a date at which bytes may not be compiled
try {
  console.log(await (await fetch(url)).text());
} finally {
  await stop();
}

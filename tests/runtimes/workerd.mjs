// node workerd.mjs ENTRY: bundles the Worker as Cloudflare's tools do, runs it in workerd and prints what it answers, and on
// a second line how many milliseconds its first event took: the module, a policy with the catalogue, one record.
import { createServer } from "node:http";
import { serve } from "../worker/workerd.ts";

// The first request of a process takes longer, whoever answers: it is another's.
const other = createServer((_, response) => response.end()).listen(0, "127.0.0.1");
await new Promise((listening) => other.once("listening", listening));
await (await fetch(`http://127.0.0.1:${other.address().port}/`)).text();
other.close();

const { url, stop } = await serve(process.argv[2], "2025-01-01"); // a date at which bytes may not be compiled
try {
  const since = performance.now();
  await (await fetch(`${url}first`)).text();
  const first = performance.now() - since;
  console.log(await (await fetch(url)).text());
  console.log(first.toFixed(1));
} finally {
  await stop();
}

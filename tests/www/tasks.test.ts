// While a log is loaded, the page goes on answering: no task of its own thread takes long.
import { sample } from "logweir/sample";
import type { Browser, CDPSession } from "playwright-core";
import { describe, expect, test } from "vitest";
import { skipBrowser } from "./browser.js";
import { line, status, visitor } from "./visit.js";

const EVENTS = 4000;
const TIMES = 20;
/** Of the processor: how long the clock goes on meanwhile is a matter of who else is busy. */
const MOST_MS = 50;

interface Traced {
  name: string;
  pid: number;
  tid: number;
  tdur?: number;
  args: { name?: string };
}

/** The longest tasks of the pages' own threads while `work` goes on, in milliseconds of the processor. */
async function longest(session: CDPSession, work: () => Promise<void>): Promise<number[]> {
  const events: Traced[] = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...(value as unknown as Traced[])));
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: ["toplevel"] },
  });
  await work();
  const complete = new Promise((done) => session.once("Tracing.tracingComplete", done));
  await session.send("Tracing.end");
  await complete;
  const named = events.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const pages = new Set(named.map(({ pid, tid }) => `${pid} ${tid}`));
  const tasks = events.filter(({ name, pid, tid }) => name.endsWith("RunTask") && pages.has(`${pid} ${tid}`));
  expect(tasks.length).toBeGreaterThan(100);
  return tasks
    .map(({ tdur = 0 }) => tdur / 1000)
    .sort((a, b) => b - a)
    .slice(0, 5);
}

describe.skipIf(skipBrowser())("while a log is loaded", () => {
  const at = visitor();

  test("no task of the page is long", { timeout: 120_000 }, async () => {
    const text = [...sample({ count: EVENTS, seed: 1, asText: true })].join("");
    await at(async (page) => {
      const data = await page.evaluateHandle(
        ({ text, times }) => {
          const transfer = new DataTransfer();
          const once = new Blob([text]);
          transfer.items.add(new File(Array(times).fill(once), "long.ndjson"));
          return transfer;
        },
        { text, times: TIMES },
      );
      const browser = page.context().browser() as Browser;
      const tasks = await longest(await browser.newBrowserCDPSession(), async () => {
        await page.dispatchEvent("body", "drop", { dataTransfer: data });
        await line(page, 0).waitFor();
        const all = (EVENTS * TIMES).toLocaleString("en-GB");
        await expect
          .poll(() => status(page).textContent(), { timeout: 60_000 })
          .toMatch(new RegExp(`^\\s*${all} events`));
        await expect
          .poll(() => page.locator("main").textContent(), { timeout: 60_000 })
          .not.toMatch(/Still counting/);
      });
      expect(tasks[0]).toBeLessThan(MOST_MS);
    });
  });
});

// A newcomer's first minute: open, drop, search, find the failed run, see why, redact, export.
import { readFile } from "node:fs/promises";
import { sample } from "logweir/sample";
import { describe, expect, test } from "vitest";
import { skipBrowser } from "./browser.js";
import { count, drop, line, search, status, visitor } from "./visit.js";

const utf8 = new TextEncoder();
const events = [...sample({ count: 1500, seed: 7 })].map(({ record }) => record);
const ndjson = events.map((event) => `${JSON.stringify(event)}\n`).join("");

describe.skipIf(skipBrowser())("a newcomer's first minute", () => {
  const at = visitor();

  test("open, drop, search, find the failed run, see why, redact, export", async () => {
    await at(async (page) => {
      await page.getByText("Nothing leaves this tab").waitFor();
      await drop(page, [{ name: "today.ndjson", bytes: utf8.encode(ndjson) }]);
      await count(page, "1,500 events");

      await search(page, "@type:workato.job @status:failed");
      await expect.poll(() => status(page).textContent()).toMatch(/^\s*\d+ of 1,500 events/);
      await line(page, 0).click();
      const event = page.getByRole("complementary", { name: "Event" });
      await event.getByText("JSON in a string").first().waitFor(); // its error, opened in place
      const why = await event.locator("p.message").textContent();
      expect(why?.length).toBeGreaterThan(5);

      await event.getByRole("button", { name: "Show the run" }).click();
      const fall = page.getByRole("list", { name: "What happened in the run" });
      await fall.getByRole("button").first().waitFor();
      expect(await fall.textContent()).toContain("failed");

      await page.getByRole("button", { name: "Events", exact: true }).click();
      await event.getByRole("button", { name: "What to do with user_email" }).click();
      await page.getByRole("menuitem", { name: "Redact this field" }).click();
      await page
        .getByRole("region", { name: "What it does" })
        .getByText("kept", { exact: true })
        .first()
        .waitFor();
      await page.getByText('"context.user_email"').first().waitFor(); // the rule, in the editor

      await page.getByRole("button", { name: "Events", exact: true }).click();
      await page.getByRole("button", { name: "Export", exact: true }).click();
      const download = page.waitForEvent("download");
      await page.getByRole("dialog").getByRole("button", { name: "Save the file" }).click();
      const file = await download;
      expect(file.suggestedFilename()).toBe("events-redacted.ndjson");
      const text = await readFile(await file.path(), "utf8");
      expect(text.trim().split("\n").length).toBeGreaterThan(2);
      expect(text).not.toMatch(/@example\.(com|net|org)/);
    });
  });
});

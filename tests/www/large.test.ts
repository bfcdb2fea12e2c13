// Logs beyond what is kept in memory: an index of them, and records read from the file when they are wanted.
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { skipBrowser } from "./browser.js";
import { line, search, status, visitor } from "./visit.js";

const MB = 1 << 20;
const TIMES = 1500;
const event = (n: number, message: string) =>
  `${JSON.stringify({ log_level: "INFO", source: "job", date_time: `2026-05-04T06:00:0${n}Z`, user_id: 77, data: JSON.stringify({ message }) })}\n`;

/** Drops a file of 1.57 GB that costs 1 MB: the same stretch, events and empty lines, many times over, and one event. */
async function dropLarge(page: Page, last: string, beside?: Uint8Array): Promise<void> {
  const stretch = Array.from({ length: 9 }, (_, n) => event(n, `message ${n}`))
    .join("")
    .padEnd(MB, "\n");
  const data = await page.evaluateHandle(
    ({ stretch, times, last, beside }) => {
      const transfer = new DataTransfer();
      const once = new Blob([stretch]);
      transfer.items.add(new File([...Array(times).fill(once), last], "large.ndjson"));
      if (beside) transfer.items.add(new File([new Uint8Array(beside)], "beside.gz"));
      return transfer;
    },
    { stretch, times: TIMES, last, beside: beside && [...beside] },
  );
  await page.dispatchEvent("body", "drop", { dataTransfer: data });
}

describe.skipIf(skipBrowser())("logs larger than memory", () => {
  const at = visitor();

  test("are searched, shown and exported from their file", { timeout: 180_000 }, async () => {
    await at(async (page) => {
      await dropLarge(page, event(9, "the last of them"));
      await expect
        .poll(() => status(page).textContent(), { timeout: 120_000 })
        .toMatch(/^\s*13,501 events\s*$/);
      await expect.poll(() => line(page, 0).textContent()).toContain("message 0");
      await search(page, '"last of them"');
      await expect
        .poll(() => status(page).textContent(), { timeout: 120_000 })
        .toMatch(/^\s*1 of 13,501 events/);
      await line(page, 0).click();
      const shown = page.getByRole("complementary", { name: "Event" });
      await shown.getByText("the last of them").first().waitFor();
      await page.getByRole("button", { name: "Export", exact: true }).click();
      const dialog = page.getByRole("dialog", { name: "Export" });
      await dialog.getByRole("checkbox", { name: /Redacted/ }).uncheck();
      const download = page.waitForEvent("download");
      await dialog.getByRole("button", { name: "Save the file" }).click();
      const parts: Buffer[] = [];
      for await (const part of await (await download).createReadStream()) parts.push(part as Buffer);
      expect(Buffer.concat(parts).toString()).toBe(event(9, "the last of them"));
    });
  });

  test("are refused where they are packed", async () => {
    await at(async (page) => {
      await dropLarge(page, "", gzipSync(event(1, "packed")));
      await page.getByRole("alert").getByText("unpack them first").waitFor();
    });
  });
});

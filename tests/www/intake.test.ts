// Files, folders and archives that are damaged, empty, or of another form.
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { skipBrowser } from "./browser.js";
import { numbered } from "./logged.js";
import { count, drop, line, status, visitor } from "./visit.js";

const utf8 = new TextEncoder();

describe.skipIf(skipBrowser())("what the inspector opens", () => {
  const at = visitor();
  const add = (page: Page, name: string, buffer: Buffer) =>
    page.getByLabel("Add files…").setInputFiles({ name, mimeType: "application/octet-stream", buffer });

  test("gzip of several members is read to its end; one that is cut up to there, and what follows it, too", async () => {
    await at(async (page) => {
      const cut = gzipSync(numbered(5000)).subarray(0, 9000);
      await drop(page, [
        { name: "a.gz", bytes: Buffer.concat([gzipSync(numbered(5)), gzipSync(numbered(7))]) },
      ]);
      await count(page, "12 events");
      expect(await page.getByRole("alert").count()).toBe(0);
      await drop(page, [
        { name: "cut.gz", bytes: cut },
        { name: "b.ndjson", bytes: utf8.encode(`{"last":true}\n`) },
      ]);
      await page.getByRole("alert").getByText("cut.gz").waitFor();
      await expect.poll(() => status(page).textContent()).toMatch(/^\s*[\d,]{3,} events/);
      await page.getByRole("combobox", { name: "Query" }).fill("last:true");
      await page.keyboard.press("Enter");
      await expect.poll(() => status(page).textContent()).toMatch(/^\s*1 of/);
    });
  });

  test("a damaged archive is told of, and costs nothing of what lies open", async () => {
    await at(async (page) => {
      const archive = Buffer.from(zipSync({ "a.json": utf8.encode(numbered(500)) }));
      const bent = Buffer.from(archive);
      for (let at = 60; at < 200; at++) bent[at] = (bent[at] ?? 0) ^ 0x5a;
      await drop(page, [{ name: "good.ndjson", bytes: utf8.encode(numbered(3)) }]);
      await count(page, "3 events");
      await add(page, "bent.zip", bent);
      await page.getByRole("alert").getByText("bent.zip").waitFor();
      await add(page, "cut.zip", archive.subarray(0, archive.length >> 1));
      await page.getByRole("alert").getByText("cut.zip").waitFor();
      await line(page, 0).click();
      await page.getByRole("complementary", { name: "Event" }).getByText("good.ndjson").waitFor();
    });
  });

  test("every file of an archive is read, whatever its path; hidden ones are not", async () => {
    await at(async (page) => {
      const files = [
        "../../etc/a.json",
        "./b.json",
        "c/../d.json",
        "\u202enosj.e",
        ".hidden.json",
        "x/.git/y",
      ];
      const bytes = zipSync(Object.fromEntries(files.map((name) => [name, utf8.encode(numbered(1))])));
      await drop(page, [{ name: "a.zip", bytes }]);
      await count(page, "4 events");
    });
  });

  test("an archive that unpacks to a thousand times its size can be cancelled", {
    timeout: 120_000,
  }, async () => {
    await at(async (page) => {
      const bytes = zipSync({ "a.json": [new Uint8Array(300_000_000).fill(32), { level: 1 }] });
      await drop(page, [{ name: "a.zip", bytes }]);
      await page.getByRole("button", { name: "Cancel" }).click();
      const begun = Date.now();
      await page.getByText("The reading was cancelled").waitFor();
      expect(Date.now() - begun).toBeLessThan(2500);
    });
  });

  test("UTF-16, as some shells write it, is read", async () => {
    await at(async (page) => {
      const bytes = Buffer.from(`\ufeff${numbered(3)}{"a":"é漢🐟"}\n`, "utf16le");
      await drop(page, [{ name: "a.json", bytes }]);
      await count(page, "4 events");
      expect(await page.getByRole("button", { name: /broken/ }).count()).toBe(0);
      await line(page, 3).click();
      await page.getByRole("complementary", { name: "Event" }).getByText('"é漢🐟"').waitFor();
    });
  });

  test("files that are added while others are read are read after them: nothing is left out", async () => {
    await at(async (page) => {
      await drop(page, [{ name: "a.ndjson", bytes: utf8.encode(numbered(5)) }]);
      await count(page, "5 events");
      await add(page, "b.gz", gzipSync(numbered(60_000)));
      await add(page, "c.ndjson", Buffer.from(numbered(7)));
      await count(page, "60,012 events");
      await page.getByText("3 files").waitFor();
    });
  });

  test("a folder without a log is told of; rotated logs are logs", async () => {
    const folder = await mkdtemp(join(tmpdir(), "logweir-www-"));
    await writeFile(join(folder, "a.csv"), "x");
    await at(async (page) => {
      await page.getByLabel("Open a folder…").setInputFiles(folder);
      await page.getByRole("alert").getByText("No file there").waitFor();
      await writeFile(join(folder, "app.log.1"), numbered(2));
      await writeFile(join(folder, "app.ndjson-20260504"), numbered(1));
      await page.getByLabel("Open a folder…").setInputFiles(folder);
      await count(page, "3 events");
      expect(await page.getByRole("alert").count()).toBe(0);
    });
  });

  test("a paste of megabytes is opened at once", async () => {
    await at(async (page) => {
      await page.getByRole("button", { name: "Paste text…" }).click();
      await page.getByRole("textbox", { name: "Paste events" }).evaluate((box, text) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData("text/plain", text);
        box.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
      }, numbered(40_000));
      await count(page, "40,000 events");
    });
  });

  test("an empty file, and a tail where there is none, are no search without a match", async () => {
    await at(async (page) => {
      await drop(page, [{ name: "a.ndjson", bytes: new Uint8Array(0) }]);
      await page.getByText("There is no event in it").waitFor();
      await page.getByRole("button", { name: "Open", exact: true }).click();
      await page.getByRole("menuitem", { name: "Live tail…" }).click();
      await page.getByLabel("Token").fill("any");
      await page.getByRole("button", { name: "Listen" }).click();
      await page.getByRole("alert").getByText("there is no tail here").waitFor();
    });
  });
});

// What leaves the inspector: links and files.
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { skipBrowser } from "./browser.js";
import { logged } from "./logged.js";
import { count, drop, line, openSample, search, status, visitor } from "./visit.js";

const utf8 = new TextEncoder();

describe.skipIf(skipBrowser())("what leaves the inspector", () => {
  const at = visitor();

  test("a link holds no event, names what could tell of somebody, and brings the look back", async () => {
    await at(
      async (page) => {
        await openSample(page);
        await search(page, "@actor.email:nobody@example.com @status:failed");
        await page.getByRole("button", { name: "Share", exact: true }).click();
        const dialog = page.getByRole("dialog", { name: "Share" });
        await dialog.getByText("nobody@example.com").waitFor();
        expect(await dialog.getByRole("textbox", { name: "Link" }).inputValue()).not.toContain("nobody");
        await page.keyboard.press("Escape");
        await search(page, "@status:failed");
        await page.getByRole("button", { name: "Share", exact: true }).click();
        const box = dialog.getByRole("textbox", { name: "Link" });
        await expect.poll(() => box.inputValue()).toContain("q=%40status%3Afailed");
        const link = await box.inputValue();
        await page.goto("about:blank");
        await page.goto(link);
        await expect.poll(() => status(page).textContent()).toMatch(/\d+ of 4,000/);
        expect(new URL(page.url()).hash).toBe(""); // only what somebody shares stands in an address
        await page.reload();
        await expect
          .poll(() => page.getByRole("combobox", { name: "Query" }).inputValue())
          .toBe("@status:failed");
      },
      { permissions: ["clipboard-read", "clipboard-write"] },
    );
  });

  test("a link that somebody garbled shows what it can", async () => {
    await at(
      async (page) => {
        await count(page, "4,000 events");
        await line(page, 0).getByRole("gridcell").nth(2).waitFor();
      },
      { hash: "#sample=1&columns=@nothing,@message&sort=-@nonsense&time=5&view=elsewhere&policy=%7B" },
    );
  });

  test("an export is redacted unless somebody asks otherwise", async () => {
    await at(async (page) => {
      const record = JSON.stringify(logged(1, { flow_id: 7, job_handle: "j-1" }))
        .replace('"flow_id":7', '"flow_id":1694081235979123457')
        .replace("message 1", "ada@example.com");
      await drop(page, [
        {
          name: "x.ndjson",
          bytes: utf8.encode(`${record}
`),
        },
      ]);
      await count(page, "1 event");
      const save = async (redacted: boolean) => {
        await page.getByRole("button", { name: "Export", exact: true }).click();
        const dialog = page.getByRole("dialog", { name: "Export" });
        if (!redacted) {
          await dialog.getByRole("checkbox", { name: /Redacted/ }).uncheck();
          await dialog.getByText("personal data included").waitFor();
        }
        const download = page.waitForEvent("download");
        await dialog.getByRole("button", { name: "Save the file" }).click();
        const file = await download;
        return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
      };
      const safe = await save(true);
      expect(safe.name).toBe("events-redacted.ndjson");
      expect(safe.text).toContain("1694081235979123457");
      expect(safe.text).not.toContain("ada@");
      const plain = await save(false);
      expect(plain).toEqual({
        name: "events.ndjson",
        text: `${record}
`,
      });
    });
  });
});

// Records, policies and links that are broken, or made by somebody who means harm.
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { skipBrowser } from "./browser.js";
import { numbered } from "./logged.js";
import { count, drop, line, status, visitor } from "./visit.js";

const utf8 = new TextEncoder();

describe.skipIf(skipBrowser())("the inspector does not fall over", () => {
  const at = visitor();
  const writePolicy = async (page: Page, text: string) => {
    await page.getByRole("button", { name: "Policy", exact: true }).click();
    await page.getByRole("textbox", { name: "Policy, as JSON" }).click();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText(text);
  };
  /** What an export of that form holds, and what is said of it. */
  const save = async (page: Page, form: string, redacted: boolean) => {
    await page.getByRole("button", { name: "Export", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Export" });
    await dialog.getByRole("radio", { name: form, exact: true }).check();
    await dialog.getByRole("checkbox", { name: /Redacted/ }).setChecked(redacted);
    const download = page.waitForEvent("download");
    await dialog.getByRole("button", { name: "Save the file" }).click();
    const bytes = await readFile(await (await download).path());
    return { bytes, said: await page.locator(".notice").textContent() };
  };

  test("a policy that is none costs no event: neither an export by it nor a template", async () => {
    await at(async (page) => {
      await drop(page, [{ name: "x.ndjson", bytes: utf8.encode(numbered(5)) }]);
      await count(page, "5 events");
      await page.getByRole("button", { name: "Policy", exact: true }).click();
      const see = page.getByRole("region", { name: "What it does" });
      await see.getByRole("tab", { name: "Template" }).click();
      await see.getByRole("textbox", { name: "Template of route out" }).waitFor();
      await writePolicy(page, '{ "logweir": 1, "redact": [');
      await page.getByText("cannot be used as it stands").first().waitFor();
      await page.getByRole("button", { name: "Events", exact: true }).click();
      await page.getByRole("button", { name: "Export", exact: true }).click();
      const dialog = page.getByRole("dialog", { name: "Export" });
      await dialog.getByRole("button", { name: "Save the file" }).click();
      await dialog.getByText(/could not be made: the policy has 1 mistake:\s+1:28/).waitFor();
      await page.keyboard.press("Escape");
      await line(page, 0).click();
      await page.getByRole("complementary", { name: "Event" }).getByText("user_id").waitFor();
    });
  });

  test("an export by a policy through which something passes says so, and that it came with a link", async () => {
    const policy =
      '{"logweir":1,"redact":[{"path":"nothing.here","with":"remove"}],"routes":[{"name":"out"}]}';
    await at(
      async (page) => {
        await count(page, "4,000 events");
        await page.getByRole("button", { name: "Export", exact: true }).click();
        const dialog = page.getByRole("dialog", { name: "Export" });
        await dialog.getByText(/The flow check: [\d,]+ way/).waitFor();
        await dialog.getByText("came with a link").waitFor();
        await page.keyboard.press("Escape");
        await page.reload();
        await count(page, "4,000 events");
        await page.getByRole("button", { name: "Policy", exact: true }).click();
        await page.getByRole("button", { name: "Start from" }).click();
        await page.getByRole("menuitem", { name: "Personal data and secrets" }).click();
        await page.getByText("The flow check finds no way").waitFor();
        await page.getByRole("button", { name: "Events", exact: true }).click();
        await page.getByRole("button", { name: "Export", exact: true }).click();
        await dialog.getByRole("button", { name: "Save the file" }).waitFor();
        expect(await dialog.textContent()).not.toMatch(/flow check|came with a link/);
      },
      { hash: `#sample=1&policy=${encodeURIComponent(policy)}` },
    );
  });

  test("bytes that are no UTF-8 are shown and saved as they came; a JSON file stays JSON", async () => {
    await at(async (page) => {
      const bytes = Buffer.concat([
        Buffer.from('{"a":"'),
        Buffer.from([0xff, 0xc3, 0x28]),
        Buffer.from(`","b":,}\n{"c":1,}\n${numbered(2)}`),
      ]);
      await drop(page, [{ name: "x.ndjson", bytes }]);
      await count(page, "4 events");
      await page.getByRole("button", { name: "2 broken" }).click();
      await count(page, "2 of 4");
      await line(page, 0).click();
      const event = page.getByRole("complementary", { name: "Event" });
      await event.getByRole("tab", { name: "Raw" }).click();
      await event.getByRole("button", { name: "As bytes" }).click();
      await event.getByText("000000  7b 22 61 22 3a 22 ff c3 28 22").waitFor();
      await page.getByRole("button", { name: "2 broken" }).click();
      await count(page, "4 events");
      expect((await save(page, "NDJSON", false)).bytes.includes(bytes.subarray(0, 18))).toBe(true);
      const json = await save(page, "JSON", false);
      expect(JSON.parse(json.bytes.toString())).toHaveLength(2);
      expect(json.said).toContain("2 are no JSON and are not in the file");
    });
  });

  test("what is opened next is shown, though the broken records were looked at", async () => {
    await at(async (page) => {
      await drop(page, [{ name: "a.ndjson", bytes: utf8.encode(`${numbered(2)}{"a":1,}\n`) }]);
      await page.getByRole("button", { name: "1 broken" }).click();
      await count(page, "1 of 3");
      await drop(page, [{ name: "b.ndjson", bytes: utf8.encode(numbered(3)) }]);
      await count(page, "3 events");
    });
  });

  test("a link's columns and times may be any", async () => {
    for (const hash of [
      "columns=@message,@type,@message",
      "time=9999999999999998-9999999999999999",
      "time=9-5",
    ])
      await at((page) => count(page, "of 4,000").catch(() => count(page, "4,000 events")), {
        hash: `#sample=1&${hash}`,
      });
  });

  test("where nothing may be copied, that is said", async () => {
    await at(async (page) => {
      await drop(page, [{ name: "a.ndjson", bytes: utf8.encode(numbered(2)) }]);
      await count(page, "2 events");
      await page.evaluate(() => {
        navigator.clipboard.writeText = () => Promise.reject(new DOMException("no", "NotAllowedError"));
      });
      await line(page, 0).click();
      await page.getByRole("button", { name: "Copy the record" }).click();
      await page.getByText("does not let this page copy").waitFor();
    });
  });

  test("every value leads to its event, whatever it is called and holds", { timeout: 120_000 }, async () => {
    const event = {
      "a.b": 'say "hi" \\',
      "-neg": -5,
      "!bang": "AND",
      "+plus": " x  y ",
      "@status": "weird",
      "&&": "a\nb\u0000\u202e",
      "/re/": "/x/",
      _exists_: "[a TO b]",
      "": "nameless",
      ["__proto__"]: "z",
      js: '{"x.y":"*?"}',
    };
    await at(async (page) => {
      await drop(page, [{ name: "n.ndjson", bytes: utf8.encode(`${JSON.stringify(event)}\n{"other":1}\n`) }]);
      await count(page, "2 events");
      const detail = page.getByRole("complementary", { name: "Event" });
      const only = page.getByRole("menuitem", { name: "Only events with this" });
      const query = page.getByRole("combobox", { name: "Query" });
      for (const name of [...Object.keys(event), "x.y"]) {
        await line(page, 0).click();
        await detail.getByRole("button", { name: `What to do with ${name}`, exact: true }).press("Enter");
        await page.getByRole("menuitem", { name: "Copy the value" }).waitFor();
        if (name === "" || name === "js") {
          expect(await only.count(), name).toBe(name === "" ? 0 : 1);
          await page.keyboard.press("Escape");
          continue;
        }
        await only.click();
        await expect.poll(() => status(page).textContent(), { message: name }).toContain("1 of 2");
        await query.fill("");
        await query.press("Enter"); // at once, whatever was there before
        await count(page, "2 events");
      }
      await query.fill("a:(");
      await page.getByText(/^expected/).waitFor();
      await query.fill("other:1");
      await query.press("Enter");
      await count(page, "1 of 2");
    });
  });

  test("a run of what was open before is not shown beside what is open now", async () => {
    await at(
      async (page) => {
        await page
          .getByRole("region", { name: "Runs" })
          .getByRole("listitem")
          .nth(2)
          .getByRole("button")
          .click();
        const bars = page.getByRole("list", { name: "What happened in the run" });
        await bars.getByRole("button").first().waitFor();
        await drop(page, [{ name: "b.ndjson", bytes: utf8.encode(numbered(3)) }]);
        await count(page, "3 events");
        await bars.waitFor({ state: "detached" });
      },
      { hash: "#sample=1&view=runs" },
    );
  });

  test("no value of an event is kept in the browser beyond the tab, or told to anybody, unless somebody types it", async () => {
    const told: string[] = [];
    const value = "s3cret-of-a-run";
    const event = {
      log_level: "ERROR",
      source: "job",
      date_time: "2026-05-04T06:00:00.000Z",
      user_id: 77,
      flow_id: 7,
      job_handle: value,
      data: "{}",
      note: value,
    };
    await at(
      async (page) => {
        const bytes = utf8.encode(`${JSON.stringify(event)}\n${numbered(3)}`);
        await drop(page, [{ name: `${value}.ndjson`, bytes }]);
        await count(page, "4 events");
        await line(page, 0).click();
        const detail = page.getByRole("complementary", { name: "Event" });
        await detail.getByRole("button", { name: "What to do with note" }).press("Enter");
        await page.getByRole("menuitem", { name: "Only events with this" }).click();
        await count(page, "1 of 4");
        await page.keyboard.press("c");
        await detail.getByRole("button", { name: "Same run" }).click();
        await detail.getByRole("button", { name: "Search for these" }).click();
        await expect
          .poll(() => page.getByRole("combobox", { name: "Query" }).inputValue())
          .toContain(`@run.id:"${value}"`);
        await page.getByRole("button", { name: "Policy", exact: true }).click();
        await page.getByRole("button", { name: "Add a test" }).click();
        await page.getByText(/test holds/).waitFor();
        expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain(value);
        expect(page.url() + (await page.title()) + told.join()).not.toContain(value);
      },
      {
        before: async (context) => {
          context.on("request", (request) => told.push(request.url(), request.postData() ?? ""));
        },
      },
    );
  });

  test("a reload keeps the look and a beginning of a policy; what something else left in the storage does no harm", async () => {
    await at(
      async (page) => {
        await count(page, "4,000 events");
        await page.getByRole("button", { name: "Policy", exact: true }).click();
        await page.getByRole("button", { name: "Start from" }).click();
        await page.getByRole("menuitem", { name: "Pseudonyms" }).click();
        await page.getByText('"customer_id"').first().waitFor();
        await page.reload();
        await page.getByText('"customer_id"').first().waitFor();
        await page.evaluate(() => {
          const views = [{ name: "x", query: "a", columns: ["@type", "@type"] }];
          localStorage.setItem("logweir.views", JSON.stringify([...views, ...views]));
          localStorage.setItem("logweir.history", '["@level:error","@level:error"]');
          localStorage.setItem("logweir.theme", "5");
        });
        await page.reload();
        await page.getByRole("button", { name: "Events", exact: true }).click();
        await count(page, "4,000 events");
        await page.getByRole("button", { name: "Views", exact: true }).click();
        await page.getByRole("menuitem", { name: "All that failed" }).click();
        await page.getByRole("combobox", { name: "Query" }).fill("");
        await page.keyboard.press("ArrowDown");
        await page.getByRole("option", { name: "@level:error" }).waitFor();
      },
      { hash: "#sample=1" },
    );
  });

  test("what is shown of a long record says that it is its beginning, as text, as bytes and as a copy", async () => {
    await at(
      async (page) => {
        const buffer = Buffer.from(`{"big":"${"x".repeat(3_000_000)}"}`);
        const picker = page.locator('input[type=file][aria-label="Open files…"]');
        await picker.setInputFiles({ name: "a.json", mimeType: "application/json", buffer });
        await count(page, "1 event");
        await line(page, 0).click();
        const event = page.getByRole("complementary", { name: "Event" });
        await event.getByText("This is the beginning, 200.0 kB").waitFor();
        await event.getByRole("button", { name: "As bytes" }).click();
        await event.getByText("This is the beginning, 4,096 bytes").waitFor();
        await event.getByRole("button", { name: "Copy the record" }).click();
        await page.locator(".notice").getByText("Only the beginning").waitFor();
      },
      { permissions: ["clipboard-read", "clipboard-write"] },
    );
  });
});

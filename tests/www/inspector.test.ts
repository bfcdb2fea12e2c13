// The inspector in Chromium.
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { sample } from "logweir/sample";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStage, type Stage, skipBrowser } from "./browser.js";
import { drop, line, search, status, type VisitOptions, violations, visit } from "./visit.js";

const utf8 = new TextEncoder();
const logged = (n: number, more: object = {}) => ({
  log_level: n % 3 === 0 ? "ERROR" : "INFO",
  source: "job",
  date_time: new Date(Date.UTC(2026, 4, 4, 6, 0, n)).toISOString(),
  user_id: 77,
  data: JSON.stringify({ message: `message ${n}` }),
  ...more,
});
const lines = (count: number): string =>
  Array.from({ length: count }, (_, n) => `${JSON.stringify(logged(n))}\n`).join("");

describe.skipIf(skipBrowser())("the inspector", () => {
  let stage: Stage;
  let pictures: string;
  beforeAll(async () => {
    stage = await openStage();
    pictures = process.env.LOGWEIR_PICTURES ?? (await mkdtemp(join(tmpdir(), "logweir-www-")));
    console.info(`Pictures of the page: ${pictures}`);
  });
  afterAll(() => stage?.close());
  const at = (work: (page: Page) => Promise<void>, options?: VisitOptions) => visit(stage, work, options);
  const openSample = async (page: Page) => {
    await page.getByRole("button", { name: "Sample events" }).click();
    await expect.poll(() => status(page).textContent()).toContain("4,000 events");
    await line(page, 0).getByRole("gridcell").nth(2).waitFor();
  };
  const count = (page: Page, text: string) => expect.poll(() => status(page).textContent()).toContain(text);

  test("opens NDJSON, arrays, gzip and zip, one or several, by what they hold", async () => {
    await at(async (page) => {
      await drop(page, [
        { name: "a.log", bytes: gzipSync(lines(5)) },
        {
          name: "b.bin",
          bytes: zipSync({
            "in/c.json": utf8.encode(`[${lines(3).trim().split("\n").join(",")}]`),
            "d.gz": gzipSync(lines(2)),
          }),
        },
        { name: "e.ndjson", bytes: utf8.encode(lines(4)) },
      ]);
      await count(page, "14 events");
      await page.getByText("3 files").waitFor();
    });
  });

  test("broken records are rows, with place and reason", async () => {
    await at(async (page) => {
      await drop(page, [{ name: "x.ndjson", bytes: utf8.encode(`${lines(2)}{"é":1,}\n${lines(1)}`) }]);
      await count(page, "4 events");
      await page.getByRole("button", { name: "1 broken" }).click();
      await count(page, "1 of 4");
      await line(page, 0).click();
      const event = page.getByRole("complementary", { name: "Event" });
      expect(await event.textContent()).toMatch(/expected .* at its byte 8/);
      expect(await event.textContent()).toContain("line 3");
      expect(await event.locator("mark").textContent()).toBe("}");
    });
  });

  test("a paste from documentation is offered a repair", async () => {
    await at(async (page) => {
      await page.getByRole("button", { name: "Paste text…" }).click();
      await page
        .getByRole("textbox", { name: "Paste events" })
        .fill('{"account_id": 0000000,\n "b": [1,2,],}');
      await page.getByRole("button", { name: "Open the text" }).click();
      await page.getByRole("button", { name: "Mend and open" }).click();
      await count(page, "1 event");
      await line(page, 0).click();
      await page.getByRole("complementary", { name: "Event" }).getByText("account_id").waitFor();
    });
  });

  test("a query is coloured, completed, explained where it is wrong, and remembered", async () => {
    await at(async (page) => {
      await openSample(page);
      const query = page.getByRole("combobox", { name: "Query" });
      await query.click();
      await page.keyboard.type("@stat");
      await page.getByRole("option", { name: "@status" }).waitFor();
      await page.getByRole("option", { name: "@time" }).waitFor({ state: "hidden" });
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await expect.poll(() => query.inputValue()).toBe("@status:");
      await page.getByRole("option", { name: "failed", exact: true }).click();
      await page.keyboard.press("Enter");
      await expect.poll(() => status(page).textContent()).toMatch(/\d+ of 4,000/);
      await query.fill("@status:(failed");
      await page.getByText(/^expected/).waitFor();
      expect(await query.getAttribute("aria-invalid")).toBe("true");
      await query.fill("");
      await page.keyboard.press("ArrowDown");
      await page.getByRole("option", { name: "@status:failed" }).waitFor();
    });
  });

  test("facets ask for a value, forbid it, and take it back; the histogram narrows the time", async () => {
    await at(async (page) => {
      await openSample(page);
      const facets = page.getByRole("complementary", { name: "Facets" });
      await facets.getByRole("button", { name: "Only error" }).click();
      await expect
        .poll(() => page.getByRole("combobox", { name: "Query" }).inputValue())
        .toBe("@level:error");
      await expect.poll(() => status(page).textContent()).toMatch(/\d+ of 4,000/);
      await facets.getByRole("button", { name: "Without error" }).click();
      await expect
        .poll(() => page.getByRole("combobox", { name: "Query" }).inputValue())
        .toBe("-@level:error");
      await page.getByRole("button", { name: "Clear the query" }).click();
      await count(page, "4,000 events");
      const chart = page.getByRole("img", { name: /events over time/ });
      const box = await chart.boundingBox();
      if (!box) throw new Error("no histogram");
      await page.mouse.move(box.x + box.width * 0.25, box.y + 20);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.5, box.y + 20, { steps: 4 });
      await page.mouse.up();
      await expect.poll(() => status(page).textContent()).toMatch(/[\d,]+ of 4,000/);
      await page.getByRole("button", { name: "All of the time" }).click();
      await count(page, "4,000 events");
    });
  });

  test("an event shows exact numbers, opens JSON in strings, and what lies around it", async () => {
    await at(async (page) => {
      const event = { ...logged(1), data: '{"message":"x","n":1694081235979123457,"r":70000.0}' };
      await drop(page, [{ name: "x.ndjson", bytes: utf8.encode(`${lines(6)}${JSON.stringify(event)}\n`) }]);
      await count(page, "7 events");
      await search(page, "data.n:1694081235979123457");
      await count(page, "1 of 7");
      await line(page, 0).click();
      const detail = page.getByRole("complementary", { name: "Event" });
      await detail.getByText("1694081235979123457").waitFor();
      await detail.getByText("70000.0").waitFor();
      await page.keyboard.press("c");
      const around = detail.getByRole("list", { name: /Events around/ });
      await expect.poll(() => around.getByRole("listitem").count()).toBe(7);
      await detail.getByRole("tab", { name: "Raw" }).click();
      await detail.getByRole("button", { name: "As bytes" }).click();
      await detail.getByText("000000  7b 22").waitFor();
    });
  });

  test("everything goes by keyboard", async () => {
    await at(async (page) => {
      await openSample(page);
      await page.locator("body").press("j");
      await page.locator("body").press("j");
      await page.locator("body").press("o");
      const detail = page.getByRole("complementary", { name: "Event" });
      await detail.waitFor();
      expect(await page.getByRole("row", { selected: true }).getAttribute("aria-rowindex")).toBe("3");
      await page.locator("body").press("G");
      await expect
        .poll(() => page.getByRole("row", { selected: true }).getAttribute("aria-rowindex"))
        .toBe("4001");
      await page.locator("body").press("Escape");
      await detail.waitFor({ state: "hidden" });
      await page.locator("body").press("/");
      expect(await page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("combobox");
      await page.keyboard.press("Escape");
      await page.locator("body").press("?");
      await page.getByRole("dialog", { name: "Keys" }).waitFor();
      await page.keyboard.press("Escape");
      await page.locator("body").press("v");
      await page.getByRole("region", { name: "Runs" }).waitFor();
    });
  });

  test("columns are chosen by keyboard alone, and the focus stays in the dialog", async () => {
    await at(async (page) => {
      await openSample(page);
      await page.getByRole("button", { name: "Columns", exact: true }).press("Enter");
      const dialog = page.getByRole("dialog", { name: "Columns of the table" });
      const inside = () => dialog.evaluate((box) => box.contains(document.activeElement));
      await dialog.getByRole("button", { name: "Add @connector" }).press("Enter");
      await expect.poll(inside).toBe(true);
      await dialog.getByRole("button", { name: "Move @connector up" }).press("Enter");
      await dialog.getByRole("button", { name: "Take @type away" }).press("Enter");
      await expect.poll(inside).toBe(true);
      expect(await page.getByRole("columnheader").allTextContents()).toHaveLength(5);
      await page.evaluate(() => (document.activeElement as HTMLElement).blur());
      await page.keyboard.press("Escape"); // wherever the focus is
      await dialog.waitFor({ state: "detached" });
    });
  });

  test("a policy's mistakes lead to their places; its leaks are told; what it does is shown", async () => {
    await at(async (page) => {
      await openSample(page);
      await page.getByRole("button", { name: "Policy", exact: true }).click();
      await page.getByText("The flow check finds no way").waitFor();
      await page.getByRole("button", { name: "Start from" }).click();
      await page.getByRole("menuitem", { name: "No rules" }).click();
      await page.getByText(/The flow check: [\d,]+ ways/).waitFor();
      const editor = page.getByRole("textbox", { name: "Policy, as JSON" });
      await editor.click();
      await page.keyboard.press("Control+a");
      await page.keyboard.insertText('{\n  "logweir": 1,\n  "redcat": []\n}');
      const problem = page.getByRole("list").getByRole("button", { name: "3:3" });
      await problem.click();
      await page.keyboard.insertText('"redact"');
      await page.getByText(/The flow check: \d+ way/).waitFor();
    });
  });

  test("which events a route gets is a list, and each leads to what the route makes of it", async () => {
    await at(async (page) => {
      await openSample(page);
      await page.getByRole("button", { name: "Policy", exact: true }).click();
      const editor = page.getByRole("textbox", { name: "Policy, as JSON" });
      await editor.click();
      await page.keyboard.press("Control+a");
      await page.keyboard.insertText(
        '{ "logweir": 1, "redact": [], "routes": [{ "name": "grave", "when": "@status:failed" }, { "name": "all" }] }',
      );
      const see = page.getByRole("region", { name: "What it does" });
      await see.getByRole("tab", { name: /Routes/ }).click();
      const grave = see.getByRole("region", { name: "grave" });
      await expect
        .poll(() => see.getByText(/^It gets/).allTextContents())
        .toEqual([
          expect.stringMatching(/It gets \d+ of the first 2,000 events/),
          "It gets 2,000 of the first 2,000 events",
        ]);
      await grave.getByText(/It gets/).click();
      await grave.getByRole("listitem").nth(2).getByRole("button").click();
      await see.getByRole("button", { name: "→ grave", pressed: true }).waitFor();
    });
  });

  test("a route's template is edited by itself, with its problems and what it makes, and put into the policy", async () => {
    await at(async (page) => {
      await drop(page, [{ name: "x.ndjson", bytes: utf8.encode(lines(2)) }]);
      await count(page, "2 events");
      await page.getByRole("button", { name: "Policy", exact: true }).click();
      const see = page.getByRole("region", { name: "What it does" });
      await see.getByRole("tab", { name: "Template" }).click();
      const made = see.getByRole("region", { name: "What it makes of this event" });
      await made.getByText('{"source":"logweir","log":{').waitFor();
      const editor = see.getByRole("textbox", { name: "Template of route out" });
      await editor.click();
      await page.keyboard.press("Control+a");
      await page.keyboard.insertText('{ "level": "{{log_level}}", "again": "{{log_level" }');
      await see
        .getByText(/^\s*T\d+/)
        .first()
        .waitFor();
      await made.getByText("Nothing is made").waitFor();
      expect(await see.getByRole("button", { name: "Put into the policy" }).isDisabled()).toBe(true);
      await editor.click();
      await page.keyboard.press("Control+a");
      await page.keyboard.insertText('{ "level": "{{log_level}}", "who": "{{user_id}}" }');
      await made.getByText('{"level":"ERROR","who":').waitFor(); // as the policy's rules leave it
      expect(await violations(page)).toEqual([]);
      await see.getByRole("button", { name: "Put into the policy" }).click();
      await page.getByText('"template"', { exact: true }).first().waitFor(); // in the policy's editor
      await see.getByRole("tab", { name: "Routes" }).click();
      await see.getByRole("region", { name: "out" }).getByText('{"level":"ERROR"').waitFor();
    });
  });

  test("a policy is completed by its schema", async () => {
    await at(async (page) => {
      await page.getByRole("button", { name: "Policy", exact: true }).click();
      const editor = page.getByRole("textbox", { name: "Policy, as JSON" });
      await editor.click();
      await page.keyboard.press("Control+a");
      await page.keyboard.insertText('{ "logweir": 1, "accept": { } }');
      for (let press = 0; press < 3; press++) await page.keyboard.press("ArrowLeft");
      await page.keyboard.type('"un');
      await page.getByRole("option", { name: '"unknown"' }).click();
      await page.keyboard.press('"');
      await page.getByRole("option", { name: '"quarantine"' }).click();
      await page.getByText(/The flow check/).waitFor();
    });
  });

  test("a test drawn from an event holds, and no value of the event is in it", async () => {
    await at(async (page) => {
      const job = [...sample({ count: 1, type: "workato.job", seed: 3 })][0]?.event as unknown as {
        context: { user_name: string; user_email: string };
        title: string;
      };
      await drop(page, [{ name: "x.ndjson", bytes: utf8.encode(`${JSON.stringify(job)}\n`) }]);
      await count(page, "1 event");
      await page.getByRole("button", { name: "Policy", exact: true }).click();
      await page.getByRole("button", { name: "Add a test" }).click();
      await page.getByText("1 of 1 test holds").waitFor();
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: "Save the policy" }).click();
      const text = await readFile(await (await download).path(), "utf8");
      expect(text).toContain('"tests"');
      for (const value of [job.context.user_name, job.context.user_email, job.title])
        expect(text).not.toContain(value);
    });
  });

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

  test("an engine that ends is admitted, and started anew", async () => {
    await at(
      async (page) => {
        await page
          .context()
          .route("**/*.wasm", (route) => route.fulfill({ contentType: "application/wasm", body: "no" }));
        await page.getByRole("button", { name: "Sample events" }).click();
        await page.getByRole("alert").getByText("The engine stopped").waitFor();
        await page.context().unroute("**/*.wasm");
        await page.getByRole("button", { name: "Open again" }).click();
        await count(page, "4,000 events");
      },
      { expected: /./, serviceWorkers: "block" }, // or it would keep what the route gave
    );
  });

  test("scrolling through 60,000 events never blocks", { timeout: 120_000 }, async () => {
    await at(async (page) => {
      await drop(page, [{ name: "big.gz", bytes: gzipSync(lines(60_000)) }]);
      await expect.poll(() => status(page).textContent(), { timeout: 60_000 }).toContain("60,000 events");
      // Whoever shares the machine can make any one round long, so the best of three counts.
      const rounds: number[] = [];
      for (let round = 0; round < 3; round++) rounds.push(await page.evaluate(longestTask));
      expect(Math.min(...rounds)).toBeLessThan(50);
    });
  });

  test("the dashboard tells durations over time and by connector, and Tray's services and helpers; marks lead to events", async () => {
    for (const width of [1280, 360])
      await at(
        async (page) => {
          await openSample(page);
          await page.getByRole("button", { name: "Dashboard", exact: true }).click();
          const times = page.getByRole("toolbar", { name: "Durations over time" });
          await times.getByRole("button").first().waitFor();
          await page.getByRole("region", { name: "Durations by connector" }).waitFor();
          const helpers = page.getByRole("region", { name: "Tray core helpers" });
          await helpers.getByRole("button", { name: /^script/ }).waitFor();
          const services = page.getByRole("region", { name: "Tray services" });
          await services.getByRole("button", { name: /^salesforce/ }).waitFor();
          expect(await violations(page)).toEqual([]);
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
          await page.screenshot({ path: join(pictures, `dashboard-whole-${width}.png`), fullPage: true });
          await times.getByRole("button").first().focus();
          await page.keyboard.press("ArrowRight");
          const told = await page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
          const n = /([\d,]+) events?$/.exec(told ?? "")?.[1];
          await page.keyboard.press("Enter");
          await count(page, `${n} of 4,000`);
        },
        { viewport: { width, height: 900 }, colorScheme: width === 360 ? "dark" : "light" },
      );
  });

  test("two events are compared, line by line", async () => {
    await at(async (page) => {
      await drop(page, [{ name: "x.ndjson", bytes: utf8.encode(lines(3)) }]);
      await count(page, "3 events");
      await line(page, 0).click();
      const event = page.getByRole("complementary", { name: "Event" });
      await event.getByRole("button", { name: "Compare others with this event" }).click();
      await line(page, 1).click();
      await event.getByRole("tab", { name: "Compare" }).click();
      const text = await event.getByRole("group", { name: "Compare" }).textContent();
      expect(text).toContain('"message": "message 0"');
      expect(text).toContain('"message": "message 1"');
    });
  });

  test("the tail of a forwarder is shown as it comes, by a token in a header, exactly", async () => {
    const asked: { url: string; token: string | undefined }[] = [];
    await at(
      async (page) => {
        await page.getByRole("button", { name: "Open", exact: true }).click();
        await page.getByRole("menuitem", { name: "Live tail…" }).click();
        const dialog = page.getByRole("dialog", { name: "Live tail" });
        await dialog.getByRole("textbox", { name: "Query" }).fill("n:>1");
        await dialog.getByLabel("Token").fill("secret of the tail");
        await dialog.getByRole("button", { name: "Listen" }).click();
        await count(page, "2 events");
        await line(page, 0).click();
        const event = page.getByRole("complementary", { name: "Event" });
        await event.getByText("1694081235979123457").waitFor();
        expect(asked).toEqual([{ url: `${stage.url}tail?q=n%3A%3E1`, token: "Bearer secret of the tail" }]);
        expect(page.url()).not.toContain("secret");
      },
      {
        before: (context) =>
          context.route("**/tail?*", (route) => {
            asked.push({ url: route.request().url(), token: route.request().headers().authorization });
            const event = (n: string) =>
              `data: {"source":"tray","at":"2026-05-04T06:00:00Z","event":{"n":${n}}}\n\n`;
            return route.fulfill({
              contentType: "text/event-stream",
              body: `: open\n\n${event("1694081235979123457")}:\n\n${event("2")}event: lost\ndata: {"events":3}\n\n`,
            });
          }),
      },
    );
  });

  test("works without a network once it has been loaded", async () => {
    await at(async (page) => {
      await page.evaluate(() => navigator.serviceWorker.ready);
      await page.reload();
      await page.context().setOffline(true);
      await page.reload();
      await openSample(page);
      await page.getByRole("button", { name: "Policy", exact: true }).click();
      await page.getByRole("textbox", { name: "Policy, as JSON" }).waitFor();
    });
  });

  test("speaks Japanese where that is wanted, and keeps the choice", async () => {
    await at(
      async (page) => {
        await page.getByText("データはこのタブの外に出ません").waitFor();
        expect(await page.evaluate(() => document.documentElement.lang)).toBe("ja");
        await page.getByRole("button", { name: "設定" }).click();
        await page.getByRole("menuitemradio", { name: "English" }).click();
        await page.getByText("Nothing leaves this tab").waitFor();
        await page.reload();
        await page.getByText("Nothing leaves this tab").waitFor();
      },
      { locale: "ja-JP" },
    );
  });

  test("dialogs and menus are accessible, and give the focus back", async () => {
    await at(async (page) => {
      await openSample(page);
      const dialogs = ["Time", "Columns", "Share", "Export"];
      for (const name of dialogs) {
        const button = page.getByRole("button", { name, exact: true }).first();
        await button.click();
        await page.getByRole("dialog").waitFor();
        expect(await violations(page), name).toEqual([]);
        await page.keyboard.press("Escape");
        await page.getByRole("dialog").waitFor({ state: "detached" });
        expect(await button.evaluate((element) => element === document.activeElement), name).toBe(true);
      }
      const menu = page.getByRole("button", { name: "Views", exact: true });
      await menu.press("ArrowDown");
      await page.getByRole("menuitem").first().waitFor();
      expect(await violations(page), "menu").toEqual([]);
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter"); // the steps of Tray that failed
      await expect
        .poll(() => page.getByRole("combobox", { name: "Query" }).inputValue())
        .toBe("stepState:failure");
    });
  });

  test("what has been read is shown at once, and counted then", async () => {
    await at(async (page) => {
      // Plain, so that it is read faster than it is counted, and long, so that one sees it.
      const data = await page.evaluateHandle((text) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File(Array(60).fill(new Blob([text])), "big.ndjson"));
        return transfer;
      }, lines(9_999));
      await page.dispatchEvent("body", "drop", { dataTransfer: data });
      const facets = page.getByRole("complementary", { name: "Facets" });
      await facets.getByText(/Still counting, \d+ %/).waitFor();
      await count(page, "599,940 events");
      await line(page, 0).getByRole("gridcell").nth(2).waitFor();
      await facets.getByText(/Still counting/).waitFor({ state: "detached" });
      await expect
        .poll(() => facets.getByRole("button", { name: "Only error" }).textContent())
        .toContain("199,980");
    });
  });

  test("a reading can be cancelled, and what was read stays", async () => {
    await at(async (page) => {
      // Long enough that nobody is too late to cancel it, also on a machine that is busy.
      const bytes = gzipSync(lines(10).repeat(80_000));
      await drop(page, [{ name: "big.gz", bytes }]);
      await line(page, 0).getByRole("gridcell").nth(2).waitFor();
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.getByText("The reading was cancelled").waitFor();
      await expect.poll(() => status(page).textContent()).toMatch(/^\s*[\d,]+ events/);
      await line(page, 0).click();
      await page.getByRole("complementary", { name: "Event" }).waitFor();
    });
  });

  const looks = [360, 1280, 1920].flatMap((width) =>
    (["light", "dark"] as const).map((colorScheme) => ({ width, colorScheme })),
  );
  test.each(looks)(
    "fits and is accessible: $width px, $colorScheme",
    { timeout: 120_000 },
    async ({ width, colorScheme }) => {
      const options = { colorScheme, viewport: { width, height: width < 600 ? 740 : 900 } };
      await at(async (page) => {
        const look = async (name: string) => {
          expect(await violations(page), name).toEqual([]);
          expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(
            width,
          );
          await page.screenshot({ path: join(pictures, `${name}-${width}-${colorScheme}.png`) });
        };
        await look("welcome");
        await openSample(page);
        await look("events");
        await search(page, "@type:workato.job @status:failed");
        await expect.poll(() => status(page).textContent()).toMatch(/\d+ of 4,000/);
        await line(page, 1).click();
        await page
          .getByRole("complementary", { name: "Event" })
          .getByText("JSON in a string")
          .first()
          .waitFor();
        await look("event");
        await page.getByRole("button", { name: "Show the run" }).click();
        await page
          .getByRole("list", { name: "What happened in the run" })
          .getByRole("button")
          .first()
          .waitFor();
        await look("run");
        await page.getByRole("button", { name: "Dashboard", exact: true }).click();
        await page.getByRole("region", { name: "Failures by workflow" }).waitFor();
        await look("dashboard");
        await page.getByRole("button", { name: "Policy", exact: true }).click();
        await page.getByText("kept", { exact: true }).first().waitFor();
        await page.getByRole("textbox", { name: "Policy, as JSON" }).waitFor();
        await look("policy");
        const see = page.getByRole("region", { name: "What it does" });
        await see.getByRole("tab", { name: "Routes" }).click();
        await see.getByText(/^It gets/).click();
        await see.getByRole("listitem").first().waitFor();
        await look("routes");
        await see.getByRole("tab", { name: "Template" }).click();
        await see.getByRole("textbox", { name: "Template of route out" }).waitFor();
        await see.getByLabel("What it makes of this event").getByText('"log"').waitFor();
        await look("template");
        await see.getByRole("tab", { name: "Report" }).click();
        await see.getByRole("table").first().waitFor();
        await look("report");
      }, options);
    },
  );
});

// This runs in the page: the longest task, in milliseconds, while the list is thrown about.
async function longestTask(): Promise<number> {
  let longest = 0;
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) longest = Math.max(longest, entry.duration);
  });
  observer.observe({ entryTypes: ["longtask"] });
  const grid = document.querySelector("[role=grid]");
  for (let step = 0; step < 40 && grid; step++) {
    grid.scrollTop = ((step * 7919) % 40) * (grid.scrollHeight / 40);
    await new Promise((done) => requestAnimationFrame(done));
  }
  await new Promise((done) => setTimeout(done, 200));
  observer.disconnect();
  return longest;
}

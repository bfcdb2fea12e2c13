// Opening logs in the inspector, and what becomes of them.
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { skipBrowser } from "./browser.js";
import { lines } from "./logged.js";
import { count, drop, line, openSample, status, visitor } from "./visit.js";

const utf8 = new TextEncoder();

describe.skipIf(skipBrowser())("what is opened", () => {
  const at = visitor();

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
        expect(asked).toEqual([
          { url: `${new URL("tail", page.url())}?q=n%3A%3E1`, token: "Bearer secret of the tail" },
        ]);
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
});

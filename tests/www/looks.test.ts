// How the inspector looks and speaks, to everyone.
import { describe, expect, test } from "vitest";
import { skipBrowser } from "./browser.js";
import { line, openSample, picture, search, status, violations, visitor } from "./visit.js";

describe.skipIf(skipBrowser())("for everyone", () => {
  const at = visitor();

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
          await picture(page, `${name}-${width}-${colorScheme}`);
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

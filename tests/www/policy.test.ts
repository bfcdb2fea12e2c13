// The policy workbench of the inspector.
import { readFile } from "node:fs/promises";
import { sample } from "logweir/sample";
import { describe, expect, test } from "vitest";
import { skipBrowser } from "./browser.js";
import { lines } from "./logged.js";
import { count, drop, openSample, violations, visitor } from "./visit.js";

const utf8 = new TextEncoder();

describe.skipIf(skipBrowser())("the policy workbench", () => {
  const at = visitor();

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
});

import { mkdtemp, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStage, type Stage, skipBrowser } from "./browser.js";

const modifierKey = process.platform === "darwin" ? "Meta" : "Control";

describe.skipIf(skipBrowser())("the page", () => {
  let stage: Stage;
  let axe: string;
  let pictures: string;

  beforeAll(async () => {
    stage = await openStage();
    axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
    pictures = process.env.LOGWEIR_PICTURES ?? (await mkdtemp(join(tmpdir(), "logweir-www-")));
    console.info(`Pictures of the page: ${pictures}`);
  });
  afterAll(() => stage?.close());

  /** Opens the page in a fresh profile, does `work`, and asks that it neither complained nor spoke to anybody else. */
  async function visit(
    work: (page: Page) => Promise<void>,
    options: BrowserContextOptions = {},
  ): Promise<void> {
    const context = await stage.browser.newContext(options);
    const complaints: string[] = [];
    const elsewhere: string[] = [];
    context.on("request", (request) => {
      if (!request.url().startsWith(stage.url)) elsewhere.push(`${request.method()} ${request.url()}`);
    });
    context.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    context.on("weberror", (error) => complaints.push(String(error.error())));
    try {
      const page = await context.newPage();
      const answer = await page.goto(stage.url);
      const policy = answer?.headers()["content-security-policy"] ?? "";
      expect(policy.split("; ")).toEqual(
        expect.arrayContaining([
          "default-src 'none'",
          "script-src 'self' 'wasm-unsafe-eval'",
          "connect-src 'self'",
        ]),
      );
      await work(page);
      expect(complaints).toEqual([]);
      expect(elsewhere).toEqual([]);
    } finally {
      await context.close();
    }
  }

  const panel = (page: Page, name: string): Locator => page.getByRole("region", { name, exact: true });
  const output = (page: Page): Locator => page.getByRole("region", { name: "Output of route out" });
  const loadSample = async (page: Page) => {
    await page.getByRole("button", { name: "Load sample events" }).click();
    await output(page).waitFor();
  };
  /** Replaces the text of an editor as a person would: select all, paste. */
  const fill = async (page: Page, editor: string, text: string) => {
    await page.getByRole("textbox", { name: editor }).click();
    await page.keyboard.press(`${modifierKey}+a`);
    await page.keyboard.press("Delete");
    await page.keyboard.insertText(text);
  };
  const account = (page: Page, name: string): Locator =>
    panel(page, "What happened")
      .locator("dl > div")
      .filter({ has: page.getByText(name, { exact: true }) })
      .locator("b");

  test("first visit: one click shows sample events, redacted", async () => {
    await visit(async (page) => {
      await panel(page, "What happened").getByText("No events yet").waitFor();
      await loadSample(page);
      const text = await output(page).textContent();
      expect(text).toContain('"user_login"');
      expect(text).toContain("[mail]");
      expect(text).toContain("[redacted]");
      expect(text).not.toMatch(/[\w.+-]+@[\w-]+\.[a-z]+/);
      expect(text).not.toContain("192.0.2.17");
      expect(text).not.toContain("Ada Byron");
      expect(text).not.toContain("São Paulo"); // the payload of a step is removed whole
      expect(await account(page, "in").textContent()).toBe("8");
      expect(await account(page, "kept").textContent()).toBe("7");
      expect(await account(page, "filtered").textContent()).toBe("0");
      expect(await account(page, "quarantined").textContent()).toBe("1");
    });
  });

  test("events pasted in are worked on, and the output can be saved", async () => {
    await visit(async (page) => {
      await fill(page, "Events, as JSON", `[{"email":"ada@example.com","n":1694081235979123457},\n {"n":2}]`);
      await output(page).getByText("1694081235979123457").waitFor();
      const download = page.waitForEvent("download");
      await panel(page, "Output of route “out”").getByRole("button", { name: "Save" }).click();
      const file = await download;
      expect(file.suggestedFilename()).toBe("out.ndjson");
      expect(await readFile(await file.path(), "utf8")).toBe(
        `{"email":"[mail]","n":1694081235979123457}\n{"n":2}\n`,
      );
    });
  });

  test("a broken policy is told with line and column, gives no output, and leads to the place", async () => {
    await visit(async (page) => {
      await loadSample(page);
      await fill(
        page,
        "Policy, as JSON",
        `{\n  "logweir": 1,\n  "redcat": [],\n  "rutes": [{ "name": "out" }]\n}`,
      );
      const problems = page.getByRole("list", { name: "Problems of the policy" });
      await problems.waitFor();
      expect(await problems.getByRole("listitem").count()).toBe(2);
      expect(await problems.textContent()).toContain("redact"); // the suggestion
      expect(await problems.textContent()).toContain("routes");
      expect(await output(page).count()).toBe(0);
      await panel(page, "What happened").getByText("the policy has problems").waitFor();

      await problems.getByRole("button", { name: "line 4, column 3" }).click();
      expect(await page.evaluate(selected)).toBe(`"rutes"`);
      await page.keyboard.insertText(`"routes"`);
      await problems.getByRole("button", { name: "line 3, column 3" }).click();
      await page.keyboard.insertText(`"redact"`);
      await output(page).getByText("ada@example.com").first().waitFor(); // no rules: everything goes on as it was
    });
  });

  test("a broken event is listed with its place and the reason, and nothing else is lost", async () => {
    await visit(async (page) => {
      await fill(page, "Events, as JSON", `{"a":"é🐟"}\n{"🐟":1,}\n{"b":2}\n`);
      const list = page.getByRole("list", { name: "Quarantined records" });
      await list.waitFor();
      const text = await list.textContent();
      expect(text).toMatch(/record 2, line 2, column 8/);
      expect(text).toMatch(/expected \S+/);
      expect(await output(page).getByRole("listitem").allInnerTexts()).toEqual([`{"a":"é🐟"}`, `{"b":2}`]);
      await list.getByRole("button", { name: "record 2" }).click();
      expect(await page.evaluate(selected)).toBe(`{"🐟":1,}`);
    });
  });

  test("each route of the policy has its output", async () => {
    await visit(async (page) => {
      const routes = `[{ "name": "a", "to": "json" }, { "name": "b & <c>" }]`;
      await fill(page, "Policy, as JSON", `{ "logweir": 1, "routes": ${routes} }`);
      await fill(page, "Events, as JSON", `{"n":1}\n{"n":2}\n`);
      const lines = page
        .getByRole("region", { name: "Output of route b & <c>", exact: true })
        .getByRole("listitem");
      await lines.first().waitFor();
      expect(await lines.allTextContents()).toEqual([`{"n":1}`, `{"n":2}`]);
      const array = await page.getByRole("region", { name: "Output of route a", exact: true }).textContent();
      expect(JSON.parse(array ?? "")).toEqual([{ n: 1 }, { n: 2 }]);
    });
  });

  test("the format can be told", async () => {
    await visit(async (page) => {
      await fill(page, "Events, as JSON", `[1,\n2]`);
      await output(page).waitFor();
      expect(await account(page, "in").textContent()).toBe("2");
      await page.getByLabel("Format").selectOption("json");
      await expect.poll(() => account(page, "in").textContent()).toBe("1");
    });
  });

  test("an engine that cannot start is told, and is started anew", async () => {
    await visit(async (page) => {
      await page
        .context()
        .route("**/*.wasm", (route) => route.fulfill({ contentType: "application/wasm", body: "not wasm" }));
      await page.reload();
      await panel(page, "What happened").getByText("The engine stopped").waitFor();
      await page.context().unroute("**/*.wasm");
      await loadSample(page);
      expect(await account(page, "in").textContent()).toBe("8");
    });
  });

  test("everything can be reached by keyboard", async () => {
    await visit(async (page) => {
      await loadSample(page);
      await page.locator("body").click({ position: { x: 1, y: 1 } });
      const reached = new Set<string>();
      for (let press = 0; press < 20; press++) {
        await page.keyboard.press("Tab");
        reached.add(await page.evaluate(focusedName));
      }
      for (const name of [
        "Policy, as JSON",
        "Format",
        "Load sample events",
        "Events, as JSON",
        "Save",
        "Output of route out",
        "All of it, as JSON",
      ]) {
        expect([...reached]).toContain(name);
      }
      expect([...reached].some((name) => name.startsWith("record 5, line 5"))).toBe(true);
    });
  });

  const looks = [360, 768, 1280, 1920].flatMap((width) =>
    (["light", "dark"] as const).map((colorScheme) => ({ width, colorScheme })),
  );
  test.each(looks)("fits and is accessible: $width px, $colorScheme", async ({ width, colorScheme }) => {
    const options = { colorScheme, viewport: { width, height: width < 600 ? 740 : 900 } };
    await visit(async (page) => {
      await loadSample(page);
      await page.getByText("All of it, as JSON").click();
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await page.getByText("All of it, as JSON").click();
      await page.screenshot({ path: join(pictures, `sample-${width}-${colorScheme}.png`), fullPage: true });

      await fill(
        page,
        "Policy, as JSON",
        `{\n  "logweir": 1,\n  "redcat": [],\n  "routes": [{ "to": "xml" }]\n}`,
      );
      await page.getByRole("list", { name: "Problems of the policy" }).waitFor();
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await page.screenshot({ path: join(pictures, `problems-${width}-${colorScheme}.png`), fullPage: true });
    }, options);
  });

  async function violations(page: Page): Promise<string[]> {
    await page.evaluate(axe);
    return page.evaluate(async () => {
      const { axe } = window as unknown as { axe: typeof import("axe-core") };
      const { violations } = await axe.run(document);
      return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`));
    });
  }
});

// These two run in the page. CodeMirror lives in a shadow root, so that the selection and the focus are found there.
function selected(): string {
  const root = document.activeElement?.shadowRoot as
    | (ShadowRoot & { getSelection?(): Selection | null })
    | null;
  return String((root?.getSelection?.() ?? document.getSelection()) || "");
}

function focusedName(): string {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  if (element instanceof HTMLSelectElement) return element.labels[0]?.firstChild?.textContent?.trim() ?? "";
  return (element?.getAttribute("aria-label") ?? element?.textContent ?? "").trim().replace(/\s+/g, " ");
}

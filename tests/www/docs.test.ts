// The documentation as it is built: every link leads somewhere, the search finds, and anybody can read it.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStage, type Stage, skipBrowser } from "./browser.js";

const dist = fileURLToPath(new URL("../../www/dist", import.meta.url));
const docs = join(dist, "docs");
if (!existsSync(join(docs, "index.html")))
  throw new Error("www/dist/docs is missing. First: npm run build -w www");

/** The pages by their path; what rustdoc writes is its own affair. */
const pages = new Map(
  (readdirSync(docs, { recursive: true }) as string[])
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => name.endsWith(".html") && !name.startsWith("rust/"))
    .map((name) => [name, readFileSync(join(docs, name), "utf8")]),
);
const valuesOf = (html: string, attribute: string) =>
  [...html.matchAll(new RegExp(` ${attribute}="([^"]*)"`, "g"))].map(([, value = ""]) =>
    value.replaceAll("&amp;", "&"),
  );

describe("the pages", () => {
  test("are all there", () => {
    expect(pages.size).toBeGreaterThan(100);
    for (const name of ["start.html", "policy.html", "problems.html", "api/index.html"])
      expect([...pages.keys()]).toContain(name);
  });

  test("every link leads to a page, and every anchor to a place on it", () => {
    const broken: string[] = [];
    for (const [name, html] of pages) {
      for (const link of [...valuesOf(html, "href"), ...valuesOf(html, "src")]) {
        if (/^https:\/\/[\w.-]+\.[a-z]+(\/|$)/.test(link)) continue;
        const [path = "", anchor] = link.split("#");
        const file = path === "" ? join(docs, name) : normalize(join(docs, dirname(name), path));
        const there = file.startsWith(dist) && existsSync(file) && statSync(file).isFile();
        const target = there && anchor ? readFileSync(file, "utf8") : "";
        if (!there || (anchor && !valuesOf(target, "id").includes(decodeURIComponent(anchor))))
          broken.push(`${name}: ${link}`);
      }
    }
    expect(broken).toEqual([]);
  });

  test("no page has one id twice, a script of its own, or a style of its own", () => {
    for (const [name, html] of pages) {
      const ids = valuesOf(html, "id");
      expect(
        ids.filter((id, index) => ids.indexOf(id) !== index),
        name,
      ).toEqual([]);
      expect(/<script(?! type="module" src=)|<style| style="| on\w+="/.test(html), name).toBe(false);
    }
  });

  test("each problem code has its place", () => {
    const codes =
      readFileSync(new URL("../../PROBLEMS.md", import.meta.url), "utf8").match(
        /^(?:\| |#+ )`?[A-Z]\d{3}\b/gm,
      ) ?? [];
    const ids = valuesOf(pages.get("problems.html") ?? "", "id");
    expect(codes.length).toBeGreaterThan(30);
    for (const code of codes) expect(ids).toContain(code.slice(-4).toLowerCase());
  });
});

describe.skipIf(skipBrowser())("in Chromium", () => {
  let stage: Stage;
  let axe: string;
  beforeAll(async () => {
    stage = await openStage();
    axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  });
  afterAll(() => stage?.close());

  async function visit(
    path: string,
    work: (page: Page) => Promise<void>,
    options: BrowserContextOptions = {},
  ) {
    const context = await stage.browser.newContext(options);
    const complaints: string[] = [];
    context.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    context.on("weberror", (error) => complaints.push(String(error.error())));
    context.on("request", (request) => {
      if (!request.url().startsWith(stage.url)) complaints.push(request.url());
    });
    try {
      const page = await context.newPage();
      await page.goto(`${stage.url}docs/${path}`);
      await work(page);
      expect(complaints).toEqual([]);
    } finally {
      await context.close();
    }
  }

  async function violations(page: Page): Promise<string[]> {
    await page.evaluate(axe);
    return page.evaluate(async () => {
      const { axe } = window as unknown as { axe: typeof import("axe-core") };
      const { violations } = await axe.run(document);
      return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`));
    });
  }

  test.each([
    ["onQuarantine", /stream|batches|Worker/i],
    ["accept unknown", /accept/],
    ["P104", /P104/],
    ["wasm-unsafe-eval", /bundler/i],
    ["createSender", /createSender|Sending/],
    ["yyyymmdd", /Formatters/],
    ["redakt", /redact/i], // as people type
  ])("the search finds %s", async (text, expected) => {
    await visit("api/index.html", async (page) => {
      await page.getByRole("searchbox", { name: "Search" }).fill(text);
      await page.locator("#site-results a").first().waitFor();
      expect((await page.locator("#site-results a").allTextContents()).join("\n")).toMatch(expected);
    });
  });

  test("the search is loaded when it is used, goes by keyboard, and leads there", async () => {
    await visit("start.html", async (page) => {
      const loaded: string[] = [];
      page.on("request", (request) => loaded.push(request.url()));
      await page.keyboard.press("/");
      await page.keyboard.type("coverage");
      await page.locator("#site-results a").first().waitFor();
      expect(loaded.filter((url) => url.endsWith("search.json"))).toHaveLength(1);
      expect(await page.getByRole("status").textContent()).toMatch(/\d/);
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press("ArrowDown");
      const href = await page.evaluate(() => (document.activeElement as HTMLAnchorElement).href);
      await page.keyboard.press("Enter");
      await page.waitForURL(href);
      await page.keyboard.press("/");
      await page.keyboard.type("coverage");
      await page.locator("#site-results a").first().waitFor();
      await page.keyboard.press("Escape");
      expect(await page.locator("#site-results").isVisible()).toBe(false);
    });
  });

  test("nothing of the search is loaded before it is used", async () => {
    const loaded: string[] = [];
    const context = await stage.browser.newContext();
    const page = await context.newPage();
    page.on("request", (request) => loaded.push(request.url()));
    await page.goto(`${stage.url}docs/start.html`);
    await page.getByRole("searchbox", { name: "Search" }).waitFor();
    expect(loaded.filter((url) => /search/.test(url))).toEqual([]);
    await context.close();
  });

  test("a page can be read without scripts", async () => {
    await visit(
      "policy.html",
      async (page) => {
        expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("The policy");
        expect(await page.getByRole("searchbox").count()).toBe(0);
        await page.getByRole("link", { name: "Queries" }).first().click();
        expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Queries");
      },
      { javaScriptEnabled: false },
    );
  });

  const looks = [360, 1280].flatMap((width) =>
    (["light", "dark"] as const).map((colorScheme) => ({ width, colorScheme })),
  );
  test.each(looks)(
    "fits and is accessible: $width px, $colorScheme",
    { timeout: 180_000 },
    async ({ width, colorScheme }) => {
      const some = [...pages.keys()].filter((name) => !name.includes("/"));
      for (const path of [
        ...some,
        "api/index.html",
        "api/logweir/interfaces/Weir.html",
        "api/logweir/functions/compile.html",
      ]) {
        await visit(
          path,
          async (page) => {
            expect(await violations(page), path).toEqual([]);
            expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(
              width,
            );
          },
          { colorScheme, viewport: { width, height: 800 } },
        );
      }
    },
  );
});

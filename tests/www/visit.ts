// A visit to the built page in a fresh profile, watched: it must not complain, and speak to nobody else.
import { mkdtemp, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { openStage, type Stage } from "./browser.js";

export interface VisitOptions extends BrowserContextOptions {
  /** What stands behind the address. */
  hash?: string;
  /** What it may complain of. */
  expected?: RegExp;
  before?: (context: BrowserContext) => Promise<unknown>;
}

/** Opens the page, does `work`, and asks that it neither complained nor spoke to anybody else. */
export async function visit(
  stage: Stage,
  work: (page: Page) => Promise<void>,
  { hash = "", expected, before, ...options }: VisitOptions = {},
): Promise<void> {
  const context = await stage.browser.newContext({ locale: "en-GB", ...options });
  context.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  const elsewhere: string[] = [];
  context.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(stage.url) && !url.startsWith(`blob:${stage.url}`))
      elsewhere.push(`${request.method()} ${url}`);
  });
  context.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !expected?.test(message.text()))
      complaints.push(message.text());
  });
  context.on("weberror", (error) => complaints.push(String(error.error())));
  try {
    await before?.(context);
    const page = await context.newPage();
    const answer = await page.goto(stage.url + hash);
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

/** Serves the page and starts Chromium for the tests of the file; gives what visits it. */
export function visitor(): (work: (page: Page) => Promise<void>, options?: VisitOptions) => Promise<void> {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage?.close());
  return (work, options) => visit(stage, work, options);
}

let pictures = process.env.LOGWEIR_PICTURES;

/** Takes a picture of the page, to be looked at. */
export async function picture(page: Page, name: string, fullPage = false): Promise<void> {
  if (pictures === undefined) {
    pictures = await mkdtemp(join(tmpdir(), "logweir-www-"));
    console.info(`Pictures of the page: ${pictures}`);
  }
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage });
}

const axe = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds fault with. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(await axe);
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    const { violations } = await axe.run(document);
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
  });
}

/** Lets files fall onto the page, as a person would from a folder. */
export async function drop(page: Page, files: { name: string; bytes: Uint8Array }[]): Promise<void> {
  const data = await page.evaluateHandle(
    (all) => {
      const transfer = new DataTransfer();
      for (const { name, bytes } of all) transfer.items.add(new File([new Uint8Array(bytes)], name));
      return transfer;
    },
    files.map(({ name, bytes }) => ({ name, bytes: [...bytes] })),
  );
  await page.dispatchEvent("body", "drop", { dataTransfer: data });
}

/** Searches by the query bar. */
export async function search(page: Page, query: string): Promise<void> {
  await page.getByRole("combobox", { name: "Query" }).fill(query);
  await page.keyboard.press("Enter");
}

export const status = (page: Page) => page.locator("footer").getByRole("status");
export const line = (page: Page, index: number) =>
  page
    .getByRole("grid", { name: "Events" })
    .getByRole("row")
    .nth(index + 1);

/** Waits until the status tells so many events. */
export const count = (page: Page, text: string) =>
  expect.poll(() => status(page).textContent()).toContain(text);

/** Opens the page's own sample events. */
export async function openSample(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Sample events" }).click();
  await count(page, "4,000 events");
  await line(page, 0).getByRole("gridcell").nth(2).waitFor();
}

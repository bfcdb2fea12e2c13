// Chromium and the built page, for the tests beside this file.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { preview } from "vite";

const folder = fileURLToPath(new URL("../../www", import.meta.url));

function findChromium(): string {
  const named = process.env.LOGWEIR_CHROMIUM;
  const places = named
    ? [named]
    : ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const found = places.find((place) => existsSync(place));
  if (found) return found;
  throw new Error(
    `These tests need Chromium, and there is none at ${places.join(", ")}.\n` +
      "On Debian: apt-get install --no-install-recommends chromium fonts-dejavu-core\n" +
      "Elsewhere: set LOGWEIR_CHROMIUM to the path of a Chromium or Chrome.\n" +
      "To go without: set LOGWEIR_SKIP_BROWSER=1.",
  );
}

/** True where whoever runs the tests has said that there shall be no browser; says so, too. */
export function skipBrowser(): boolean {
  const skip = process.env.LOGWEIR_SKIP_BROWSER === "1";
  if (skip) console.warn("Skipped: the page's tests (LOGWEIR_SKIP_BROWSER=1).");
  return skip;
}

export interface Stage {
  browser: Browser;
  url: string;
  close(): Promise<void>;
}

/**
 * Serves www/dist as `npm run preview` does, strict Content-Security-Policy included, and starts Chromium. Paths of
 * `proxy` are answered by the addresses there.
 */
export async function openStage(proxy: Record<string, string> = {}): Promise<Stage> {
  if (!existsSync(`${folder}/dist/index.html`))
    throw new Error("www/dist is missing. First: npm run build -w www");
  const executablePath = findChromium();
  const server = await preview({
    root: folder,
    configFile: `${folder}/vite.config.ts`,
    logLevel: "error",
    preview: { host: "127.0.0.1", port: 0, open: false, proxy },
  });
  const url = server.resolvedUrls?.local[0];
  if (!url) throw new Error("the preview server gave no address");
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  const close = async () => {
    await browser.close();
    await server.close();
  };
  return { browser, url, close };
}

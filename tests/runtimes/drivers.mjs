// Real browsers: each opens addresses one after another and gives what the pages wrote into `document.body.dataset`.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium as playwright } from "playwright-core";
import { at } from "../../pkg/tools/shell.mjs";
import { chromium as findChromium, install } from "../../pkg/tools/system.mjs";
import { Skip } from "../common/lanes.mjs";
import { print, tool } from "./project.mjs";

/** Asked until both are there. */
const ready = "document.body?.dataset.page !== undefined && document.body.dataset.worker !== undefined";
const read = "({ page: document.body.dataset.page, worker: document.body.dataset.worker })";

export async function chromium(addresses) {
  const browser = await playwright.launch({
    executablePath: await findChromium(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  try {
    const page = await browser.newPage();
    const answers = [];
    for (const address of addresses) {
      const errors = [];
      page.removeAllListeners();
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
      await page.goto(address);
      // Asked, not waited for in the page: the page's policy lets nobody make code from text there.
      await until(() => page.evaluate(ready), 20_000).catch(() => {});
      const answer = await page.evaluate(read);
      answers.push({ page: errors.join("; ") || undefined, ...JSON.parse(JSON.stringify(answer)) });
    }
    return answers;
  } finally {
    await browser.close();
  }
}

/** Over WebDriver BiDi; the driver needs a newer Node than 20. `asked`: until what holds, and what is read then. */
export async function firefox(addresses, asked = { ready, read }) {
  if (!(await install(["firefox-esr"], "Firefox")))
    throw new Skip("firefox-esr is not installed (Debian: apt-get install firefox-esr)");
  const script = at("tests", "runtimes", "firefox.mjs");
  const args = [
    script,
    tool("puppeteer-core", "lib", "puppeteer", "puppeteer-core.js"),
    asked.ready,
    asked.read,
    ...addresses,
  ];
  return JSON.parse(await print(tool("node24", "bin", "node"), args, { timeout: 180_000 }));
}

const miniBrowser = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";

/** WebKitGTK's own driver, spoken to in plain WebDriver. */
export async function webkit(addresses) {
  if (!(await install(["webkit2gtk-driver", "xvfb", "xauth"], "WebKit")) || !existsSync(miniBrowser))
    throw new Skip("WebKitGTK is not installed (Debian: apt-get install webkit2gtk-driver xvfb xauth)");
  const port = 4000 + (process.pid % 20_000);
  const driver = spawn("xvfb-run", ["--auto-servernum", "WebKitWebDriver", `--port=${port}`], {
    env: { ...process.env, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1", LIBGL_ALWAYS_SOFTWARE: "1" },
    stdio: "ignore",
    detached: true,
  });
  const ask = async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      body: body && JSON.stringify(body),
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`WebKit: ${value?.message ?? response.status}`);
    return value;
  };
  try {
    await until(async () => (await ask("GET", "/status")).ready, 20_000);
    const { sessionId } = await ask("POST", "/session", {
      capabilities: {
        alwaysMatch: { "webkitgtk:browserOptions": { binary: miniBrowser, args: ["--automation"] } },
      },
    });
    const evaluate = (script) =>
      ask("POST", `/session/${sessionId}/execute/sync`, { script: `return ${script}`, args: [] });
    const answers = [];
    for (const url of addresses) {
      await ask("POST", `/session/${sessionId}/url`, { url });
      await until(() => evaluate(ready), 20_000).catch(() => {});
      answers.push(await evaluate(read));
    }
    await ask("DELETE", `/session/${sessionId}`);
    return answers;
  } finally {
    process.kill(-driver.pid, "SIGKILL");
  }
}

async function until(truth, most) {
  for (const end = Date.now() + most; ; ) {
    if (await truth().catch(() => false)) return;
    if (Date.now() > end) throw new Error("gave up waiting");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

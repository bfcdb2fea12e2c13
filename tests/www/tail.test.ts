// The live tail against the forwarder itself, in workerd, with the page served from its origin.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStage, type Stage, skipBrowser } from "./browser.js";
import { line, status, visit } from "./visit.js";

/** Where `npm start` and the forwarder's tests put the simulator. */
const simulator = fileURLToPath(new URL("../../target/forwarder/installed", import.meta.url));
const missing = !existsSync(simulator);
if (missing) console.warn("Skipped: the tail of a real forwarder; `npm start` fetches the simulator.");

interface World {
  url: string | URL;
  post(body: string): Promise<Response>;
  stop(): Promise<void>;
}
interface Worlds {
  start(policy: object, options?: object): Promise<World>;
  allowed(...routes: string[]): object[];
  SECRETS: { TAIL_TOKEN: string };
}

describe.skipIf(missing || skipBrowser())("the tail of a forwarder", () => {
  let stage: Stage;
  let world: World;
  let token: string;
  beforeAll(async () => {
    // Its module is plain JavaScript, and is not compiled with the tests.
    const worlds = (await import(
      new URL("../forwarder/world.mjs", import.meta.url).href
    )) as unknown as Worlds;
    token = worlds.SECRETS.TAIL_TOKEN;
    world = await worlds.start({
      logweir: 1,
      redact: [{ use: ["personal", "secrets"] }],
      routes: [{ name: "archive" }],
      allow: worlds.allowed("archive"),
    });
    stage = await openStage({ "/tail": String(world.url) });
  });
  afterAll(async () => {
    await stage?.close();
    await world?.stop();
  });

  test("what it takes is shown as it comes, redacted, to whoever has the token", async () => {
    const listen = async (page: Parameters<Parameters<typeof visit>[1]>[0], secret: string) => {
      await page.getByRole("button", { name: "Open", exact: true }).click();
      await page.getByRole("menuitem", { name: "Live tail…" }).click();
      const dialog = page.getByRole("dialog", { name: "Live tail" });
      await dialog.getByLabel("Token").fill(secret);
      await dialog.getByRole("button", { name: "Listen" }).click();
    };
    await visit(
      stage,
      async (page) => {
        await listen(page, "wrong");
        await page.getByRole("alert").getByText("401").waitFor();
        await listen(page, token);
        await page.getByText(/Listening/).waitFor();
        const event = {
          log_level: "ERROR",
          source: "job",
          date_time: "2026-05-04T06:00:00Z",
          user_id: 77,
          data: JSON.stringify({ message: "refused", to: "ada@example.com" }),
        };
        for (let post = 0; post < 2; post++) {
          const answer = await world.post(`${JSON.stringify(event)}\n`);
          expect(answer.ok).toBe(true);
        }
        await expect.poll(() => status(page).textContent()).toMatch(/^\s*2 events/);
        await line(page, 0).click();
        const shown = page.getByRole("complementary", { name: "Event" });
        await shown.getByText("workato", { exact: false }).first().waitFor();
        expect(await shown.textContent()).not.toContain("ada@");
        await page.getByRole("button", { name: "Stop" }).click();
        await page.getByText(/Listening/).waitFor({ state: "detached" });
        await expect.poll(() => status(page).textContent()).toMatch(/^\s*2 events/);
      },
      { expected: /401/ },
    );
  });
});

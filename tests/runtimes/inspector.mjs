// The built inspector in Firefox: it opens sample events, searches them, and shows what it found.
import { existsSync } from "node:fs";
import { preview } from "vite";
import { at } from "../../pkg/tools/shell.mjs";
import { Skip } from "../common/lanes.mjs";
import { firefox } from "./drivers.mjs";

const status = "document.querySelector('footer [role=status]')?.textContent.trim() ?? ''";
const asked = {
  ready: `/ of 4,000 /.test(${status})`,
  read: `({ status: ${status}, cells: document.querySelectorAll("[role=gridcell]").length })`,
};

export const inspector = [
  {
    name: "Firefox: the inspector",
    long: true,
    async run() {
      const root = at("www");
      if (!existsSync(at("www", "dist", "index.html")))
        throw new Skip("it is not built (npm run build -w www)");
      const server = await preview({
        root,
        configFile: at("www", "vite.config.ts"),
        logLevel: "error",
        preview: { host: "127.0.0.1", port: 0, open: false },
      });
      try {
        const [url = ""] = server.resolvedUrls?.local ?? [];
        const [answer] = await firefox([`${url}#sample=1&q=%40status%3Afailed`], asked);
        const found = Number(/^(\d+) of/.exec(answer.status)?.[1] ?? 0);
        if (found === 0 || answer.cells < 20) throw new Error(`it shows ${JSON.stringify(answer)}`);
        return answer.status;
      } finally {
        await server.close();
      }
    },
  },
];

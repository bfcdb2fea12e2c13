// Pages with the package in them, bundled and not, served under a strict policy and opened in real browsers. Each shows its
// own answer and that of a Web Worker.
import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { pageEntry, pages, workerEntry } from "./bundlers.mjs";
import { chromium, firefox, webkit } from "./drivers.mjs";
import { folder, project, same } from "./project.mjs";
import { forwarder, sendingPages } from "./sends.mjs";

const types = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** The import map of the page without a bundler; the Web Worker has none, and imports by path. */
const map = JSON.stringify({
  imports: {
    logweir: "/node_modules/logweir/dist/entry/inline.js",
    "logweir/send": "/node_modules/logweir/dist/send/index.js",
  },
});
const hash = createHash("sha256").update(map).digest("base64");
export const policy = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-${hash}'; worker-src 'self'; connect-src 'self' http://127.0.0.1:*`;

/** Serves the folder of all projects; gives its origin and how to stop. */
async function serve() {
  const server = createServer(({ url }, response) => {
    const path = join(folder, normalize(decodeURIComponent(new URL(url, "http://localhost").pathname)));
    const file = path.endsWith("/") ? `${path}index.html` : path;
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return response.writeHead(404).end();
    const type = types[extname(file)] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type, "content-security-policy": policy });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}

function plain() {
  const imports = workerEntry.replace(`"logweir"`, `"/node_modules/logweir/dist/entry/inline.js"`);
  project("plain", {
    "index.html": `<!doctype html><meta charset="utf-8"><title>Logweir</title><script type="importmap">${map}</script>
<body><script type="module" src="main.js"></script>\n`,
    "main.js": pageEntry(`"worker.js"`),
    "worker.js": imports,
  });
  return "plain";
}

let made;
/** The pages by name, bundled once. */
const bundled = () =>
  (made ??= (async () => {
    const names = { "a plain page": plain() };
    for (const [name, make] of Object.entries(pages)) names[name] = await make();
    return names;
  })());

function browser(name, open, long) {
  return {
    name,
    long,
    async run() {
      const names = await bundled();
      const { origin, stop } = await serve();
      try {
        const answers = await open(Object.values(names).map((path) => `${origin}/${path}/`));
        for (const [index, title] of Object.keys(names).entries()) {
          for (const place of ["page", "worker"]) {
            await same(answers[index][place] ?? "nothing").catch((error) => {
              throw new Error(`${title}, ${place}: ${error.message}`);
            });
          }
        }
        return `${Object.keys(names).join(", ")}; each with a Web Worker`;
      } finally {
        stop();
      }
    },
  };
}

/** Pages that are left while records wait. */
function sending(name, open, long) {
  return {
    name: `${name}: logweir/send`,
    long,
    async run() {
      const [{ origin, stop }, to] = [await serve(), await forwarder()];
      try {
        const query = `?to=${encodeURIComponent(`${to.origin}/in/send`)}`;
        const answers = await open(sendingPages(map).map((path) => `${origin}/${path}/${query}`));
        const fault = await to.fault();
        if (fault) throw new Error(`${fault}; the pages said ${JSON.stringify(answers)}`);
        return "after a failure, as the page is left, by keepalive and by beacon";
      } finally {
        to.stop();
        stop();
      }
    },
  };
}

export const browsers = [
  { name: "Chromium", open: chromium, long: false },
  { name: "Firefox", open: firefox, long: true },
  { name: "WebKit", open: webkit, long: true },
].flatMap(({ name, open, long }) => [browser(name, open, long), sending(name, open, long)]);

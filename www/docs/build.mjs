// The documentation as pages: node www/docs/build.mjs. They go into www/dist/docs, beside the built page.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, posix, relative } from "node:path";
import { build } from "esbuild";
import MiniSearch from "minisearch";
import { at, isMain, mainly, Stop, step } from "../../pkg/tools/shell.mjs";
import { pages, sections } from "./contents.mjs";
import { figures } from "./figures.mjs";
import { render } from "./markdown.mjs";
import { layout } from "./page.mjs";
import { writeReference } from "./reference.mjs";

const here = at("www", "docs");
const out = at("www", "dist", "docs");
const rust = join(process.env.CARGO_TARGET_DIR ?? at("target"), "doc");

export async function buildDocs() {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const reference = [{ title: "TypeScript API", path: "api/index.html" }];
  if (existsSync(join(rust, "logweir", "index.html"))) {
    cpSync(rust, join(out, "rust"), { recursive: true });
    reference.push({ title: "Rust API", path: "rust/logweir/index.html" });
  }
  if (existsSync(at("www", "bench.json"))) reference.push({ title: "Figures", path: "figures.html" });
  const written = [...pages.map(manual), ...(await api())];
  if (existsSync(at("www", "bench.json"))) written.push(figures());
  const index = new MiniSearch(await indexOptions());
  for (const page of written) {
    const path = join(out, page.path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, layout(page, reference));
    index.addAll(entries(page));
  }
  const front = {
    path: "index.html",
    title: "Documentation",
    about: "Guides, manuals and reference of Logweir.",
    html: overview(reference),
  };
  writeFileSync(join(out, front.path), layout(front, reference));
  writeFileSync(join(out, "search.json"), JSON.stringify(index));
  await build({
    entryPoints: ["docs.ts", "docs.css", "search.ts"].map((name) => join(here, name)),
    outdir: out,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    external: ["./search.js"],
    logLevel: "error",
  });
}

/** The parts of a page; those of the reference are many, and found by their page alone. */
function entries({ path, title, parts }) {
  if (path.startsWith("api/")) {
    const text = parts.map((part) => `${part.title} ${part.text}`).join(" ");
    return [{ id: path, title, page: "TypeScript API", text }];
  }
  return parts.map((part, number) => ({
    id: number === 0 ? path : `${path}#${part.id}`,
    title: part.title,
    page: title,
    text: part.text,
  }));
}

/** What the page that searches has, too. */
async function indexOptions() {
  const { outputFiles } = await build({
    entryPoints: [join(here, "index-options.ts")],
    write: false,
    format: "esm",
  });
  const [{ text }] = outputFiles;
  return (await import(`data:text/javascript,${encodeURIComponent(text)}`)).options;
}

/** A guide or a manual. */
function manual({ slug, source, about }) {
  const resolve = (href) => {
    if (/^(https?:|#)/.test(href)) return href;
    const [path, anchor] = href.split("#");
    const page = pages.find((each) => basename(each.source) === basename(path));
    if (page) return `${page.slug}.html${anchor ? `#${anchor}` : ""}`;
    if (existsSync(at(posix.join(dirname(source), path)))) return undefined; // a file of the repository
    throw new Stop(`${source}: there is no ${href}`);
  };
  return { path: `${slug}.html`, about, ...render(readFileSync(at(source), "utf8"), resolve) };
}

/** The reference, from the comments of the sources. */
async function api() {
  const folder = at("target", "api");
  await writeReference(folder);
  const files = readdirSync(folder, { recursive: true }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
  return files.sort().map((name) => {
    const resolve = (href) => (/^(https?:|#)/.test(href) ? href : href.replace(/\.md(?=$|#)/, ".html"));
    const path = `api/${relative(folder, join(folder, name)).replaceAll("\\", "/").replace(/\.md$/, ".html")}`;
    // What is exported as a type alone is told to be an interface, though it is a class: the name will do.
    const text = readFileSync(join(folder, name), "utf8").replace(/^# [A-Z][A-Za-z ]+: /, "# ");
    const { html, ...page } = render(text, resolve);
    return { path, ...page, html: trail(path) + html };
  });
}

/** Where a name of the reference belongs. */
function trail(path) {
  const entry = /^api\/(.+)\/[\w-]+\/[^/]+$/.exec(path)?.[1];
  return entry === undefined || path.endsWith("/index.html")
    ? ""
    : `<p class="trail"><a href="../index.html">${entry}</a></p>\n`;
}

function overview(reference) {
  const groups = sections.map(
    ({ title, pages }) =>
      `<h2>${title}</h2>\n<dl>${pages.map((page) => `<dt><a href="${page.slug}.html">${page.title}</a></dt><dd>${page.about}</dd>`).join("\n")}</dl>`,
  );
  const links = reference.map(({ title, path }) => `<li><a href="${path}">${title}</a></li>`);
  return `<h1>Documentation</h1>
<p>Logweir recognises, validates and redacts log and audit events before they leave: bytes in, bytes out, by one policy.</p>
${groups.join("\n")}
<h2>Reference</h2>
<ul>${links.join("\n")}</ul>
`;
}

if (isMain(import.meta.url)) await mainly(() => step("Writing the documentation", buildDocs));

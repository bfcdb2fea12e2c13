// One page: landmarks, navigation, and what is on it. It can be read without any script.
import { sections } from "./contents.mjs";

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/**
 * @param {{ path: string, title: string, about?: string, html: string, headings?: { id: string, depth: number, text: string }[] }} page
 *   `path` from the folder of the documentation, such as `api/index.html`
 * @param {{ title: string, path: string }[]} reference links to what is not written by hand
 */
export function layout({ path, title, about, html, headings = [] }, reference) {
  const up = "../".repeat(path.split("/").length - 1);
  const link = (to, text) =>
    `<li><a href="${up}${to}"${to === path ? ' aria-current="page"' : ""}>${escaped(text)}</a></li>`;
  const groups = [
    ...sections.map(({ title, pages }) => ({
      title,
      links: pages.map((page) => link(`${page.slug}.html`, page.title)),
    })),
    { title: "Reference", links: reference.map((each) => link(each.path, each.title)) },
  ];
  const parts = headings.filter(({ depth }) => depth === 2);
  const contents =
    parts.length < 3
      ? ""
      : `<details class="parts"><summary>On this page</summary><ul>${parts
          .map(({ id, text }) => `<li><a href="#${id}">${escaped(text)}</a></li>`)
          .join("")}</ul></details>\n`;
  const [head, ...rest] = html.split("</h1>");
  const body = rest.length > 0 ? `${head}</h1>\n${contents}${rest.join("</h1>")}` : html;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${about ? `<meta name="description" content="${escaped(about)}">\n` : ""}<title>${escaped(title)} · Logweir</title>
<link rel="icon" href="${up}../icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${up}docs.css">
<script type="module" src="${up}docs.js"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the text</a>
<header>
<p class="name"><a href="${up}index.html">Logweir</a></p>
<search hidden data-root="${up || "./"}"><label for="site-search">Search</label>
<input id="site-search" type="search" autocomplete="off" spellcheck="false" aria-describedby="site-found" aria-keyshortcuts="/">
<p id="site-found" role="status"></p>
<ul id="site-results" hidden></ul></search>
<p class="to-contents"><a href="#site-contents">Contents</a></p>
</header>
<main id="main" tabindex="-1">
${body}</main>
<nav id="site-contents" aria-label="Documentation">
${groups.map(({ title, links }) => `<p class="group">${title}</p>\n<ul>${links.join("\n")}</ul>`).join("\n")}
<p class="group">Try it</p>
<ul><li><a href="${up}../index.html">A policy on events of yours</a></li></ul>
</nav>
</body>
</html>
`;
}

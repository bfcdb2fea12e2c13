// Markdown to HTML: anchors at headings and problem codes, links to pages, no HTML of its own.
import { Marked } from "marked";

const escaped = (text) =>
  text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);

const CODE = /^([A-Z]\d{3})\b/;

/**
 * @param {string} source
 * @param {(href: string) => string | undefined} resolve what a link leads to; nothing: it is left out
 * @returns {{ html: string, title: string, headings: { id: string, depth: number, text: string }[], parts: { id: string, title: string, text: string }[] }}
 *   `parts`: the text below each heading, for the search
 */
export function render(source, resolve) {
  const headings = [];
  const parts = [];
  const taken = new Set();
  const slug = (text) => {
    const base = CODE.exec(text)?.[1].toLowerCase() ?? slugOf(text);
    let id = base;
    for (let n = 1; taken.has(id); n += 1) id = `${base}-${n}`;
    taken.add(id);
    return id;
  };
  const place = (id) => {
    taken.add(id);
    return `<a id="${escaped(id)}">`;
  };
  const renderer = {
    heading({ tokens, depth }) {
      const inner = this.parser.parseInline(tokens);
      const text = textOf(tokens);
      const id = slug(text);
      headings.push({ id, depth, text });
      parts.push({ id, title: text, text: "" });
      if (depth === 1) return `<h1 id="${id}">${inner}</h1>\n`;
      return `<h${depth} id="${id}">${inner} <a class="anchor" href="#${id}" aria-label="Link to ${escaped(text)}">#</a></h${depth}>\n`;
    },
    code({ text, lang = "" }) {
      const [language, ...name] = lang.split(" ");
      const file = name.join(" ");
      note(text);
      const caption = file ? `<figcaption>${escaped(file)}</figcaption>` : "";
      const wide = text.split("\n").some((line) => line.length > 34) ? ' tabindex="0"' : "";
      const body = `<pre${wide}><code class="language-${escaped(language || "text")}">${escaped(text)}</code></pre>`;
      return caption ? `<figure>${caption}${body}</figure>\n` : `${body}\n`;
    },
    table({ header, rows }) {
      const cells = (row, name) =>
        row.map(({ tokens }) => cell(this.parser.parseInline(tokens), name)).join("");
      const head = header.some(({ text }) => text) ? `<thead><tr>${cells(header, "th")}</tr></thead>` : "";
      const body = rows.map((row) => {
        const text = row.map(({ tokens }) => textOf(tokens));
        const code = CODE.exec(text[0] ?? "")?.[1];
        const id = code && !taken.has(code.toLowerCase()) ? slug(code) : undefined;
        if (id) parts.push({ id, title: code, text: text.slice(1).join(" ") });
        else note(text.join(" "));
        return `<tr${id ? ` id="${id}"` : ""}>${cells(row, "td")}</tr>`;
      });
      return `<div class="wide" tabindex="0" role="group" aria-label="Table"><table>${head}<tbody>${body.join("\n")}</tbody></table></div>\n`;
    },
    paragraph({ tokens }) {
      note(textOf(tokens));
      return `<p>${this.parser.parseInline(tokens)}</p>\n`;
    },
    listitem(item) {
      note(textOf(item.tokens));
      return `<li>${this.parser.parse(item.tokens, item.loose)}</li>\n`;
    },
    link({ href, tokens }) {
      const inner = this.parser.parseInline(tokens);
      const to = resolve(href);
      return to === undefined ? inner : `<a href="${escaped(to)}">${inner}</a>`;
    },
    html({ text }) {
      // What the reference puts in: a place to link to, a new line.
      const id = /^<a id="([^"]+)">(<\/a>)?$/.exec(text.trim())?.[1];
      if (id) return taken.has(id) ? "<a>" : place(id);
      if (/^(<br ?\/?>|<\/a>)$/.test(text.trim())) return text;
      return text.startsWith("<!--") ? "" : escaped(text);
    },
  };
  const note = (text) => {
    const part = parts.at(-1);
    if (part) part.text += ` ${text}`;
  };
  const html = new Marked({ gfm: true, renderer }).parse(source.replace(/<!--[\s\S]*?-->\n?/g, ""));
  return { html, title: headings.find(({ depth }) => depth === 1)?.text ?? "", headings, parts };
}

/** An anchor as GitHub makes it. */
export const slugOf = (text) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");

/** A corner with nothing in it heads nothing. */
const cell = (html, name) => (html ? `<${name}>${html}</${name}>` : "<td></td>");

/** What a reader sees of tokens. */
function textOf(tokens) {
  return tokens
    .map((token) =>
      token.type === "html" ? "" : token.tokens ? textOf(token.tokens) : plain(token.text ?? ""),
    )
    .join("");
}

const plain = (text) =>
  text.replace(
    /&(amp|lt|gt|quot|#39);/g,
    (_, name) => ({ amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" })[name],
  );

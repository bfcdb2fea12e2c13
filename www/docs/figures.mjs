// The page of figures, from www/bench.json, which `npm run bench` writes: ratios drawn and written, never a time alone.
import { readFileSync } from "node:fs";
import { at } from "../../pkg/tools/shell.mjs";

const WIDTH = 320;
const HEIGHT = 18;

const escaped = (text) =>
  String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
const written = (number) =>
  number >= 100 ? number.toFixed(0) : number >= 10 ? number.toFixed(1) : number.toFixed(2);
const kilobytes = (bytes) => `${(bytes / 1024).toFixed(bytes < 10_240 ? 1 : 0)} KB`;

/** The page, as the builder takes it. */
export function figures() {
  const { date, machine, versions, sizes, suites } = JSON.parse(
    readFileSync(at("www", "bench.json"), "utf8"),
  );
  const headings = [];
  const parts = [];
  const heading = (text, id = text.toLowerCase().replace(/[^a-z]+/g, "-")) => {
    headings.push({ id, depth: 2, text });
    parts.push({ id, title: text, text: "" });
    return `<h2 id="${id}">${escaped(text)}</h2>`;
  };
  const html = [
    "<h1>Figures</h1>",
    `<p>Measured on ${date}, on ${machine.cores} cores of ${escaped(machine.processor ?? "a machine that does not say")}
(${machine.platform}), with Node ${versions.node} (V8 ${versions.v8}). Every figure is the median of rounds in which all rows
run one after another in one process, after their answers were checked; the thin line is the range of the rounds. Make your
own: <code>npm run bench</code>.</p>`,
    heading("What was wanted"),
    bars(suites.flatMap((suite) => suite.bars)),
    heading("Sizes"),
    ceilings(sizes),
    ...suites.flatMap(({ title, command, tables }) => [
      ...(tables.length > 0 ? [heading(title), `<p><code>${escaped(command)}</code></p>`] : []),
      ...tables.map(chart),
    ]),
    heading("Versions"),
    table(["package", "version"], Object.entries(versions)),
  ];
  const about = "Ratios to JSON.parse and to other libraries, sizes, and what was wanted.";
  return { path: "figures.html", title: "Figures", about, html: html.join("\n"), headings, parts };
}

function bars(all) {
  const rows = all.map(({ what, figure, least, most, reached }) => [
    what,
    written(figure),
    least === undefined ? `at most ${written(most)}` : `at least ${written(least)}`,
    reached ? "reached" : "missed",
  ]);
  return table(["what", "figure", "wanted", "result"], rows);
}

function ceilings({ raw, gzip, brotli, ceilings }) {
  const rows = Object.entries(ceilings).map(([name, { max, why }]) => [name, kilobytes(max), why]);
  return `<p>The core's wasm: ${kilobytes(gzip)} with gzip, ${kilobytes(brotli)} with brotli, ${kilobytes(raw)} as it is.</p>
${table(["ceiling", "at most", "why"], rows)}`;
}

function table(head, rows) {
  const cells = (row) => row.map((cell) => `<td>${escaped(cell)}</td>`).join("");
  return `<div class="wide" tabindex="0" role="group" aria-label="Table"><table>
<thead><tr>${head.map((name) => `<th scope="col">${escaped(name)}</th>`).join("")}</tr></thead>
<tbody>${rows.map((row) => `<tr>${cells(row)}</tr>`).join("\n")}</tbody>
</table></div>`;
}

/** Rows with a bar each; a line marks 1. */
function chart({ on, base, rows }) {
  const most = Math.max(1, ...rows.map(({ high, ratio }) => high ?? ratio ?? 0));
  const x = (ratio) => ((ratio / most) * WIDTH).toFixed(1);
  const drawn = ({
    ratio,
    low,
    high,
  }) => `<svg class="bar" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" aria-hidden="true">
<rect class="ratio" y="3" width="${x(ratio)}" height="${HEIGHT - 6}"/>${
    low === undefined
      ? ""
      : `<line class="range" x1="${x(low)}" x2="${x(high)}" y1="${HEIGHT / 2}" y2="${HEIGHT / 2}"/>`
  }<line class="one" x1="${x(1)}" x2="${x(1)}" y2="${HEIGHT}"/></svg>`;
  const row = (each) =>
    each.skip
      ? `<tr><th scope="row">${escaped(each.name)}</th><td>–</td><td>${escaped(each.skip)}</td></tr>`
      : `<tr><th scope="row">${escaped(each.name)}</th><td>${written(each.ratio)}</td><td>${drawn(each)}</td></tr>`;
  return `<div class="wide" tabindex="0" role="group" aria-label="Figures on ${escaped(on)}"><table class="figures">
<caption>${escaped(on)}; 1.00 is ${escaped(base)}</caption>
<thead><tr><th scope="col">row</th><th scope="col">ratio</th><td aria-hidden="true"></td></tr></thead>
<tbody>${rows
    .filter(({ ratio, skip }) => skip || ratio !== undefined)
    .map(row)
    .join("\n")}</tbody>
</table></div>`;
}

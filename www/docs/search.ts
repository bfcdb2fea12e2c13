// Finds pages and their parts in the index that was made when the pages were.
import MiniSearch from "minisearch";
import { options } from "./index-options.js";

const MOST = 12;

/** Answers what is typed; arrows go through what was found, Escape leaves. */
export async function attach(search: HTMLElement, field: HTMLInputElement): Promise<void> {
  const root = new URL(search.dataset.root ?? "./", location.href);
  const found = search.querySelector("#site-found") as HTMLElement;
  const list = search.querySelector("#site-results") as HTMLUListElement;
  const answer = await fetch(new URL("search.json", root));
  if (!answer.ok) {
    found.textContent = "The search cannot be loaded";
    return;
  }
  const index = MiniSearch.loadJSON(await answer.text(), options);

  const show = () => {
    const text = field.value.trim();
    const results = text
      ? index.search(text, { prefix: true, fuzzy: (term) => (term.length > 4 ? 0.2 : false) })
      : [];
    list.replaceChildren(
      ...results.slice(0, MOST).map(({ id, title, page }) => entry(new URL(id, root), title, page)),
    );
    list.hidden = results.length === 0;
    const count = results.length > MOST ? `best ${MOST} of ${results.length}` : `${results.length} found`;
    found.textContent = text ? count : "";
  };
  const leave = () => {
    field.value = "";
    show();
    field.focus();
  };
  field.addEventListener("input", show);
  search.addEventListener("keydown", (event) => {
    const links = [...list.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement as HTMLAnchorElement);
    if (event.key === "Escape") leave();
    else if (event.key === "ArrowDown") (links[at + 1] ?? links.at(-1))?.focus();
    else if (event.key === "ArrowUp") (links[at - 1] ?? field).focus();
    else if (event.key === "Enter" && at < 0) links[0]?.click();
    else return;
    event.preventDefault();
  });
  show();
}

function entry(url: URL, title: string, page: string): HTMLLIElement {
  const [item, link, place] = [
    document.createElement("li"),
    document.createElement("a"),
    document.createElement("span"),
  ];
  link.href = url.href;
  link.textContent = title;
  place.textContent = page;
  place.className = "quiet";
  if (page !== title) link.append(place);
  item.append(link);
  return item;
}

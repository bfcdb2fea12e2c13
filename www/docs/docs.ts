// The search field of every page. What searches, and what is searched, is loaded when the field is first used.
const search = document.querySelector("search") as HTMLElement;
const field = document.querySelector("#site-search") as HTMLInputElement;

search.hidden = false;
field.addEventListener("focus", begin, { once: true });
document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof HTMLInputElement;
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  field.focus();
});

async function begin(): Promise<void> {
  const { attach } = await import("./search.js");
  await attach(search, field);
}

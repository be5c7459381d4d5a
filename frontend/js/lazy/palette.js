// The palette: what is typed is asked of the server, the last question wins; arrows choose, Enter does, Escape closes.
import { $, $$, ours, recent } from "../dom.js";

const palette = $("#palette"), box = $("#pal-q"), list = $("#pal-list");
let at = 0, asking = null, answered = Promise.resolve();

const options = () => $$("[role=option]", list);

function mark(to) {
  const all = options();
  at = all.length ? (to + all.length) % all.length : -1;
  all.forEach((option, n) => option.setAttribute("aria-selected", n === at));
  box.setAttribute("aria-expanded", all.length > 0);
  if (all[at]) box.setAttribute("aria-activedescendant", all[at].id);
  else box.removeAttribute("aria-activedescendant");
  all[at]?.scrollIntoView({ block: "nearest" });
}

async function fetched(signal) {
  const asked = new URLSearchParams({ q: box.value, at: location.pathname, recent: recent() });
  try {
    const answer = await ours(`/palette/?${asked}`, { signal });
    if (answer.status === 401) location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
    if (!answer.ok) return;
    list.innerHTML = await answer.text();
  } catch (error) {
    if (error.name !== "AbortError") document.dispatchEvent(new Event("htmx:error"));
    return;
  }
  window.htmx.process(list);
  list.scrollTop = 0;
  mark(0);
}

export function ask() {
  asking?.abort();
  asking = new AbortController();
  answered = fetched(asking.signal);
}

/* the element on the page that does it, where there is one, else the way the option itself leads */
list.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (!option || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const there = option.dataset.click && $(option.dataset.click);
  if (there || option.matches("[hx-get], [hx-post]")) palette.close();
  if (!there) return;
  event.preventDefault();
  event.stopPropagation();
  if (there.matches("textarea, input")) there.focus();
  else there.click();
}, true);

let soon;
box.addEventListener("input", () => {
  clearTimeout(soon);
  answered = new Promise((done) => {
    soon = setTimeout(() => { ask(); answered.then(done); }, 90);
  });
});
palette.addEventListener("keydown", async (event) => {
  if (event.isComposing || event.target !== box) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step && event.key !== "Enter") return;
  event.preventDefault();
  if (step) return mark(at + step);
  await answered;
  if (palette.open) options()[at]?.click();
});
/* opened again it begins anew */
palette.addEventListener("close", () => {
  clearTimeout(soon);
  asking?.abort();
  box.value = "";
  list.replaceChildren();
});

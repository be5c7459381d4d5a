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

/* what the page shows that can be done is offered as well, so that whatever a panel brings is here by itself and nothing
   else; not what belongs to a line of a table or of the history, nor what sends a form that is to be filled first, nor a
   list's views, which the server offers */
const ACTS = "main :is(button, a, label):is(.btn, .ib, .chip, .opt), #record [data-key]";
const APART = "tbody, .tl, ms-composer, ms-live, [data-menu], #menu-row, .edit, [aria-current], :disabled, [popover] form :is(.btn, .ib), [id$=more-views]";
const MOST = 12;
const words = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
const line = (text) => text.replace(/\s+/g, " ").trim();

function acts(typed) {
  return $$(ACTS).filter((act) => !act.matches(APART) && !act.closest(APART)).flatMap((act) => {
    const menu = act.closest("[popover]");
    const by = menu && $(`[popovertarget="${menu.id}"]`);
    const seen = menu ? typed.length && by : act;
    const label = line(act.ariaLabel ?? act.innerText);
    const about = menu ? line($(".pop-h", menu)?.textContent ?? "") : "";
    const there = words(`${label} ${about}`);
    const fits = typed.every((one) => there.some((word) => word.startsWith(one)));
    return label && fits && seen && (seen.checkVisibility() || act.dataset.key) ? [{ act, label, about, by }] : [];
  });
}

function offer() {
  const here = $("#pal-here", list);
  if (!here) return;
  const named = $$("[role=option] .grow", list).map((one) => one.textContent);
  const typed = words(box.value);
  if (!typed.length && box.value.trim()) return; // nothing is called by a sign alone
  for (const { act, label, about, by } of acts(typed)) {
    if (named.includes(label + about) || here.children.length > MOST) continue;
    named.push(label + about);
    const option = Object.assign(document.createElement("a"), { className: "opt", role: "option", tabIndex: -1, id: `pal-p${named.length}`, act });
    const glyph = ($("svg", act) ?? (by && $("svg", by)) ?? $("#palette .pal-in svg")).cloneNode(true);
    ["width", "height"].forEach((name) => glyph.setAttribute(name, 16));
    const said = (text, css) => Object.assign(document.createElement("span"), { className: css, textContent: text, dir: "auto" });
    option.append(glyph, said(label, "grow trunc"), about && said(about, "muted t12"));
    here.append(option);
    here.hidden = false;
  }
}

/* told in it, for it lies over the edge of the page where such is told else */
function away() {
  list.replaceChildren(Object.assign(document.createElement("p"), { className: "err", role: "alert", textContent: document.body.dataset.offline }));
}

async function fetched(signal) {
  let chosen;
  const asked = new URLSearchParams({ q: box.value, at: location.pathname, recent: recent(), row: $("ms-list tr.cur")?.id ?? "" });
  try {
    const answer = await ours(`/palette/?${asked}`, { signal });
    if (answer.status === 401) return (await import("./signin.js")).signIn().then(() => { ask(); return answered; }, () => palette.close());
    if (!answer.ok) return away();
    const text = await answer.text();
    /* who has walked through the lines before stays on theirs, where it is among the new ones */
    chosen = at > 0 && options()[at]?.textContent;
    list.innerHTML = text;
    offer();
  } catch (error) {
    if (error.name !== "AbortError") away();
    return;
  }
  window.htmx.process(list);
  mark(Math.max(0, options().findIndex((one) => one.textContent === chosen)));
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
  const there = option.act ?? (option.dataset.click && $(option.dataset.click));
  if (there || option.matches("[hx-get], [hx-post]")) palette.close();
  if (!there) return;
  event.preventDefault();
  event.stopPropagation();
  there.focus();
  if (there.matches("textarea, input")) return;
  there.click();
  const opened = there.popoverTargetElement ?? list;
  ($("[autofocus]", opened) ?? $(".opt, .in", opened))?.focus();
}, true);

let soon;
box.addEventListener("input", () => {
  clearTimeout(soon);
  mark(0);
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
/* the word of the closing comes late: who has opened it again by then has begun anew */
palette.addEventListener("close", () => {
  if (palette.open) return;
  clearTimeout(soon);
  asking?.abort();
  list.replaceChildren();
});

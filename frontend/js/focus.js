// Focus is never lost: where what had it is gone after a part of the page was drawn anew, after the dialog closed, or after
// another view of the same page has come, it goes to the next of its kind, or to the place the list stood.
import { $, $$, me } from "./dom.js";

const KEPT = `focus:${me}`;
const FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary";
const lost = () => !document.activeElement || document.activeElement === document.body;
const named = (one) => one.localName + (one.classList[0] ? `.${CSS.escape(one.classList[0])}` : "") + (one.name ? `[name="${CSS.escape(one.name)}"]` : "");
const says = (one) => one.ariaLabel ?? (one.firstElementChild ?? one).textContent;
const seen = (one) => one.checkVisibility({ visibilityProperty: true });

/* where something stands, in words that hold when it is gone: its places from the nearest on, and how many of its kind are before it */
function trail(one) {
  if (!one || one === document.body) return null;
  const kind = `${named(one.parentElement)} > ${named(one)}`;
  const places = [];
  for (let place = one.parentElement?.closest("[id]"); place; place = place.parentElement?.closest("[id]")) {
    places.push([place.id, $$(kind, place).indexOf(one)]);
  }
  return { one: new WeakRef(one), id: one.id, kind, says: says(one), places };
}

function back({ one, id, kind, says: said, places }, how) {
  const itself = one?.deref?.();
  const there = [itself?.isConnected && itself, id && document.getElementById(id)].find((each) => each && seen(each));
  if (there) return there.focus(how);
  for (const [name, at] of places) {
    const place = document.getElementById(name);
    const like = place ? $$(kind, place).filter(seen) : [];
    const next = like.find((each) => says(each) === said) ?? like[Math.min(at, like.length - 1)]
      ?? (place && $$(FOCUSABLE, place).find(seen));
    if (next) return next.focus(how);
  }
  $("main")?.focus(how);
}

const still = { preventScroll: true };
let held = null, opened = null;
document.addEventListener("htmx:before:swap", () => { held = trail(document.activeElement) ?? held; });
/* what knows a better place has put it there by then: a list its row, a menu its field */
document.addEventListener("htmx:after:swap", () => queueMicrotask(() => {
  if (held && lost()) back(held, still);
  held = null;
}));
/* what opened the dialog may have gone meanwhile */
addEventListener("beforetoggle", ({ target, newState }) => { if (target.id === "dialog" && newState === "open") opened = trail(document.activeElement); }, true);
addEventListener("close", ({ target }) => {
  if (target.id === "dialog" && opened && (lost() || target.contains(document.activeElement))) back(opened, still);
}, true);

/* another view of the same page, asked for by keys */
function leaves(address) {
  const focused = document.activeElement;
  if (!me || address.origin !== location.origin || address.pathname !== location.pathname || !focused.matches(":focus-visible")) return;
  sessionStorage.setItem(KEPT, JSON.stringify({ path: location.pathname, ...trail(focused) }));
}
addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (link && !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.shiftKey && !link.hash) leaves(new URL(link.href));
});
addEventListener("submit", ({ target, defaultPrevented }) => {
  if (!defaultPrevented && target.method === "get") leaves(new URL(target.action));
});
const came = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
sessionStorage.removeItem(KEPT);
if (came?.path === location.pathname && lost() && !$(".errsum[autofocus]")) back(came);

// What surrounds every page: the palette and the sheet of keys (fetched when first wanted), keys that an element names
// by `data-key` (those of a list or a record are its own), G and a letter for what one names by `data-go`, the inbox
// below the bell.
import { $, $$, letters, me, recent, typing } from "./dom.js";

const palette = $("#palette");
const closed = () => !$("dialog[open], [popover]:popover-open");

async function open() {
  if (!palette || palette.open) return palette?.close();
  $(":popover-open")?.hidePopover();
  $("#pal-q").value = "";
  palette.showModal();
  const lines = await import("./lazy/palette.js").catch(() => {});
  if (lines) lines.ask();
  else $("#pal-list").textContent = document.body.dataset.offline;
}
/* what is printed says when that was, by the reader's own clock */
addEventListener("beforeprint", () => $$("[data-printed]").forEach((e) => {
  e.textContent = new Date().toLocaleString(document.documentElement.lang, { timeZone: e.dataset.printed, dateStyle: "medium", timeStyle: "short" });
}));
async function help() {
  $(":popover-open")?.hidePopover();
  (await import("./lazy/keys.js")).show();
}
document.addEventListener("click", (event) => {
  const on = (selector) => event.target.closest(selector);
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const act = on("[data-palette]") && palette ? open : on("[data-help]") ? help : null;
  if (act) {
    event.preventDefault();
    act();
  }
  const sheet = on("#palette, #keys");
  if (sheet && (event.target === sheet || on("[data-close]"))) sheet.close();
});

/* the bell is a link; with a script what is behind it comes here */
document.addEventListener("click", (event) => {
  const bell = event.target.closest("[data-pops]");
  const menu = bell && document.getElementById(bell.dataset.pops);
  if (!menu || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  /* known as what opened it, the bell closes it, too, and gets the focus back */
  menu.togglePopover({ source: bell });
});
document.addEventListener("toggle", (event) => {
  $(`[data-pops="${event.target.id}"]`)?.setAttribute("aria-expanded", event.newState === "open");
}, true);

let after = 0;
document.addEventListener("keydown", (event) => {
  if ((event.metaKey || event.ctrlKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k" && palette) {
    event.preventDefault();
    return open();
  }
  if (!letters() || typing(event) || event.metaKey || event.ctrlKey || event.altKey || !closed()) return;
  const chord = Date.now() < after;
  after = 0;
  const named = (name) => $$(`[data-${name}="${CSS.escape(event.key)}"]`).filter((one) => one.matches("[data-help]") || (one.checkVisibility() && !one.closest("[inert]")));
  if (event.key === "g" && !chord && $("[data-go]")) {
    after = Date.now() + 1500;
    return event.stopImmediatePropagation();
  }
  const there = chord ? $(`[data-go="${CSS.escape(event.key)}"]`) : named("key").filter((one) => !one.closest("tbody, #record")).at(-1);
  if (chord) event.stopImmediatePropagation();
  if (!there) return;
  event.preventDefault();
  if (there.matches("input, textarea")) {
    there.focus();
    there.select();
  } else {
    /* a menu gives the focus back to what opened it */
    there.focus();
    there.click();
    $(".opt", there.popoverTargetElement ?? there)?.focus();
  }
}, true);

/* what was opened lately is of who was here before */
if (me && !recent().length) localStorage.removeItem("recent");

/* a bar at the top while an answer is waited for; CSS shows it after a while only */
let waiting = 0;
const wait = (step) => document.documentElement.classList.toggle("asks", (waiting = Math.max(0, waiting + step)) > 0);
document.addEventListener("htmx:before:request", () => wait(1));
document.addEventListener("htmx:finally:request", () => wait(-1));

// The entry: what every page needs. The server owns the markup; scripts only add behaviour.
import "../css/index.css";
import htmx from "htmx.org";
import "./el/list.js";
import "./el/composer.js";
import "./el/suggest.js";
import "./el/tasks.js";
import "./el/live.js";
import { $, $$, typing } from "./dom.js";

window.htmx = htmx;

/* toast: told by the server in HX-Trigger, or rendered into the page after a redirect; one that can be undone
   stays longer, and for as long as somebody is in it */
function fade(toast) {
  let left = setTimeout(leave, $("form", toast) ? 30000 : 6000);
  function leave() {
    toast.classList.add("gone");
    setTimeout(() => toast.remove(), 250);
  }
  toast.addEventListener("mouseenter", () => clearTimeout(left));
  toast.addEventListener("mouseleave", () => { left = setTimeout(leave, 2500); });
  toast.addEventListener("focusin", () => clearTimeout(left));
}
function undo(address) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = address;
  const token = $("[name=csrfmiddlewaretoken]").cloneNode();
  const button = document.createElement("button");
  button.textContent = document.body.dataset.undo;
  form.append(token, button);
  return form;
}
document.addEventListener("toast", (event) => {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.textContent = event.detail.text;
  if (event.detail.undo) toast.append(undo(event.detail.undo));
  $("#toasts").append(toast);
  fade(toast);
});
$$("#toasts .toast").forEach(fade);

/* theme: the cookie is rendered by the server, so nothing flashes */
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-toggle]")) return;
  event.preventDefault();
  const root = document.documentElement;
  const dark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  document.cookie = `theme=${root.dataset.theme};path=/;max-age=31536000;samesite=lax`;
});

/* the one dialog: a fragment that arrives in it opens it, and focus goes to its first field */
const dialog = $("#dialog");
document.addEventListener("htmx:after:swap", (event) => {
  const target = event.detail?.ctx?.target;
  if (!dialog?.firstElementChild || (target !== dialog && target !== "#dialog")) return;
  if (!dialog.open) dialog.showModal();
  ($("[aria-invalid]", dialog) ?? $(".errsum", dialog) ?? $(".in", dialog))?.focus();
});
document.addEventListener("close-dialog", () => dialog?.close());
dialog?.addEventListener("close", () => dialog.replaceChildren());
dialog?.addEventListener("click", (event) => {
  if (event.target === dialog || event.target.closest("[data-close]")) {
    event.preventDefault();
    dialog.close();
  }
});

/* a choice closes its menu: a morph keeps the popover element, and with it its open state */
document.addEventListener("click", (event) => {
  const option = event.target.closest("[popover] .opt:not([data-stay])");
  if (option) setTimeout(() => option.closest("[popover]")?.hidePopover?.(), 0);
});
/* so does what was typed into one: a refusal opens the dialog */
document.addEventListener("submit", (event) => event.target.closest("[data-menu]")?.hidePopover());
/* and a form of its own once it was answered; a refused one stays open with what was typed */
document.addEventListener("htmx:after:swap", (event) => {
  const form = event.detail?.ctx?.sourceElement;
  const menu = form?.matches?.("form[hx-post]") && form.closest("[popover]:popover-open");
  if (!menu) return;
  menu.hidePopover();
  form.reset();
});
/* arrows walk through an open menu */
document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const menu = event.target.closest("[popover]:popover-open")
    ?? event.target.parentElement?.querySelector(":scope > [popover]:popover-open");
  const options = menu && $$(".opt", menu);
  if (!options?.length || event.target.closest("input, textarea, select")) return;
  event.preventDefault();
  const step = event.key === "ArrowDown" ? 1 : -1;
  const at = options.indexOf(document.activeElement);
  options[at < 0 ? (step > 0 ? 0 : options.length - 1) : (at + step + options.length) % options.length].focus();
});

/* what could not be reached or done says so; what was typed stays where it is */
document.addEventListener("htmx:error", () => {
  const text = document.body.dataset.offline;
  document.dispatchEvent(new CustomEvent("toast", { detail: { text } }));
});
/* an expired sign-in answers 401: go and sign in, then come back */
document.addEventListener("htmx:before:response", (event) => {
  if (event.detail.ctx.response.status !== 401) return;
  event.preventDefault();
  location.href = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
});

/* the portal can be installed as an app, which tells when there is no connection */
if ($("link[rel=manifest]")) navigator.serviceWorker?.register("/portal/service-worker.js").catch(() => {});

/* slash goes to the filter of a list, elsewhere to the search */
document.addEventListener("keydown", (event) => {
  if (typing(event) || event.metaKey || event.ctrlKey || event.altKey || dialog?.open) return;
  const field = event.key === "/" && ($("#filter") ?? $("#find") ?? $("#search"));
  if (field) {
    event.preventDefault();
    field.focus();
    field.select();
  }
});

/* a menu beside a field is fetched each time it opens, so it never shows an old value */
document.addEventListener("toggle", (event) => {
  if (event.newState === "open" && event.target.matches?.("[data-menu]")) event.target.dispatchEvent(new Event("fill"));
}, true);
document.addEventListener("htmx:after:swap", () => $("[data-menu]:popover-open [autofocus]")?.focus());

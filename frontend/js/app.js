// The entry: what every page needs. The server owns the markup; scripts only add behaviour.
import "../css/index.css";
import htmx from "htmx.org";
import "./once.js";
import "./focus.js";
import "./el/list.js";
import "./el/live.js";
import "./sent.js";
import "./others.js";
import "./shell.js";
import { $, $$, recent, toast } from "./dom.js";

window.htmx = htmx;

/* toast: told by the server in HX-Trigger, or rendered into the page after a redirect; one that can be undone, or
   says what went wrong, stays longer, and for as long as somebody is in it, or its request waits for an answer or a sign-in */
function fade(toast, lasts) {
  let left = setTimeout(leave, lasts || $("form, a", toast) ? 30000 : 6000);
  let came;
  function leave() {
    if ($("[aria-busy], .htmx-request", toast)) return (left = setTimeout(leave, 2500));
    toast.classList.add("gone");
    setTimeout(() => toast.remove(), 250);
  }
  toast.addEventListener("mouseenter", () => clearTimeout(left));
  toast.addEventListener("mouseleave", () => { left = setTimeout(leave, 2500); });
  toast.addEventListener("focusin", (event) => {
    clearTimeout(left);
    came ??= event.relatedTarget;
  });
  toast.addEventListener("htmx:finally:request", (event) => {
    if (!(event.detail.ctx.response?.status < 400)) return;
    /* what was said is not so any more; the focus goes back to where it was */
    if (toast.contains(document.activeElement)) (came?.isConnected ? came : $("main")).focus({ preventScroll: true });
    toast.remove();
  });
}
function undo(address) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = address;
  form.setAttribute("hx-post", address);
  form.setAttribute("hx-swap", "none");
  form.setAttribute("hx-target", "#toasts"); // whence it comes: the page in sight looks anew by itself
  const token = $("[name=csrfmiddlewaretoken]").cloneNode();
  const button = document.createElement("button");
  button.textContent = document.body.dataset.undo;
  form.append(token, button);
  return form;
}
/* the numbers it names lead to their records */
function say(text, act, named = []) {
  const toast = document.createElement("div"), said = document.createElement("span");
  toast.className = "toast";
  /* a name, or that of a file, may hold what turns the rest of the sentence around */
  const plain = text.replace(/[\u202a-\u202e\u2066-\u2069]/g, "");
  const parts = named.length ? plain.split(RegExp(`\\b(${named.join("|")})\\b`)) : [plain];
  said.append(...parts.map((part) => {
    if (!named.includes(part)) return part;
    const link = document.createElement("a");
    link.href = `/r/${part}`;
    link.textContent = part;
    return link;
  }));
  toast.append(said, act);
  $("#toasts").append(toast);
  return toast;
}
document.addEventListener("toast", ({ detail }) => {
  /* the same sentence is told once, however often it holds */
  $$("#toasts .toast:not(:has(form))").find((one) => one.textContent === detail.text)?.remove();
  const made = detail.made ?? say(detail.text, detail.undo ? undo(detail.undo) : "", detail.named);
  htmx.process(made);
  fade(made, detail.lasts);
  if (detail.made) return;
  /* a dialog lies over it: what does not close that is told in it */
  setTimeout(() => {
    $("#dialog .said")?.remove();
    $("#dialog[open] .dlg-h")?.after(Object.assign(document.createElement("p"), { className: "err said", role: "alert", textContent: made.firstChild.textContent }));
  });
});
/* somebody else is signed in now: the page stays as it is, with what was typed, and so does this */
document.addEventListener("not-yours", ({ detail }) => {
  if ($("#toasts .anew, dialog.shut[open]")) return; // a page that is covered says it itself
  const button = document.createElement("button");
  button.className = "anew";
  button.textContent = detail.anew;
  button.addEventListener("click", () => location.replace(location.pathname + location.search));
  say(detail.text, button);
});
$$("#toasts .toast").forEach((toast) => fade(toast));
/* whoever comes by keys to what a sentence lies over has read it; what can be undone stays in the history */
document.addEventListener("focusin", ({ target }) => {
  const box = target.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
  for (const toast of $$("#toasts .toast:not(:has(.anew))")) {
    const over = toast.getBoundingClientRect();
    if (!toast.contains(target) && over.left < x && x < over.right && over.top < y && y < over.bottom) toast.remove();
  }
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-toggle]")) return;
  event.preventDefault();
  import("./lazy/theme.js").then(({ toggle }) => toggle());
});

/* the one dialog: a fragment that arrives in it opens it, and focus goes to its first field */
document.addEventListener("htmx:after:swap", (event) => {
  const target = event.detail?.ctx?.target, dialog = $("#dialog");
  if (!dialog?.firstElementChild || (target !== dialog && target !== "#dialog")) return;
  dialog.ariaLabel = $("h2", dialog)?.innerText ?? dialog.dataset.name;
  /* a menu first gives the focus back to what it was opened at, and that is where the dialog gives it back to */
  $(":popover-open")?.hidePopover();
  if (!dialog.open) dialog.showModal();
  ($("[aria-invalid]", dialog) ?? $(".errsum", dialog) ?? $(".in", dialog))?.focus();
});
document.addEventListener("close-dialog", () => $("#dialog")?.close());
document.addEventListener("close", ({ target: dialog }) => {
  if (dialog.id !== "dialog") return;
  /* what a field was about to ask is asked no more */
  htmx.process(dialog, true);
  dialog.replaceChildren();
}, true);
document.addEventListener("click", (event) => {
  const dialog = event.target.closest("#dialog");
  if (!dialog || (event.target !== dialog && !event.target.closest("[data-close]"))) return;
  event.preventDefault();
  dialog.close();
});

/* a choice closes its menu: a morph keeps the popover element, and with it its open state */
document.addEventListener("click", (event) => {
  const option = event.target.closest("[popover] :is(.opt:not([data-stay]), a.btn[hx-get])");
  if (option) setTimeout(() => option.closest("[popover]")?.hidePopover?.(), 0);
});
/* so does what was typed into one: a refusal opens the dialog */
document.addEventListener("submit", (event) => event.target.closest("[data-menu]")?.hidePopover());
/* and a form of its own once it was answered, which may take the form away; a refused one stays open with what was typed */
document.addEventListener("htmx:before:swap", (event) => {
  const { sourceElement: form, response } = event.detail?.ctx ?? {};
  const menu = response?.status < 400 && form?.matches?.("form") && form.closest("[popover]:not([data-menu]):popover-open");
  if (!menu) return;
  menu.hidePopover();
  form.reset();
});
/* who goes on from it has done with it: what it hangs on may scroll away, and it would be out of sight when they come
   back; a press on what cannot have the focus, as a word in it, gives that to what is around it */
document.addEventListener("focusin", ({ target }) => {
  const menu = $("[popover]:popover-open");
  if (menu && !menu.contains(target) && !target.contains(menu) && target.popoverTargetElement !== menu && target.dataset.pops !== menu.id) menu.hidePopover();
});
/* from where one types what is sought into what was found: down, or Enter where that is more than one */
const SOUGHT = "[popover] input[name=q]";
const found = (box) => $$(".opt:not([value=''])", box.form);
let goes = null, late = 0;
function into(event) {
  event.preventDefault();
  clearTimeout(late);
  goes = { box: event.target, by: event.key };
  if (event.target.dataset.asks) late = setTimeout(arrive, 1000);
  else arrive();
}
function arrive() {
  const { box, by } = goes ?? {};
  clearTimeout(late);
  goes = null;
  if (!box || document.activeElement !== box) return;
  const [first, second] = found(box);
  if (by === "Enter" && !second) box.form.requestSubmit($("button[hidden]", box.form));
  else first?.focus();
}
document.addEventListener("input", ({ target }) => { if (target.matches(SOUGHT)) target.dataset.asks = "1"; });
/* the answer to what stands there, not to what stood there when one typed on */
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const box = ctx.sourceElement;
  if (!box?.matches?.(SOUGHT) || new URL(ctx.request.action, location).searchParams.get("q") !== box.value) return;
  delete box.dataset.asks;
  arrive();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.isComposing && event.target.matches(SOUGHT) && event.target.value.trim()) into(event);
});
/* arrows walk through an open menu */
document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  if (event.key === "ArrowDown" && !event.isComposing && event.target.matches(SOUGHT)) return into(event);
  const menu = event.target.closest("[popover]:popover-open")
    ?? event.target.parentElement?.querySelector(":scope > [popover]:popover-open");
  const options = menu && $$(".opt", menu);
  if (!options?.length || event.target.closest("input:not(#seek), textarea, select")) return;
  event.preventDefault();
  const step = event.key === "ArrowDown" ? 1 : -1;
  const at = options.indexOf(document.activeElement);
  options[at < 0 ? (step > 0 ? 0 : options.length - 1) : (at + step + options.length) % options.length].focus();
});

/* what could not be reached or done says so; what was typed stays where it is */
const away = () => toast(document.body.dataset[navigator.onLine ? "offline" : "isoffline"], true);
document.addEventListener("htmx:error", away);
/* an expired sign-in answers 401: sign in over the page, then the same is asked again, which to all else took long; a
   menu that was opened for it was closed by the dialog, and has again what was typed into it */
let again;
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  const asks = ctx.fetch;
  ctx.fetch = async (address, request) => {
    const answer = await asks(address, request);
    /* of a proxy before a server that is away: its page is no part of this one */
    if (answer.status > 499 && !answer.headers.has("HX-Reswap")) throw (away(), new DOMException("", "AbortError"));
    if (answer.status !== 401) return answer;
    const menu = ctx.sourceElement.closest?.("[popover]:popover-open"), at = document.activeElement;
    await (await import("./lazy/signin.js")).signIn();
    setTimeout(() => {
      if (!menu) return;
      $(`[popovertarget="${menu.id}"]`)?.focus(); // which has the focus when the menu is closed again
      (again = menu).showPopover();
      at.focus();
    });
    return ctx.fetch(address, { ...request, signal: null });
  };
});
/* what was kept in this browser is nobody's business after one has left; browsers clear it themselves only over TLS */
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[action='/sign-out']")) return;
  sessionStorage.clear();
  localStorage.removeItem("recent");
});

/* what only some pages have */
if ($("ms-composer")) import("./lazy/composer.js");
if ($("#record")) import("./lazy/record.js");
if ($("ms-suggest")) import("./lazy/suggest.js");
if ($("link[rel=manifest]")) import("./lazy/installed.js");
if ($("#left")) import("./lazy/left.js").then(({ show }) => show());
if ($("#lately") && recent().length) import("./lazy/lately.js");

/* what is typed into a form is kept until it was sent; a form may come with a fragment */
const keep = () => $("[data-keeps]") && import("./lazy/kept.js").then(({ bring }) => bring());
keep();
document.addEventListener("htmx:after:swap", keep);

/* the way back draws the list anew: whoever goes on by keys goes on there */
document.addEventListener("htmx:before:history:restore", () => document.addEventListener("htmx:after:swap", ({ detail }) => {
  if (detail.ctx.target !== $("main") || !document.activeElement.matches("body, main")) return;
  document.activeElement.blur(); // its attributes were written anew, and with them whether it may have the focus
  $("main").focus({ preventScroll: true });
}, { once: true }));

/* a menu beside a field is fetched each time it opens, so it never shows an old value; what is typed meanwhile stays */
document.addEventListener("toggle", (event) => {
  if (event.newState !== "open" || !event.target.matches?.("[data-menu], .inbox-p")) return;
  if (event.target === again) return (again = null);
  $("form", event.target)?.reset();
  event.target.dispatchEvent(new Event("fill"));
}, true);
document.addEventListener("htmx:after:swap", () => $("[data-menu]:popover-open [autofocus]")?.focus());

/* what the bell counts is counted in the sidebar and on a phone's bar as well */
const counted = () => {
  const badge = $("a.bell .badge.num");
  $$("[data-needs]").forEach((one) => {
    one.hidden = !badge;
    if (one.matches(".num")) one.textContent = badge?.textContent ?? "";
  });
};
["htmx:after:swap", "rung"].forEach((name) => document.addEventListener(name, counted));

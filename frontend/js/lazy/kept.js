// What is typed into a form with `data-keeps` stands in this tab until it was sent: after a reload, a lost connection
// or an ended session it is there again. Never a password, never a file; one entry for each form and person.
import { $, $$, me } from "../dom.js";
import { SENT } from "../sent.js";
import { begin, hold } from "./begun.js";
import "./fits.js";
import { get, note, put } from "./stays.js";

// Of a choice the cards of which are drawn all at once, each card stands for all of them.
const FIELDS = "input[name]:not([type=hidden], [type=password], [type=file], [type=radio], .pick-card > *), .pick-card > [type=radio], textarea[name]:not([readonly]), select[name]";

/* of a form that is for many records, what it does and to which (data-apart) tells it from others under one address */
const kept = (form) => `kept:${me}:${new URL(form.getAttribute("action") || location.href, location.href).pathname}${form.dataset.apart ?? ""}`;
const read = (form) => get(kept(form), {});
const cards = (field) => $$(`[name="${field.name}"]`, field.form);
function value(field) {
  if (field.type === "radio") return cards(field).find((card) => card.checked)?.value ?? "";
  return field.type === "checkbox" ? field.checked : field.value;
}
function start(field) {
  if (field.type === "radio") return cards(field).find((card) => card.defaultChecked)?.value ?? "";
  if (field.type === "checkbox") return field.defaultChecked;
  if (!field.options) return field.defaultValue;
  const chosen = [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
  return chosen?.value ?? "";
}
function set(field, now) {
  if (field.type === "radio") cards(field).forEach((card) => { card.checked = card.value === now; });
  else field[field.type === "checkbox" ? "checked" : "value"] = now;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function typed({ target }) {
  const form = target.closest?.("form[data-keeps]");
  if (!form || !me || !target.matches(FIELDS)) return;
  const { [target.name]: before, ...texts } = read(form);
  const [was, now] = [start(target), value(target)];
  /* an empty field may hold again what one brought here: that is how it is known */
  put(kept(form), was === now ? texts : { ...texts, [target.name]: [was === "" ? before?.[0] ?? "" : was, now] });
  hold(form, kept(form));
}

/* what somebody else changed meanwhile is not written over by what was typed before */
function restore(form) {
  const texts = read(form);
  const back = $$(FIELDS, form).filter((field) => {
    const [was, now] = texts[field.name] ?? [];
    const stands = value(field);
    return now !== undefined && stands === start(field) && stands !== now && (stands === was || stands === "");
  });
  if (!back.length) return;
  back.forEach((field) => set(field, texts[field.name][1]));
  form.closest("details")?.setAttribute("open", "");
  if (!$(".field", form) || $(".kept", form)) return;
  note(form, "kept", form.dataset.keeps, [form.dataset.discard, (told) => {
    back.forEach((field) => set(field, start(field)));
    sessionStorage.removeItem(kept(form));
    hold(form, kept(form));
    told.remove();
    back[0].focus();
  }]);
}

/* what one was about to say where it is asked meanwhile whether it works goes on as the answer to that */
function goOn(form) {
  const asked = kept(form), said = asked.replace(/object\/$/, "answer/"), texts = sessionStorage.getItem(said);
  if (said === asked || !texts || $("form#answer") || sessionStorage.getItem(asked)) return;
  sessionStorage.setItem(asked, texts);
  sessionStorage.removeItem(said);
}

export function bring() {
  if (!me) return;
  $$("form[data-keeps]").forEach((form) => { goOn(form); begin(form, kept(form)); restore(form); });
}

/* so it does not hold a page that has come to that; not under the hands of who types, nor without what was attached */
document.addEventListener("fresh", ({ detail: text }) => {
  const form = $("form#answer[data-keeps]"), said = form && $("[name=text]", form);
  if (!said?.value || said === document.activeElement || $$("[type=file]", form).some((field) => field.files.length)) return;
  if (/action="[^"]+\/object\/"/.test(text) && !text.includes(`action="${form.getAttribute("action")}"`)) said.defaultValue = said.value;
});

/* Enter alone sends none of the long ones */
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.metaKey || event.ctrlKey) && !event.isComposing) event.target.closest?.("form[data-keeps]")?.requestSubmit();
});
document.addEventListener("input", typed);
document.addEventListener("change", typed);
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-keeps]");
  if (form && !event.defaultPrevented && !form.hasAttribute("hx-post")) sessionStorage.setItem(SENT, kept(form));
});
/* a form in the dialog is answered in place */
document.addEventListener("htmx:before:response", ({ detail: { ctx } }) => {
  const form = ctx.sourceElement;
  if (form?.matches?.("form[data-keeps]") && ctx.response.status < 400) sessionStorage.removeItem(kept(form));
});
/* whoever leaves it by its own way out wants it no more */
document.addEventListener("click", (event) => {
  const form = event.target.closest("form[data-keeps] .acts a")?.closest("form");
  if (form) sessionStorage.removeItem(kept(form));
});

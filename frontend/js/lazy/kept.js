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

/* what one was about to say goes on as the answer where it is asked meanwhile whether it works, and the other way round */
const TURNS = { answer: "object", object: "answer" };
const turned = (key) => key.replace(/\b(answer|object)\/$/, (_end, word) => `${TURNS[word]}/`);
const stand = () => $$("form[data-keeps]").map(kept);
const goes = (key) => sessionStorage.getItem(SENT) === key; // it is under way to the server
function goOn(form) {
  const asked = kept(form), said = turned(asked), texts = sessionStorage.getItem(said);
  if (said === asked || !texts || stand().includes(said) || goes(said) || sessionStorage.getItem(asked)) return;
  sessionStorage.setItem(asked, texts);
  sessionStorage.removeItem(said);
}

/* what stands there had been sent, though no answer came: it is brought back nowhere */
const saying = () => ["answer", "object", "withdraw"].map((word) => `kept:${me}:${location.pathname}${word}/`);
const plain = (text) => text.replaceAll("\r\n", "\n").trim();
function forget(place) {
  const said = plain(place.dataset.said);
  if (said) saying().filter((key) => plain(get(key, {}).text?.[1] ?? "") === said).forEach((key) => sessionStorage.removeItem(key));
}

/* where there is nothing to be said any more it is shown, to be copied */
function leave(place) {
  if ($("#kept")) return;
  const forms = stand(), left = saying().filter((key) => !forms.includes(key) && !goes(key) && get(key, {}).text?.[1].trim());
  if (!left.length) return;
  place.after(place.content.cloneNode(true));
  const box = $("#kept");
  box.value = left.map((key) => get(key, {}).text[1]).join("\n\n");
  $("button", box.parentElement).addEventListener("click", () => {
    left.forEach((key) => sessionStorage.removeItem(key));
    box.parentElement.remove();
    $("main").focus();
  });
}

export function bring() {
  if (!me) return;
  const place = $("#unsent");
  if (place) forget(place);
  $$("form[data-keeps]").forEach((form) => { goOn(form); begin(form, kept(form)); restore(form); });
  if (place) leave(place);
}

/* so it does not hold a page on which its form is no more; not under the hands of who types, nor without what was attached */
document.addEventListener("fresh", ({ detail: text }) => {
  if (!$("#unsent")) return;
  for (const form of $$("main form[data-keeps]")) {
    const said = $("[name=text]", form);
    const stays = text.includes(`action="${form.getAttribute("action")}"`) || $$("[type=file]", form).some((field) => field.files.length);
    if (said?.value && said !== document.activeElement && !stays) said.defaultValue = said.value;
  }
});

/* Enter alone sends none of the long ones */
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.metaKey || event.ctrlKey) && !event.isComposing) event.target.closest?.("form[data-keeps]")?.requestSubmit();
});
document.addEventListener("input", typed);
document.addEventListener("change", typed);
/* a step for many looks anew at each choice: what was missing is missed no more */
document.addEventListener("change", ({ target }) => {
  if (!target.value || !target.matches?.("#ask [aria-invalid]")) return;
  target.removeAttribute("aria-invalid");
  $$(".err", target.closest(".field")).forEach((told) => told.remove());
});
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

// The sheet of keys, read off the page: what an element names by `data-go` or `data-key`, what the composer and the way to
// the neighbours of a record take, and every <kbd> beside words.
import { $, $$, letters } from "../dom.js";

const sheet = $("#keys");

const words = (element) => (element.dataset.word || element.title || element.ariaLabel || element.textContent).trim().replace(/\s+/g, " ");

function gathered() {
  const found = { here: new Map(), always: new Map(), go: new Map() };
  const add = (part, keys, text) => keys && text && !found[part].has(keys) && found[part].set(keys, text);
  const palette = $("[data-palette]");
  if (palette) add("always", sheet.dataset.palette, words(palette.querySelector("span") ?? palette));
  if (letters()) {
    for (const one of $$("a[data-go]")) add("go", `G ${one.dataset.go.toUpperCase()}`, words($(".lbl", one) ?? one));
    /* one place has its own button for a narrow window; what no window shows is named by what it does */
    const all = $$("[data-key]"), at = (one) => `${one.dataset.key} ${Boolean(one.closest("main"))}`;
    const named = all.filter((one) => one.checkVisibility() || !all.some((other) => at(other) === at(one) && other.checkVisibility()));
    for (const one of named) {
      const last = named.filter((other) => other.dataset.key === one.dataset.key && !other.closest("tbody")).at(-1);
      add(one.closest("main") ? "here" : "always", one.dataset.key.toUpperCase(), words(one.closest("tbody") ? one : last));
    }
    for (const one of $$("#record [data-letter]")) add("here", one.dataset.letter.toUpperCase(), one.dataset.label);
    for (const one of $$("ms-neighbours:not([hidden]) a[href]")) add("here", one.getAttribute("aria-keyshortcuts").toUpperCase(), words(one));
  }
  const box = $("#record ms-composer");
  if (box) add("here", box.dataset.leaveKey, box.dataset.leave);
  for (const hint of $$("main span:has(> kbd)")) {
    const keys = $$("kbd", hint).map((key) => key.textContent);
    const rest = hint.cloneNode(true);
    $$("kbd", rest).forEach((key) => key.remove());
    if (letters() || keys.every((key) => key.length > 1 || /[^\w?/]/.test(key))) add("here", keys.join(" "), rest.textContent.trim());
  }
  /* what this page takes for itself is not everywhere */
  for (const key of found.here.keys()) found.always.delete(key);
  return found;
}

function part(name, lines) {
  const head = document.createElement("h3");
  head.textContent = name;
  const told = document.createElement("dl");
  for (const [keys, text] of lines) {
    const line = document.createElement("div"), what = document.createElement("dt"), by = document.createElement("dd");
    what.textContent = text;
    by.append(...keys.split(" ").flatMap((key) => {
      const shown = document.createElement("kbd");
      shown.textContent = key;
      return [shown, " "];
    }));
    line.append(what, by);
    told.append(line);
  }
  const section = document.createElement("section");
  section.append(head, told);
  return section;
}

export function show() {
  const found = gathered();
  const parts = Object.entries(found).filter(([, lines]) => lines.size);
  $(".keys-b", sheet).replaceChildren(...parts.map(([name, lines]) => part(sheet.dataset[name], lines)));
  sheet.showModal();
}

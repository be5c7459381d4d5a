// What somebody was writing on a page that is theirs to read no more goes along to the page that says so.
import { $, $$, me } from "../dom.js";
import { get, put } from "./stays.js";

const KEY = `left:${me}:${location.pathname}`;
const WRITTEN = "textarea:not([readonly], ms-composer *), input:is(:not([type]), [type=text]):not([name=q], ms-composer *)";

export function leave(page) {
  const said = Object.values($("ms-composer", page)?.drafts?.texts ?? {});
  const typed = $$(WRITTEN, page).filter((field) => field.value !== field.defaultValue).map((field) => field.value);
  put(KEY, [...said, ...typed].filter((text) => text.trim()));
  location.reload();
}

export function show() {
  const kept = $("#left");
  for (const text of get(KEY, [])) {
    const box = kept.content.firstElementChild.cloneNode();
    box.value = text;
    kept.before(box);
  }
}

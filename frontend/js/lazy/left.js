// What somebody was writing on a page that is theirs to read no more goes along to the page that says so.
import { $, $$, me } from "../dom.js";
import { get, put } from "./stays.js";

/* whoever loses the desk is led to the portal's page of the same record */
const KEY = `left:${me}:${location.pathname.match(/[A-Z]+-\d+/)?.[0] ?? location.pathname}`;
const WRITTEN = "textarea:not([readonly], ms-composer *), input:is(:not([type]), [type=text]):not([name=q], ms-composer *)";

export function leave(page) {
  const said = Object.values($("ms-composer", page)?.drafts?.texts ?? {});
  const typed = [page, $("#dialog")].flatMap((place) => $$(WRITTEN, place))
    .filter((field) => field.value !== field.defaultValue).map((field) => field.value);
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

/* of a record that is not their reader's any more: its row, what names it elsewhere on the page, and its own page */
export function gone(number, live) {
  withdraw((row) => row.id === number);
  const there = $$(`a[href*="/${number}/"], a[href$="/${number}"]`).map((link) => link.closest("li, [role=option]"));
  const had = there.some((one) => one?.contains(document.activeElement));
  there.forEach((one) => one?.remove());
  if (had) $("main").focus({ preventScroll: true });
  if (number === live.number) live.refresh(false, false, false, true);
}

/* its reader's rights may be others now: what was found before is looked for once more, or with the next key */
export function others() {
  document.dispatchEvent(new Event("others"));
  $("#palette[open] #pal-q")?.dispatchEvent(new Event("input"));
  $$("#similar, ms-suggest").forEach((found) => found.replaceChildren());
}

/* rows of a list that are not their reader's any more, though it waits for what is chosen or typed in it */
export function withdraw(which) {
  const list = $("#queue > ms-list");
  const rows = list ? $$("tbody tr[id]", list).filter(which) : [];
  const had = rows.some((row) => row.contains(document.activeElement));
  rows.forEach((row) => row.remove());
  if (rows.length) list.count();
  if (had) $("main").focus({ preventScroll: true });
}

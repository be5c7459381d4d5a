// The keys of a record's page, the way to its neighbours in the list one came from, and that it was opened lately.
import { $, letters, me, ours, recent, typing } from "../dom.js";
import "./tasks.js";

/* what was opened lately, for the palette; the server decides whether it is still to be seen */
const number = /^\/[\w-]+\/([A-Z]+-\d+)\/$/.exec(location.pathname)?.[1];
if (number) localStorage.recent = [me, number, ...recent().filter((one) => one !== number)].slice(0, 9);

const KEYS = { "[": -1, k: -1, "]": 1, j: 1 };

class Neighbours extends HTMLElement {
  connectedCallback() {
    const list = JSON.parse(sessionStorage.getItem(`list:${me}`) ?? "null");
    const at = list?.records.indexOf(location.pathname) ?? -1;
    if (at < 0) return;
    for (const way of [-1, 1]) {
      const link = $(`[data-way="${way}"]`, this);
      const to = list.records[at + way];
      if (to) link.href = to;
      else {
        link.setAttribute("aria-disabled", "true");
        this.further(link, way, way > 0 ? list.next : list.prev);
      }
    }
    this.hidden = false;
    const back = $(`.crumbs a[href="${this.dataset.list}"]`);
    if (!back || !list.address.startsWith(this.dataset.list)) return;
    back.href = list.address;
    back.title = this.dataset.back;
  }

  /* the list goes on with another page: its first record, or its last, and from there that page is the one one is in */
  async further(link, way, address) {
    const answer = address && await ours(address, { headers: { "HX-Target": "ms-neighbours#neighbours" } }).catch(() => {});
    if (!answer?.ok) return;
    const list = await answer.json();
    const to = list.records.at(way > 0 ? 0 : -1);
    if (!to) return;
    link.href = to;
    link.removeAttribute("aria-disabled");
    link.addEventListener("click", () => sessionStorage.setItem(`list:${me}`, JSON.stringify(list)));
  }
}
customElements.define("ms-neighbours", Neighbours);

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented) return;
  if (typing(event) || event.metaKey || event.ctrlKey || event.altKey || !letters()) return;
  if ($("dialog[open]") || $("[popover]:popover-open")) return;
  const way = KEYS[event.key];
  const composer = $("ms-composer");
  const radio = composer && $(`[data-letter="${CSS.escape(event.key)}"]`, composer);
  const act = radio ? null : way ? $(`ms-neighbours a[href][data-way="${way}"]`) : $(`#record [data-key="${CSS.escape(event.key)}"]`);
  if (!radio && !act) return;
  event.preventDefault();
  /* what it is made of may still be on its way */
  if (radio) return customElements.whenDefined("ms-composer").then(() => composer.choose(radio.value));
  act.focus();
  act.click();
});

/* what could not be linked is mended where it was typed */
document.addEventListener("htmx:after:swap", (event) => {
  const { target } = event.detail?.ctx ?? {};
  if (target === "#add-link" || target?.id === "add-link") $("#link-record")?.focus();
});

/* the menus a list has at its rows, once the server has said what is in them */
document.addEventListener("htmx:after:swap", (event) => {
  const menu = $("#record #menu-row");
  const { target } = event.detail?.ctx ?? {};
  if (!menu?.firstElementChild || (target !== menu && target !== "#menu-row")) return;
  if (!menu.matches(":popover-open")) menu.showPopover({ source: $(".rec-a") });
  ($("[autofocus]", menu) ?? $(".opt", menu))?.focus();
});

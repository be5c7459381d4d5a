// <ms-list>: a cursor (J, K), selection (X, Shift+click) and opening (Enter) over a table the server wrote, whatever
// a row names a key for (data-key), the preview beside it (Space) and the menus at a row (E, A, P, S, R, a click).
import { $, $$, letters, typing } from "../dom.js";

customElements.define("ms-list", class extends HTMLElement {
  connectedCallback() {
    // The row whose preview stands open in the address is the one to go on from.
    const peeked = $("#peek [data-number]", this)?.dataset.number;
    this.cursor = peeked ? this.rows().findIndex((row) => row.id === peeked) : -1;
    this.mark();
    this.last = null;
    this.addEventListener("change", (event) => {
      if (event.target.matches("[data-all]")) this.boxes().forEach((box) => { box.checked = event.target.checked; });
      if (event.target.matches(".cb")) this.count();
    });
    this.addEventListener("click", (event) => this.clicked(event));
    this.addEventListener("submit", () => { this.sent = $("#filter", this)?.value; });
    this.onKey = (event) => this.pressed(event);
    this.onSwap = (event) => this.swapped(event?.detail?.ctx?.target);
    this.onChange = (event) => this.refresh(event.detail.number);
    document.addEventListener("changed-row", this.onChange);
    document.addEventListener("keydown", this.onKey);
    document.addEventListener("htmx:after:swap", this.onSwap);
    this.onSwap();
  }

  disconnectedCallback() {
    document.removeEventListener("changed-row", this.onChange);
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("htmx:after:swap", this.onSwap);
  }

  rows() { return $$("tbody tr:not(.g-h)", this); }
  pane() { return $("#peek", this); }
  boxes() { return $$("tbody .cb", this); }
  chosen() { return this.boxes().filter((box) => box.checked); }

  /* for the page of a record: what stands before and after it here */
  remember() {
    const records = $$(".c-title > a:not(.peek)", this).map((link) => link.pathname);
    if (records.length) sessionStorage.setItem("list", JSON.stringify({ address: location.pathname + location.search, records }));
  }

  clicked(event) {
    const box = event.target.closest("tbody .cb");
    if (box) return this.range(box, event.shiftKey);
    if (event.target.closest("[data-clear]")) return this.clear();
    const row = event.target.closest("tbody tr:not(.g-h)");
    const here = !event.metaKey && !event.ctrlKey && !event.shiftKey;
    if (here && event.target.closest("[data-away]")) {
      event.preventDefault();
      return this.away();
    }
    if (here && event.target.closest("[data-peek]")) {
      event.preventDefault();
      return this.move(this.rows().indexOf(row), true);
    }
    const cell = event.target.closest("td");
    const edit = cell && row && $$("thead th", this)[cell.cellIndex]?.dataset.edit;
    if (edit && !event.target.closest("a, button, input, label") && !getSelection().toString()) this.menu(row, edit, cell);
    else if (row && !event.target.closest("a, button, input, label") && !getSelection().toString()) {
      $(".c-title a", row)?.click();
    }
  }

  range(box, extend) {
    const all = this.boxes();
    const at = all.indexOf(box);
    if (extend && this.last !== null) {
      const [from, to] = [at, this.last].sort((a, b) => a - b);
      for (let i = from; i <= to; i++) all[i].checked = box.checked;
    }
    this.last = at;
    this.count();
  }

  clear() {
    this.boxes().forEach((box) => { box.checked = false; });
    this.count();
  }

  pressed(event) {
    if (typing(event) || event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key.length === 1 && event.key !== " " && !letters()) return;
    if ($("dialog[open]") || $("[popover]:popover-open")) return;
    const row = this.rows().find((one) => one.contains(document.activeElement)) ?? this.rows()[this.cursor];
    const { a, e, p, r } = this.dataset;
    const open = { a: a && `set/${a}/`, e: e != null && "menu/fields/", p: p != null && "menu/weights/", s: "menu/moves/" }[event.key];
    const act = row && $(`[data-key="${CSS.escape(event.key)}"]`, row);
    if (event.key === "j") this.move(this.cursor + 1);
    else if (event.key === "k") this.move(this.cursor - 1);
    else if (event.key === "Escape" && this.pane()?.firstElementChild) this.away();
    else if (event.key === "Escape" && this.chosen().length) this.clear();
    else if (event.key === "b" && this.chosen().length) $(".bulk .bb", this)?.focus();
    else if (event.key === "x" && row) {
      const box = $(".cb", row);
      if (!box) return;
      box.checked = !box.checked;
      this.range(box, false);
    } else if (act) {
      event.preventDefault();
      act.focus();
      act.click();
    } else if (row && this.pane() && event.key === " " && !event.target.closest("button, input")) {
      event.preventDefault();
      if ($("[data-number]", this.pane())?.dataset.number === row.id) this.away();
      else this.peek(row.id);
    } else if (row && r && event.key === "r") htmx.ajax("GET", this.at(row.id, `move/${r}/`), { source: "#dialog" });
    else if (row && this.pane() && open) {
      event.preventDefault();
      this.menu(row, open);
    } else if (event.key === "Enter" && row && event.target === document.body) $(".c-title a", row)?.click();
  }

  at(number, path = "") { return `${location.pathname}${number}/${path}`; }

  /* the record beside the list; a later look throws an earlier answer away (hx-sync of the pane) */
  peek(number) {
    const pane = this.pane();
    const here = new URL(location);
    here.searchParams.set("peek", number);
    history.replaceState(history.state, "", here);
    if (!pane.firstElementChild) pane.append($("#peek-wait", this).content.cloneNode(true));
    htmx.ajax("GET", here.pathname + here.search, { source: pane, target: pane, swap: "innerHTML" });
  }

  away() {
    const number = $("[data-number]", this.pane())?.dataset.number;
    const here = new URL(location);
    here.searchParams.delete("peek");
    history.replaceState(history.state, "", here);
    this.pane().replaceChildren();
    $(".c-title a", this.rows().find((row) => row.id === number) ?? this)?.focus();
  }

  /* a menu in place, shown once the server has said what is in it: a refusal opens none */
  menu(row, path, cell = $(".c-title", row)) {
    const menu = $("#menu-row", this);
    menu.replaceChildren();
    this.opened = cell;
    htmx.ajax("GET", this.at(row.id, path), { source: menu, target: menu, swap: "innerHTML" });
  }

  refresh(number) {
    const row = this.rows().find((one) => one.id === number);
    if (row) htmx.ajax("GET", location.pathname + location.search, { source: row, target: row, swap: "outerMorph" });
  }

  swapped(target) {
    const menu = $("#menu-row", this);
    if (menu && (target === menu || target === "#menu-row") && menu.firstElementChild) {
      if (!menu.matches(":popover-open")) {
        $(".c-title a", this.opened.parentElement)?.focus({ preventScroll: true });
        menu.showPopover({ source: this.opened });
      }
      ($("[autofocus]", menu) ?? $(".opt", menu))?.focus();
    }
    // A morph keeps what is typed; words that were sent and understood stand there as their condition.
    const box = $("#filter", this);
    if (box && (target?.id ?? target) !== "menu-row" && box.value === this.sent) box.value = box.defaultValue;
    // A row that was drawn anew is the one the cursor stood on.
    if (target?.matches?.("tr")) this.mark();
    this.count();
    this.remember();
  }

  mark() { this.rows().forEach((row, i) => row.classList.toggle("cur", i === this.cursor)); }

  move(to, look = false) {
    const rows = this.rows();
    if (!rows.length) return;
    this.cursor = Math.max(0, Math.min(rows.length - 1, to));
    this.mark();
    rows[this.cursor].scrollIntoView({ block: "nearest" });
    $(".c-title a", rows[this.cursor])?.focus({ preventScroll: true });
    if (look || this.pane()?.firstElementChild) this.peek(rows[this.cursor].id);
  }

  count() {
    const chosen = this.chosen().length;
    const all = $("[data-all]", this);
    const shown = $("[data-count]", this);
    if (shown) shown.textContent = chosen;
    if (all) {
      all.checked = chosen > 0 && chosen === this.boxes().length;
      all.indeterminate = chosen > 0 && !all.checked;
    }
  }
});

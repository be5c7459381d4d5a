// <ms-list>: a cursor (J, K), selection (X, Shift+click) and opening (Enter) over a table the server wrote, and
// whatever a row names a key for (data-key).
import { $, $$, letters, typing } from "../dom.js";

customElements.define("ms-list", class extends HTMLElement {
  connectedCallback() {
    this.cursor = -1;
    this.last = null;
    this.addEventListener("change", (event) => {
      if (event.target.matches("[data-all]")) this.boxes().forEach((box) => { box.checked = event.target.checked; });
      if (event.target.matches(".cb")) this.count();
    });
    this.addEventListener("click", (event) => this.clicked(event));
    this.onKey = (event) => this.pressed(event);
    this.onSwap = () => {
      this.count();
      this.remember();
    };
    document.addEventListener("keydown", this.onKey);
    document.addEventListener("htmx:after:swap", this.onSwap);
    this.onSwap();
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("htmx:after:swap", this.onSwap);
  }

  rows() { return $$("tbody tr", this); }
  boxes() { return $$("tbody .cb", this); }
  chosen() { return this.boxes().filter((box) => box.checked); }

  /* for the page of a record: what stands before and after it here */
  remember() {
    const records = $$(".c-title a", this).map((link) => link.pathname);
    if (records.length) sessionStorage.setItem("list", JSON.stringify({ address: location.pathname + location.search, records }));
  }

  clicked(event) {
    const box = event.target.closest("tbody .cb");
    if (box) return this.range(box, event.shiftKey);
    if (event.target.closest("[data-clear]")) return this.clear();
    const row = event.target.closest("tbody tr");
    if (row && !event.target.closest("a, button, input, label") && !getSelection().toString()) {
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
    if ($("dialog[open]") || $("[popover]:popover-open")) return;
    if (event.key.length === 1 && event.key !== " " && !letters()) return;
    const row = this.rows()[this.cursor];
    const act = row && $(`[data-key="${CSS.escape(event.key)}"]`, row);
    if (event.key === "j") this.move(this.cursor + 1);
    else if (event.key === "k") this.move(this.cursor - 1);
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
    } else if (event.key === "Enter" && row && event.target === document.body) $(".c-title a", row)?.click();
  }

  move(to) {
    const rows = this.rows();
    if (!rows.length) return;
    this.cursor = Math.max(0, Math.min(rows.length - 1, to));
    rows.forEach((row, i) => row.classList.toggle("cur", i === this.cursor));
    rows[this.cursor].scrollIntoView({ block: "nearest" });
    $(".c-title a", rows[this.cursor])?.focus({ preventScroll: true });
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

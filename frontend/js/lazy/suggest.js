// <ms-suggest>: below a search box, a few records while one types; arrows choose, Enter goes there, Escape closes.
import { $, $$, ours } from "../dom.js";

customElements.define("ms-suggest", class extends HTMLElement {
  connectedCallback() {
    this.box = $("[name=q]", this.closest("form"));
    this.id ||= `${this.box.id || "q"}-suggested`;
    this.role = "listbox";
    this.ariaLabel = this.dataset.label;
    this.hidden = true;
    const told = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.id };
    Object.entries(told).forEach(([name, value]) => this.box.setAttribute(name, value));
    this.box.addEventListener("input", () => {
      clearTimeout(this.soon);
      this.soon = setTimeout(() => this.ask(), 250);
    });
    this.box.addEventListener("keydown", (event) => this.pressed(event));
    this.box.addEventListener("blur", () => this.close());
    /* what is clicked takes no focus: the list would be gone before the click */
    this.addEventListener("pointerdown", (event) => event.preventDefault());
    this.addEventListener("mousedown", (event) => event.preventDefault());
    /* somebody was faster than this script */
    if (this.box.value !== this.box.defaultValue && document.activeElement === this.box) this.ask();
  }

  options() { return $$("[role=option]", this); }

  async ask() {
    const typed = this.box.value.trim();
    this.asking?.abort();
    if (typed.length < 2) return this.close();
    this.asking = new AbortController();
    try {
      const address = `${this.dataset.from}?q=${encodeURIComponent(typed)}`;
      const answer = await ours(address, { signal: this.asking.signal });
      if (!answer.ok || document.activeElement !== this.box) return this.close();
      this.innerHTML = await answer.text();
    } catch { return; /* typed further, or away: the search itself says so */ }
    this.options().forEach((option, at) => { option.id = `${this.id}-${at}`; });
    this.show(this.options().length > 0);
  }

  show(open) {
    this.hidden = !open;
    this.box.setAttribute("aria-expanded", open);
    this.mark(-1);
  }

  close() {
    clearTimeout(this.soon);
    this.asking?.abort();
    this.show(false);
  }

  mark(at) {
    this.at = at;
    this.options().forEach((option, n) => option.setAttribute("aria-selected", n === at));
    const chosen = this.options()[at];
    if (chosen) this.box.setAttribute("aria-activedescendant", chosen.id);
    else this.box.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  }

  pressed(event) {
    if (event.isComposing) return;
    if (event.key === "Enter") clearTimeout(this.soon);
    if (this.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = event.key === "Enter" && this.options()[this.at];
    if (!step && !chosen && event.key !== "Escape") return;
    event.preventDefault();
    if (step) {
      /* one place more than there are: the text itself */
      const places = this.options().length + 1;
      this.mark(((this.at + 1 + step + places) % places) - 1);
    } else if (chosen) chosen.click();
    else this.close();
  }
});

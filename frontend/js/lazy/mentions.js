// After an @ the people and teams who may read this text; arrows choose, Enter or Tab takes one, Escape closes.
import { $, $$ } from "../dom.js";
import { ask } from "./asking.js";

const CALL = /(?:^|[^\w.@/+-])@([\p{L}\p{N}_.+-]*)$/u;

export class Mentions {
  constructor(composer) {
    this.composer = composer;
    this.text = composer.text;
    this.list = $("[role=listbox]", composer);
    this.text.setAttribute("aria-autocomplete", "list");
    this.text.setAttribute("aria-controls", this.list.id);
    this.text.addEventListener("input", () => {
      clearTimeout(this.soon);
      this.soon = setTimeout(() => this.look(), 150);
    });
    /* before anybody else hears Enter or Escape */
    this.text.addEventListener("keydown", (event) => this.pressed(event));
    this.text.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.take(event.target.closest("[role=option]")));
    this.look(); // somebody was faster than this script
  }

  get options() { return $$("[role=option]", this.list); }

  async look() {
    const found = this.text.selectionStart === this.text.selectionEnd
      && this.text.value.slice(0, this.text.selectionStart).match(CALL);
    this.asking?.abort();
    if (!found) return this.close();
    this.asking = new AbortController();
    const query = new URLSearchParams({ q: found[1], audience: this.composer.audience });
    try {
      const answer = await ask(`${this.composer.dataset.base}mentions/?${query}`, { signal: this.asking.signal });
      if (!answer.ok || document.activeElement !== this.text) return this.close();
      this.list.innerHTML = await answer.text();
    } catch { return; /* typed further, or away */ }
    this.options.forEach((option, n) => { option.id = `${this.list.id}-${n}`; });
    this.list.hidden = !this.options.length;
    this.mark(this.list.hidden ? -1 : 0);
  }

  mark(at) {
    this.at = at;
    this.options.forEach((option, n) => option.setAttribute("aria-selected", n === at));
    const chosen = this.options[at];
    if (chosen) this.text.setAttribute("aria-activedescendant", chosen.id);
    else this.text.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  }

  close() {
    clearTimeout(this.soon);
    this.asking?.abort();
    this.list.hidden = true;
    this.mark(-1);
  }

  take(option) {
    if (!option) return;
    const end = this.text.selectionStart;
    const start = this.text.value.slice(0, end).lastIndexOf("@");
    this.composer.write(`${option.dataset.word} `, start, end);
    this.close();
  }

  pressed(event) {
    if (this.list.hidden || event.isComposing || event.ctrlKey || event.metaKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.mark((this.at + step + this.options.length) % this.options.length);
    else if (event.key === "Enter" || event.key === "Tab") this.take(this.options[this.at]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

// <ms-composer>: Ctrl+Enter (⌘↵) sends, the button says what will happen, what was typed survives a reload of the tab.
import { $ } from "../dom.js";

customElements.define("ms-composer", class extends HTMLElement {
  connectedCallback() {
    this.text = $("textarea", this);
    this.key = `draft:${this.dataset.key}`;
    const kept = sessionStorage.getItem(this.key);
    if (kept && !this.text.value) this.text.value = kept;
    this.addEventListener("input", () => this.keep());
    this.addEventListener("change", (event) => {
      if (event.target.name === "audience") this.name();
      if (event.target.type === "file") this.classList.toggle("kept", event.target.files.length > 0);
    });
    this.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) $("form", this).requestSubmit();
    });
    this.onSaid = () => this.said();
    document.addEventListener("said", this.onSaid);
    this.addEventListener("dragover", (event) => this.drag(event, true));
    this.addEventListener("dragleave", (event) => this.drag(event, false));
    this.addEventListener("drop", (event) => this.take(event, event.dataTransfer.files));
    this.text.addEventListener("paste", (event) => this.take(event, event.clipboardData.files));
    this.name();
  }

  disconnectedCallback() { document.removeEventListener("said", this.onSaid); }

  keep() {
    if (this.text.value) sessionStorage.setItem(this.key, this.text.value);
    else sessionStorage.removeItem(this.key);
  }

  name() {
    const chosen = $("[name=audience]:checked", this);
    const button = $("[data-send]", this);
    if (!chosen || !button) return;
    button.textContent = chosen.dataset.verb;
    this.text.setAttribute("aria-label", chosen.dataset.label);
    this.text.placeholder = chosen.dataset.label;
  }

  drag(event, over) {
    event.preventDefault();
    this.classList.toggle("over", over);
  }

  take(event, files) {
    if (!files.length) return;
    event.preventDefault();
    this.classList.remove("over");
    const input = $("[type=file]", this);
    const all = new DataTransfer();
    for (const file of [...input.files, ...files]) all.items.add(file);
    input.files = all.files;
    this.classList.add("kept");
  }

  said() {
    $("form", this).reset();
    this.text.value = "";
    this.classList.remove("kept");
    sessionStorage.removeItem(this.key);
    this.name();
    /* what was said is seen at once, and not under the place where it was written */
    requestAnimationFrame(() => $("#timeline")?.lastElementChild?.scrollIntoView({ block: "nearest" }));
  }
});

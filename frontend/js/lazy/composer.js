// <ms-composer>: Ctrl+Enter (⌘↵) sends, the button says what will happen, and nothing typed is lost.
import { $, $$ } from "../dom.js";
import { Drafts } from "./drafts.js";
import { Uploads } from "./uploads.js";
import { marks, preview } from "./writing.js";

const ROOM = new CSSStyleSheet(); // an attribute would be a style within the page
document.adoptedStyleSheets.push(ROOM);

const words = (element) => [...element.childNodes].find((node) => node.nodeType === 3 && node.data.trim());

customElements.define("ms-composer", class extends HTMLElement {
  connectedCallback() {
    this.form = $("form", this);
    this.text = $("textarea", this);
    $$(".scripted", this).forEach((each) => { each.hidden = false; });
    this.classList.add("alive");
    this.preview = preview(this);
    this.drafts = new Drafts(this);
    this.uploads = new Uploads(this);
    /* whom one may call is asked for by who writes */
    const calling = () => import("./mentions.js").then(({ Mentions }) => { this.mentions ??= new Mentions(this); }, () => {});
    if (document.activeElement === this.text) calling();
    else this.text.addEventListener("focus", calling, { once: true });
    marks(this);
    this.form.addEventListener("change", (event) => {
      if (event.target.name === "audience") this.changed();
    });
    /* pressing gives the focus, and what comes into sight then would take the word away from under the pointer */
    $(".comp-t", this)?.addEventListener("mousedown", (event) => event.preventDefault());
    /* whoever presses one goes on by writing; arrows between them stay there */
    $(".comp-t", this)?.addEventListener("click", (event) => event.detail && this.text.focus());
    this.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) this.form.requestSubmit();
      /* the letters are keys of the page again; what was typed stays */
      if (event.key === "Escape" && !event.isComposing) document.activeElement.blur();
    });
    /* a file that is still on its way is part of what is sent */
    this.form.addEventListener("submit", (event) => {
      if (!this.uploads.going.size) return this.drafts.sending();
      event.preventDefault();
      event.stopImmediatePropagation();
      this.uploads.settled().then((all) => all && this.form.requestSubmit());
    }, true);
    this.form.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => this.drafts.answered(ctx.response?.status));
    this.onSaid = () => this.said();
    document.addEventListener("said", this.onSaid);
    this.onSwap = ({ detail }) => detail.tasks.forEach(({ fragment }) => this.readers($("ms-composer", fragment)));
    document.addEventListener("htmx:before:swap", this.onSwap);
    this.name();
    /* what gets the focus is scrolled to where this does not lie over it */
    this.onSize = () => this.room();
    this.sizes = new ResizeObserver(this.onSize);
    this.sizes.observe(this);
    addEventListener("resize", this.onSize);
  }

  disconnectedCallback() {
    this.sizes.disconnect();
    removeEventListener("resize", this.onSize);
    document.removeEventListener("said", this.onSaid);
    document.removeEventListener("htmx:before:swap", this.onSwap);
    this.drafts.stop();
    this.uploads.stop();
  }

  room() {
    const { position, bottom } = getComputedStyle(this);
    const covered = this.offsetHeight + parseFloat(bottom) + 12;
    ROOM.replaceSync(position === "sticky" ? `html:not(:has(.pop:popover-open)){scroll-padding-block-end:${covered}px}` : "");
  }

  get chosen() { return $("[name=audience]:checked", this); }
  get audience() { return this.chosen.value; }

  choose(audience) {
    const radio = $(`[name=audience][value=${audience}]`, this);
    if (!radio) return;
    radio.checked = true;
    this.changed();
    this.text.focus();
  }

  changed() {
    this.preview.close();
    this.mentions?.close();
    this.drafts.change();
    this.name();
  }

  name() {
    const { verb, label } = this.chosen.dataset;
    $("[data-send]", this).textContent = verb;
    this.text.setAttribute("aria-label", label);
    this.text.placeholder = label;
  }

  /* nothing here is drawn anew, for somebody may be writing; but who reads a reply may be somebody else by now */
  readers(made) {
    for (const now of made ? $$("[data-reader]", made) : []) {
      const here = $(`[data-reader=${now.dataset.reader}]`, this);
      if (now.dataset.label) here.dataset.label = now.dataset.label;
      else if (now.localName === "input") here.value = now.value;
      else if (words(here).data !== words(now).data) words(here).data = words(now).data;
    }
    if (made) this.name();
  }

  /* as if it had been typed: it can be taken back with Ctrl+Z, and is kept */
  write(text, from = this.text.selectionStart, to = this.text.selectionEnd) {
    this.text.focus();
    this.text.setSelectionRange(from, to);
    if (document.execCommand("insertText", false, text)) return;
    this.text.setRangeText(text, from, to, "end");
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  say(words) { $("[data-told]", this).textContent = words; }

  said() {
    this.drafts.sent();
    this.uploads.clear();
    /* the next one is a note again where it was one at first: nothing slips out */
    $$("[name=audience]", this).forEach((radio) => { radio.checked = radio.defaultChecked; });
    this.changed();
    /* what was said is seen at once, and not under the place where it was written */
    requestAnimationFrame(() => $("#timeline")?.lastElementChild?.scrollIntoView({ block: "nearest" }));
  }
});

// What is typed stands in this tab at once, and on the server a second after the last key; one text for each audience.
import { $, $$, me } from "../dom.js";
import { ask, sheet } from "./asking.js";

const SOON = 1000;

export class Drafts {
  constructor(composer) {
    this.composer = composer;
    this.texts = {};
    const { text } = composer;
    const early = text.value === text.defaultValue ? null : text.value; // somebody was faster than this script
    for (const radio of $$("[name=audience]", composer)) {
      const unsaved = (radio.checked ? early : null) ?? sessionStorage.getItem(this.key(radio.value));
      this.texts[radio.value] = unsaved ?? radio.dataset.draft;
      if (unsaved !== null) this.keep(radio.value, unsaved);
    }
    this.audience = composer.audience;
    this.show();
    text.addEventListener("input", () => this.typed());
    this.onHide = () => document.visibilityState === "hidden" && this.flush();
    document.addEventListener("visibilitychange", this.onHide);
    addEventListener("pagehide", this.onHide);
    this.mark();
  }

  stop() {
    this.flush();
    document.removeEventListener("visibilitychange", this.onHide);
    removeEventListener("pagehide", this.onHide);
  }

  key(audience) { return `draft:${me}:${this.composer.dataset.of}:${audience}`; }

  /* one goes on where one stopped */
  show() {
    const { text } = this.composer;
    text.value = this.texts[this.audience];
    text.setSelectionRange(text.value.length, text.value.length);
  }

  typed() {
    const { audience, composer } = this;
    this.texts[audience] = composer.text.value;
    this.keep(audience, composer.text.value);
    composer.say("");
    this.mark();
  }

  keep(audience, text) {
    sessionStorage.setItem(this.key(audience), text);
    this.soon(audience, text);
  }

  change() {
    this.texts[this.audience] = this.composer.text.value;
    this.audience = this.composer.audience;
    this.show();
    this.composer.say("");
    this.mark();
  }

  soon(audience, text) {
    this.waiting ??= {};
    clearTimeout(this.waiting[audience]?.timer);
    this.waiting[audience] = { text, timer: setTimeout(() => this.save(audience), SOON) };
  }

  async save(audience, keepalive = false) {
    const { text, timer } = this.waiting[audience];
    clearTimeout(timer);
    delete this.waiting[audience];
    this.going = new AbortController();
    const { signal } = this.going;
    try {
      const body = sheet({ audience, text });
      const answer = await ask(`${this.composer.dataset.base}draft/`, { method: "POST", body, keepalive, signal });
      if (!answer.ok) throw answer;
      if (sessionStorage.getItem(this.key(audience)) === text) sessionStorage.removeItem(this.key(audience));
      if (audience === this.audience && text && !this.waiting[audience]) this.composer.say(this.composer.dataset.saved);
    } catch {
      /* where it is kept for nobody the page says so */
      if (!signal.aborted) this.composer.say($("#toasts .anew") ? "" : this.composer.dataset.kept);
    } finally {
      if (this.going?.signal === signal) this.going = null;
    }
  }

  flush() { Object.keys(this.waiting ?? {}).forEach((audience) => this.save(audience, true)); }

  /* what is being sent is no draft any more: none may arrive after it */
  sending() {
    clearTimeout(this.waiting?.[this.audience]?.timer);
    delete this.waiting?.[this.audience];
    this.late = Boolean(this.going);
    this.going?.abort();
    this.away = { audience: this.audience, text: this.composer.text.value };
  }

  /* but for what was typed after it */
  sent() {
    const { audience, text } = this.away ?? { audience: this.audience, text: "" };
    this.texts[this.audience] = this.composer.text.value;
    const now = this.texts[audience];
    this.texts[audience] = now.startsWith(text) ? now.slice(text.length) : now;
    sessionStorage.removeItem(this.key(audience));
    if (this.texts[audience] || this.late) this.soon(audience, this.texts[audience]);
    this.show();
    this.composer.say("");
    this.mark();
  }

  /* a dot where something else is begun */
  mark() {
    for (const radio of $$("[name=audience]", this.composer)) {
      $(".begun", radio.parentElement).hidden = radio.value === this.audience || !this.texts[radio.value];
    }
  }
}

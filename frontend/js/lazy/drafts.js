// What is typed stands in this tab at once, and on the server a second after the last key; one text for each audience.
// A save says which text it replaces: where another stands by now, of the same person's other tab, one is asked.
import { $, $$, me } from "../dom.js";
import { ask, sheet } from "./asking.js";

const SOON = 1000;

export class Drafts {
  constructor(composer) {
    this.composer = composer;
    this.texts = {};
    this.others = {};
    this.own = []; // what was sent from here lately: an answer may have got lost
    const { text } = composer;
    const early = text.value === text.defaultValue ? null : text.value; // somebody was faster than this script
    for (const radio of $$("[name=audience]", composer)) {
      const [seen, kept] = this.kept(radio.value);
      if (kept !== null) {
        this.seen(radio.value).value = seen;
        this.own.push(kept);
      }
      const unsaved = (radio.checked ? early : null) ?? kept;
      this.texts[radio.value] = unsaved ?? radio.dataset.draft;
      if (unsaved !== null) this.keep(radio.value, unsaved);
    }
    this.audience = composer.audience;
    this.show();
    text.addEventListener("input", () => this.typed());
    this.onHide = () => document.visibilityState === "hidden" && this.flush();
    document.addEventListener("visibilitychange", this.onHide);
    addEventListener("pagehide", this.onHide);
    this.onBack = () => this.again();
    addEventListener("online", this.onBack);
    document.addEventListener("reached", this.onBack);
    this.mark();
  }

  stop() {
    this.flush();
    document.removeEventListener("visibilitychange", this.onHide);
    removeEventListener("pagehide", this.onHide);
    removeEventListener("online", this.onBack);
    document.removeEventListener("reached", this.onBack);
  }

  key(audience) { return `draft:${me}:${this.composer.dataset.of}:${audience}`; }

  /* the mark of the text the page knows */
  seen(audience) { return this.composer.form.elements[`seen-${audience}`]; }

  kept(audience) {
    const whole = sessionStorage.getItem(this.key(audience));
    const at = whole?.indexOf("\n");
    return whole === null ? ["", null] : [whole.slice(0, at), whole.slice(at + 1)];
  }

  /* one goes on where one stopped */
  show() {
    const { text } = this.composer;
    text.value = this.texts[this.audience];
    text.setSelectionRange(text.value.length, text.value.length);
    this.question();
  }

  typed() {
    const { audience, composer } = this;
    this.texts[audience] = composer.text.value;
    this.keep(audience, composer.text.value);
    composer.say("");
    this.mark();
  }

  keep(audience, text) {
    sessionStorage.setItem(this.key(audience), `${this.seen(audience).value}\n${text}`);
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
    this.own = [text, ...this.own].slice(0, 9);
    this.going = new AbortController();
    const { signal } = this.going;
    const seen = this.seen(audience);
    try {
      const body = sheet({ audience, text, seen: seen.value });
      const answer = await ask(`${this.composer.dataset.base}draft/`, { method: "POST", body, keepalive, signal });
      if (answer.status === 409) return this.elsewhere(audience, text, await answer.json());
      if (!answer.ok) throw answer;
      seen.value = answer.headers.get("Draft-Seen");
      delete this.others[audience];
      this.question();
      if (this.kept(audience)[1] === text) sessionStorage.removeItem(this.key(audience));
      if (audience === this.audience && text && !this.waiting[audience]) this.composer.say(this.composer.dataset.saved);
    } catch {
      /* where it is kept for nobody the page says so */
      if (!signal.aborted) this.composer.say($("#toasts .anew") ? "" : this.composer.dataset.kept);
    } finally {
      if (this.going?.signal === signal) this.going = null;
    }
  }

  /* the connection is there again */
  again() {
    for (const { value } of $$("[name=audience]", this.composer)) {
      const [, text] = this.kept(value);
      if (text !== null && !this.waiting?.[value]) this.soon(value, text);
    }
  }

  /* another text stands there; what was sent from here, or is the beginning of what stands here, is none */
  elsewhere(audience, text, other) {
    if (this.own.includes(other.text) || text.startsWith(other.text)) {
      this.seen(audience).value = other.seen;
      if (!this.waiting[audience]) this.soon(audience, this.texts[audience]);
    } else if (text) {
      this.others[audience] = other;
      this.composer.say("");
      this.question();
    }
  }

  question() {
    const place = $(".comp-x", this.composer), other = this.others[this.audience];
    if ($("q", place)?.textContent === other?.text) return;
    place.replaceChildren();
    if (!other) return;
    place.append($("[data-elsewhere]", this.composer).content.cloneNode(true));
    $("q", place).textContent = other.text;
    $$("button", place).forEach((button) => button.addEventListener("click", () => this.decide(other, "take" in button.dataset)));
  }

  decide(other, isTaken) {
    const { audience, composer } = this;
    delete this.others[audience];
    this.seen(audience).value = other.seen;
    this.question();
    /* as if it were typed: this one is there again with Ctrl+Z */
    if (isTaken) composer.write(other.text, 0, composer.text.value.length);
    else this.keep(audience, composer.text.value);
    composer.text.focus();
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

  /* what was refused since things stand otherwise by now is asked for knowingly when it is sent again */
  answered(status) {
    if (this.away && status === 409) this.seen(this.away.audience).value = "";
    this.away = null;
  }

  /* but for what was typed after it */
  sent() {
    const { audience, text } = this.away ?? { audience: this.audience, text: "" };
    this.away = null;
    this.texts[this.audience] = this.composer.text.value;
    const now = this.texts[audience];
    this.texts[audience] = now.startsWith(text) ? now.slice(text.length) : now;
    sessionStorage.removeItem(this.key(audience));
    this.seen(audience).value = "";
    delete this.others[audience];
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

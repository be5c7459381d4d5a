// Of <ms-live>: what changes elsewhere appears here, and who else looks. One stream for all tabs of a browser; where there
// is none, the page looks for itself now and then. What is being typed, chosen or read in a menu waits.
import { $, $$, me, ours, toast } from "../dom.js";
import { tabs } from "./tabs.js";

const QUIET = 30_000; // ms without a sign from the stream
const POLL = 8_000;
const IDLE = 180_000;
const TOGETHER = 150; // what is told at once is looked at once
const MOST = 120; // subjects a stream holds; who is beyond them looks for itself
const left = () => import("./left.js");
/* a box that has the focus only holds nothing that could be lost */
const typed = (field) => /box|radio/.test(field.type) ? field.checked !== field.defaultChecked
  : field === document.activeElement || (field.type?.[0] !== "s" && field.value !== field.defaultValue);

export class Live {
  constructor(element) {
    this.element = element;
    this.dataset = element.dataset;
    const [first = "mine", second, third] = location.pathname.split("/").filter(Boolean);
    this.number = $("#record, [data-whole]") ? second : "";
    this.on = first !== "portal" ? (this.number ? `${first}/${second}` : first)
      : third ? `portal/${third}` : second === "inbox" ? second : first;
    this.tab = Math.random().toString(36).slice(2);
    this.heard = this.dataset.url ? Date.now() : 0;
    this.here = {};
    this.stale = 0;
    this.joined = []; // when the pages were drawn whose subjects the stream does not hold yet
    this.at = +this.dataset.at;
    this.swaps = 0;
    this.acted = Date.now();
    setInterval(() => this.tick(), 1000);
    document.addEventListener("visibilitychange", () => this.tick());
    document.addEventListener("htmx:after:swap", () => {
      this.tag = this.rung = ""; // they are of what stood there before
      this.swaps += 1;
      this.paint();
    });
    ["pointermove", "keydown", "pointerdown"].forEach((name) => addEventListener(name, () => { this.acted = Date.now(); }, { passive: true }));
    addEventListener("input", (event) => { if (event.target.closest("ms-composer, [data-whole]")) this.wrote = Date.now(); });
    $("button", this.element).addEventListener("click", () => {
      ($("tr.cur .c-title a") ?? $("main")).focus({ preventScroll: true }); // it goes when it is pressed
      this.refresh(true);
    });
    document.addEventListener("taken-back", () => this.refresh(true, false, true));
    document.addEventListener("overtaken", () => this.refresh(true));
    document.addEventListener("not-yours", () => this.end());
    /* what one was at may have been all that was waited for */
    addEventListener("focusout", () => { this.later = 0; });
    if (!this.dataset.url) return;
    addEventListener("pagehide", () => this.stand("gone"));
    addEventListener("pageshow", (event) => { if (event.persisted) this.grade = ""; });
    addEventListener("online", () => this.source && this.open());
    this.channel = new BroadcastChannel(`live ${me}`);
    this.channel.onmessage = ({ data }) => {
      if (!data.hello) return this.hear(data);
      this.joined.push(data.hello);
      if (this.source) this.soon();
    };
    tabs(this).then((found) => { this.tabs = found; });
  }

  /* whoever was not listened for must look at everything: their page is as old as can be */
  greet(anew) {
    if (anew) this.at = 1;
    this.channel.postMessage({ hello: this.at });
    if (this.source) this.soon();
  }

  /* a form on a page of its own stays as it is, whatever happens to its record */
  get target() { return $("#record") ?? $("[data-follows]"); }

  /* somebody else is signed in now: this page follows nothing more and tells nothing, in nobody's name */
  end() {
    this.over = true;
    this.close();
    this.channel?.close();
    this.tabs?.go();
  }

  /* -- the stream, in the tab that leads -- */
  soon() {
    clearTimeout(this.opening);
    this.opening = setTimeout(() => this.open(), 200);
  }

  close() {
    clearTimeout(this.opening);
    this.source?.close();
    this.source = null;
  }

  async words() { return [...new Set((await this.tabs.words()).filter(Boolean))].sort(); }

  async open() {
    this.source?.close();
    const words = this.asked = await this.words();
    if (this.over) return;
    let count = this.joined.length;
    const since = Math.min(...this.joined, this.at || Infinity);
    const from = (this.last ? `&after=${this.last}` : "") + (since < Infinity ? `&since=${since}` : "");
    const on = words.map((word) => `&on=${encodeURIComponent(word)}`).join("");
    const source = this.source = new EventSource(`${this.dataset.url}/live?${from}${on}`, { withCredentials: true });
    const tell = (kind) => (event) => {
      const told = { kind, what: event.data, last: event.lastEventId };
      this.channel.postMessage(told);
      this.hear(told);
    };
    ["message", "here", "place"].forEach((kind) => source.addEventListener(kind, tell(kind)));
    source.addEventListener("open", () => {
      this.tries = 0;
      this.joined.splice(0, count);
      count = 0;
      tell("open")({ data: { since, words } });
    });
    source.addEventListener("place", async () => { if (String(await this.words()) !== String(this.asked)) this.soon(); });
    source.addEventListener("error", () => {
      tell("away")({});
      if (source.readyState !== 2 || source !== this.source) return;
      this.tries = Math.min((this.tries ?? 0) + 1, 5);
      clearTimeout(this.opening);
      this.opening = setTimeout(() => this.open(), 2000 * 2 ** this.tries * (0.5 + Math.random()));
    });
  }

  /* -- what it tells, in every tab -- */
  hear({ kind, what, last }) {
    if (last) this.last = last;
    this.heard = kind === "away" ? 0 : Date.now();
    this.dataset.state = this.heard ? "told" : "looks";
    if (kind === "open") {
      this.beyond = what.words.indexOf(this.on) >= MOST;
      if (what.since <= this.at && what.words.includes(this.on)) this.at = 0;
      this.here = {};
      this.grade = "";
      this.later = 0;
      document.dispatchEvent(new Event("reached"));
      this.paint();
      this.tick();
    } else if (kind === "here") {
      const at = what.indexOf(":"), number = what.slice(0, at);
      /* what is nothing for this reader any more goes, even where a page waits */
      this.here[number] = JSON.parse(what.slice(at + 1)) ?? (left().then((it) => it.gone(number, this)), []);
      this.paint();
    } else if (kind === "message") this.changed(what);
  }

  changed(what) {
    if (what === "all") left().then((it) => it.others());
    if (what === "inbox" || what === "all") this.ring();
    if (what !== this.on && what !== "all") return;
    this.stale += 1;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      this.refresh(false, false, false, what === "all");
      /* what stands beside a list that waits is looked at none the less: it may be there for its reader no more */
      const list = this.stale && $("ms-list"), number = list?.shown?.();
      if (number) list.peek(number);
    }, TOGETHER);
  }

  tick() {
    if (this.over) return;
    this.tabs?.tick();
    if (document.hidden === false && this.stale) this.refresh();
    if (document.hidden === false && this.unrung) this.ring();
    if ((this.beyond || Date.now() - this.heard > QUIET) && Date.now() - (this.polled ?? 0) > POLL && !document.hidden) {
      this.polled = Date.now();
      this.refresh(false, true);
      this.ring();
    }
    const grade = document.hidden || Date.now() - this.acted > IDLE ? "idle" : Date.now() - (this.wrote ?? 0) < 10_000 ? "writing" : "viewing";
    if (this.number && this.heard && grade !== this.grade) this.stand(this.grade = grade);
  }

  /* -- the page -- */
  busy(text) {
    /* a form of the portal that is there afterwards, too, is left alone */
    this.typing = $$("form[data-keeps]", this.target).filter((form) => this.on.startsWith("portal")
      && $$("input, textarea", form).some(typed) && (text?.includes(`action="${form.getAttribute("action")}"`) ?? true));
    /* what was looked for in the menu of a row is done with when that is closed; what is typed elsewhere stays in its field */
    return $("dialog[open]") || $("[popover]:popover-open, [draggable=true]", this.target)
      || $$("input:not([type=hidden]), textarea, select", this.target)
        .some((f) => !f.closest("[hx-morph-skip], [popover]:not(:popover-open)") && !this.typing.includes(f.form) && typed(f));
  }

  async fetch(address, target, last) {
    const headers = { "HX-Target": target, ...(last && { "If-None-Match": last }) };
    try {
      const answer = await ours(address, { headers });
      if (this.lost) document.dispatchEvent(new Event("reached"));
      this.lost = false;
      /* it leads elsewhere where it is not for its reader any more */
      return { status: answer.redirected ? 404 : answer.status, tag: answer.headers.get("ETag"), text: await answer.text() };
    } catch {
      this.lost = true;
      return {};
    }
  }

  /* what was taken back here was told by its toast; a page that waits is `judged` none the less, where its reader's rights
     may be others now: what it shows of what is not theirs goes */
  async refresh(asked, poll, own, judged) {
    if (!this.target) return;
    const chip = $("button", this.element);
    const waits = !asked && this.busy();
    const shows = this.stale && (waits && this.target.id === "queue" || this.held);
    chip.textContent = this.dataset.changes.replace("{n}", this.stale);
    if (shows && chip.hidden) this.say(chip.textContent);
    chip.hidden = !shows;
    if (asked && this.fetching) this.stale += 1;
    if (document.hidden || (waits && !judged) || this.fetching || (!asked && Date.now() < this.later)) return;
    const { stale, swaps } = this;
    this.stale = 0;
    this.fetching = true;
    const { status, tag, text } = await this.fetch(location.href, `${this.target.localName}#${this.target.id}`, poll && this.tag);
    this.fetching = false;
    if (this.over) return;
    /* what it shows is there for its reader no more; whoever is signed out is told so by the bell */
    if (status === 403 || status === 404) return (await left()).leave(this.target);
    if (status === 304) return;
    if (status !== 200) return this.wait(poll ? stale : stale || 1);
    /* a page that has no such part answers whole; it stays as it is until somebody loads it */
    if (/^\s*<!doctype/i.test(text)) return;
    /* nor is an answer from before what was done meanwhile laid over it: it is looked for once more */
    document.dispatchEvent(new CustomEvent("fresh", { detail: text }));
    if (this.swaps !== swaps) { this.stale += stale || 1; return; }
    if (waits) (await left()).withdraw((row) => !text.includes(`id="${row.id}"`));
    this.held = this.busy(text) && !asked;
    if (this.held) return this.wait(stale || 1);
    const before = $$("#timeline > li").length;
    this.failed = 0;
    const { typing } = this;
    typing.forEach((form) => form.setAttribute("hx-morph-skip", ""));
    await window.htmx.swap({ target: this.target, text, swap: "innerMorph", sourceElement: this.target });
    typing.forEach((form) => form.removeAttribute("hx-morph-skip"));
    this.tag = tag;
    const fresh = before ? $$("#timeline > li").slice(before) : [];
    fresh.forEach((line) => line.classList.add("fresh"));
    if (own) fresh.pop();
    if (fresh.length) this.say(`${this.dataset.news} ${fresh.map((line) => line.innerText).join(" ")}`.slice(0, 300));
  }

  say(words) { $("[aria-live]", this.element).textContent = words; }

  /* it is not seen yet: it is looked for again, each time a little later */
  wait(stale) {
    this.stale += stale;
    this.failed = Math.min((this.failed ?? 0) + 1, 5);
    this.later = Date.now() + 500 * 2 ** this.failed;
  }

  async ring() {
    const bell = $("a.bell");
    this.unrung = document.hidden;
    if (!bell || this.unrung) return;
    const { status, tag, text } = await this.fetch(`${bell.pathname}bell/`, "bell", this.rung);
    if (status === 401) return this.shut();
    if (status !== 200) return;
    this.rung = tag;
    const rung = new DOMParser().parseFromString(text, "text/html");
    const made = $("a", rung);
    ["aria-label", "title"].forEach((name) => bell.setAttribute(name, made.getAttribute(name)));
    bell.replaceChildren(...made.childNodes);
    document.dispatchEvent(new Event("rung"));
    /* work that ended is told with it */
    $$(".toast", rung).forEach((made) => {
      $("#toasts").append(made);
      document.dispatchEvent(new CustomEvent("toast", { detail: { made } }));
    });
  }

  /* the session has ended, here or from elsewhere: nothing is to be read on until its person is back, who finds what they
     typed, and what changed meanwhile */
  async shut() {
    if (this.shuts || this.over) return;
    this.shuts = true;
    const { signIn } = await import("./signin.js");
    await signIn(true).then(() => {
      this.later = 0;
      if (this.source) this.open();
      this.refresh();
      this.rung = "";
    }, () => {});
    this.shuts = false;
  }

  /* -- who is here -- */
  stand(grade) {
    if (!this.number || this.over) return;
    const body = new URLSearchParams({ by: me, of: this.on, tab: this.tab, as: grade });
    fetch(`${this.dataset.url}/live/here`, { method: "POST", body, credentials: "include", keepalive: true })
      .then(({ status }) => status === 403 && this.ring(), () => {});
  }

  paint() {
    this.seen ||= Object.values(this.here).some(([one]) => one);
    if (this.seen) import("./eyes.js").then(({ eyes }) => eyes(this));
  }
}

/* one of the two holds: the other is said no more */
for (const [name, other] of [["offline", "online"], ["online", "offline"]]) addEventListener(name, () => {
  const { dataset } = document.body;
  $$("#toasts .toast").find((one) => one.textContent === dataset[`is${other}`])?.remove();
  toast(dataset[`is${name}`]);
});

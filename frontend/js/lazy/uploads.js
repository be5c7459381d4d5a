// Files that are pasted, dropped anywhere on the record or chosen go ahead at once; the text names them.
import { $, heed, toast } from "../dom.js";
import { sheet } from "./asking.js";

const LARGEST = 25 * 1024 * 1024;

export class Uploads {
  constructor(composer) {
    this.composer = composer;
    this.list = $(".comp-u", composer);
    this.all = new Set(); // what is not there yet: on its way, or failed and kept to be tried again
    this.input = $("[type=file]", composer);
    if (!this.input) return;
    this.input.addEventListener("change", () => {
      this.take(this.input.files);
      this.input.value = "";
    });
    composer.text.addEventListener("paste", (event) => {
      /* a table or a page is copied as text and as a picture of it: the text is meant */
      if (event.clipboardData.types.includes("text/plain")) return;
      if (event.clipboardData.files.length) event.preventDefault();
      this.take(event.clipboardData.files);
    });
    this.place = $("#record") ?? composer;
    this.onDrag = (event) => this.drag(event);
    ["dragover", "dragleave", "drop"].forEach((name) => this.place.addEventListener(name, this.onDrag));
  }

  stop() {
    ["dragover", "dragleave", "drop"].forEach((name) => this.place?.removeEventListener(name, this.onDrag));
  }

  drag(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.composer.classList.toggle("over", event.type === "dragover");
    if (event.type === "drop") this.take(event.dataTransfer.files);
  }

  take(files) { [...files].forEach((file) => this.start(file)); }

  /* what the open text waits for before it is sent; the other one has its own */
  get going() { return new Set([...this.all].filter(({ audience }) => audience === this.composer.audience)); }

  start(file) {
    const { composer } = this;
    const upload = { file, audience: composer.audience, line: document.createElement("li") };
    const before = composer.text.value.slice(0, composer.text.selectionStart);
    composer.preview.close();
    composer.write(this.holder(upload, before));
    this.list.append(upload.line);
    this.list.hidden = false;
    this.begin(upload);
  }

  /* once more, and the picture stands where it would have stood, if what is before that is still there */
  again(upload) {
    const whole = this.whole(upload), before = whole.startsWith(upload.before) ? upload.before : whole;
    this.put(upload, before.length, before.length, this.holder(upload, before));
    this.begin(upload);
  }

  begin(upload) {
    this.all.add(upload);
    upload.failed = false;
    upload.done = this.send(upload);
  }

  /* what holds its place in the text, on a line of its own */
  holder(upload, before) {
    const word = this.composer.dataset.uploading, name = upload.file.name.replace(/[[\]\\]/g, " ");
    upload.place = `![${word} ${name} …]()`;
    for (let n = 2; this.whole(upload).includes(upload.place); n++) upload.place = `![${word} ${name} (${n}) …]()`;
    upload.lead = before && !before.endsWith("\n") ? "\n" : "";
    return `${upload.lead}${upload.place}\n`;
  }

  button(text, name, press) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn quiet s";
    button.textContent = text;
    button.setAttribute("aria-label", `${text}: ${name}`);
    button.onclick = press;
    return button;
  }

  progress({ line, file }, stop) {
    const called = document.createElement("bdi");
    called.textContent = file.name;
    called.className = "trunc";
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    line.className = "";
    this.fill(line, called, bar, this.button(this.composer.dataset.stop, file.name, stop));
    return bar;
  }

  /* whoever is in it stays in it */
  fill(line, ...parts) {
    const had = line.contains(document.activeElement);
    line.replaceChildren(...parts);
    if (had) $("button", line).focus();
  }

  /* what is there, or was given up on purpose, has no line any more */
  async send(upload) {
    const { composer } = this;
    try {
      if (upload.file.size > LARGEST) throw { told: composer.dataset.large, isRefused: true };
      const { text, warning } = await this.post(upload);
      this.replace(upload, text);
      this.drop(upload);
      toast(warning);
    } catch (reason) {
      this.replace(upload, "");
      if (reason === "stopped") return this.drop(upload);
      /* what was refused would be refused again */
      upload.failed = !reason.isRefused;
      if (!upload.failed) this.all.delete(upload);
      this.refuse(upload, reason.told ?? composer.dataset.failed);
    }
  }

  post(upload) {
    const { file, audience } = upload;
    const address = `${this.composer.dataset.base}uploads/`;
    return new Promise((done, fail) => {
      const request = new XMLHttpRequest();
      const bar = this.progress(upload, () => { request.abort(); });
      request.open("POST", address);
      request.setRequestHeader("HX-Request", "true");
      request.upload.onprogress = (event) => { bar.value = event.loaded / event.total; };
      request.onabort = () => fail("stopped");
      request.onerror = () => fail({});
      request.onload = async () => {
        const trigger = request.getResponseHeader("HX-Trigger");
        const told = JSON.parse(trigger ?? "{}").toast?.text;
        heed(trigger);
        if (request.status === 401) {
          /* whoever does not sign in has not sent it */
          const { signIn } = await import("./signin.js");
          signIn().then(() => this.post(upload).then(done, fail), () => fail({}));
        } else if (request.status === 201) {
          done({ ...JSON.parse(request.responseText), warning: told });
        } else fail({ told, isRefused: told && request.status < 500 && request.status !== 429 });
      };
      request.send(sheet({ file, audience }));
    });
  }

  /* the text it belongs to: the one that is open, or the other one */
  whole({ audience }) {
    const { composer } = this;
    return composer.audience === audience ? composer.text.value : composer.drafts.texts[audience];
  }

  put(upload, from, to, text) {
    const { composer } = this, { audience } = upload;
    if (composer.audience !== audience) {
      const whole = this.whole(upload), { texts } = composer.drafts;
      texts[audience] = whole.slice(0, from) + text + whole.slice(to);
      composer.drafts.soon(audience, texts[audience]);
      return;
    }
    /* whoever writes just there goes on behind it */
    const isHere = from === to && composer.text.selectionStart === from;
    composer.text.setRangeText(text, from, to, isHere ? "end" : "preserve");
    composer.text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /* the placeholder, wherever it stands by now */
  replace(upload, text) {
    const whole = this.whole(upload), { lead } = upload;
    /* where nothing takes its place the line it made goes with it */
    const line = `${lead}${upload.place}\n`;
    const place = !text && whole.includes(line) ? line : upload.place;
    const at = whole.indexOf(place);
    upload.before = at < 0 ? whole : whole.slice(0, at);
    if (at >= 0) this.put(upload, at, at + place.length, text);
  }

  refuse(upload, reason) {
    const { line, file: { name } } = upload, { again, away } = this.composer.dataset;
    line.className = "err";
    const told = document.createElement("span");
    told.setAttribute("role", "alert");
    told.textContent = `${name}: ${reason}`;
    const buttons = [this.button(away, name, () => { this.drop(upload); this.composer.text.focus(); })];
    if (upload.failed) buttons.unshift(this.button(again, name, () => this.again(upload)));
    this.fill(line, told, ...buttons);
  }

  drop(upload) {
    const had = upload.line.contains(document.activeElement);
    this.all.delete(upload);
    upload.line.remove();
    this.list.hidden = !this.list.children.length;
    if (had) this.composer.text.focus();
  }

  /* what failed is tried once more; where it is not there even then, nothing is sent, and it says so */
  async settled() {
    if (this.waits) return false; // pressed again: it goes once
    this.waits = true;
    const { audience } = this.composer, wanted = [...this.going];
    /* the last first: each goes before those that came after it */
    wanted.filter(({ failed }) => failed).reverse().forEach((upload) => this.again(upload));
    await Promise.all(wanted.map(({ done }) => done));
    this.waits = false;
    const left = wanted.filter(({ line }) => line.isConnected);
    left.filter(({ failed }) => failed).forEach((upload) => this.refuse(upload, this.composer.dataset.missing));
    return !left.length && this.composer.audience === audience;
  }

  /* what was sent has its files; those of the other text stay */
  clear() {
    const kept = [...this.all].map(({ line }) => line);
    this.list.replaceChildren(...kept);
    this.list.hidden = !kept.length;
    /* that nothing was sent is true no more */
    this.all.forEach((upload) => upload.failed && this.refuse(upload, this.composer.dataset.failed));
  }
}

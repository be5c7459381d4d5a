// Files that are pasted, dropped anywhere on the record or chosen go ahead at once; the text names them.
import { $, heed } from "../dom.js";
import { sheet } from "./asking.js";

const LARGEST = 25 * 1024 * 1024;

export class Uploads {
  constructor(composer) {
    this.composer = composer;
    this.list = $(".comp-u", composer);
    this.going = new Set();
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

  start(file) {
    const { composer } = this;
    const name = file.name.replace(/[[\]\\]/g, " ");
    let place = `![${composer.dataset.uploading} ${name} …]()`;
    for (let n = 2; composer.text.value.includes(place); n++) place = `![${composer.dataset.uploading} ${name} (${n}) …]()`;
    const upload = { file, place, audience: composer.audience, line: this.line(file.name) };
    const before = composer.text.value.slice(0, composer.text.selectionStart);
    composer.preview.close();
    upload.lead = before && !before.endsWith("\n") ? "\n" : "";
    composer.write(`${upload.lead}${place}\n`);
    upload.done = this.send(upload);
    this.going.add(upload);
    upload.done.finally(() => this.going.delete(upload));
  }

  line(name) {
    const line = document.createElement("li");
    const called = document.createElement("bdi");
    called.textContent = name;
    called.className = "trunc";
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", name);
    const stop = document.createElement("button");
    stop.type = "button";
    stop.className = "btn quiet s";
    stop.textContent = this.composer.dataset.stop;
    line.append(called, bar, stop);
    this.list.append(line);
    this.list.hidden = false;
    return line;
  }

  /* true where it is there, or was given up on purpose */
  async send(upload) {
    const { composer } = this;
    try {
      if (upload.file.size > LARGEST) throw composer.dataset.large;
      const { text, warning } = await this.post(upload);
      this.replace(upload, text);
      this.drop(upload.line);
      if (warning) document.dispatchEvent(new CustomEvent("toast", { detail: { text: warning } }));
      return true;
    } catch (reason) {
      this.replace(upload, "");
      if (reason === "stopped") {
        this.drop(upload.line);
        return true;
      }
      this.refuse(upload, reason);
      return false;
    }
  }

  post(upload) {
    const { line, file, audience } = upload;
    const address = `${this.composer.dataset.base}uploads/`;
    return new Promise((done, fail) => {
      const request = new XMLHttpRequest();
      $("button", line).onclick = () => { request.abort(); };
      request.open("POST", address);
      request.setRequestHeader("HX-Request", "true");
      request.upload.onprogress = (event) => { $("progress", line).value = event.loaded / event.total; };
      request.onabort = () => fail("stopped");
      request.onerror = () => fail(this.composer.dataset.failed);
      request.onload = async () => {
        const trigger = request.getResponseHeader("HX-Trigger");
        const told = JSON.parse(trigger ?? "{}").toast?.text;
        heed(trigger);
        if (request.status === 401) {
          /* whoever does not sign in has not sent it */
          const { signIn } = await import("./signin.js");
          signIn().then(() => this.post(upload).then(done, fail), () => fail(this.composer.dataset.failed));
        } else if (request.status === 201) {
          done({ ...JSON.parse(request.responseText), warning: told });
        } else fail(told ?? this.composer.dataset.failed);
      };
      request.send(sheet({ file, audience }));
    });
  }

  /* the placeholder, wherever it stands by now: in the text that is open, or in the other one */
  replace({ place, lead, audience }, text) {
    const { composer } = this;
    const { texts } = composer.drafts;
    const whole = composer.audience === audience ? composer.text.value : texts[audience];
    /* where nothing takes its place the line it made goes with it */
    if (!text && whole.includes(`${lead}${place}\n`)) place = `${lead}${place}\n`;
    if (composer.audience !== audience) {
      texts[audience] = whole.replace(place, () => text);
      composer.drafts.soon(audience, texts[audience]);
      return;
    }
    const at = whole.indexOf(place);
    if (at < 0) return;
    composer.text.setRangeText(text, at, at + place.length, "preserve");
    composer.text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  refuse({ line, file }, reason) {
    line.className = "err";
    const told = document.createElement("span");
    told.setAttribute("role", "alert");
    told.textContent = `${file.name}: ${reason}`;
    const away = $("button", line);
    away.textContent = this.composer.dataset.away;
    away.onclick = () => { this.drop(line); this.composer.text.focus(); };
    line.replaceChildren(told, away);
  }

  drop(line) {
    line.remove();
    this.list.hidden = !this.list.children.length;
  }

  async settled() {
    const all = await Promise.all([...this.going].map((upload) => upload.done));
    return all.every(Boolean);
  }

  clear() { this.list.replaceChildren(); this.list.hidden = true; }
}

// A session that ended while a page was open: one signs in over the page, and what was to be done is done.
import { $, $$, me } from "../dom.js";

let asked = null, closes = false;

/* one dialog, however many wait for it; it resolves when the same person is signed in again. Where nobody did anything it
   `closes` the page: what stands there is covered until then, for whoever it may be who sits before it now */
export function signIn(closing) {
  closes ||= !!closing;
  $("dialog.again")?.classList.toggle("shut", closes);
  return asked ??= open().finally(() => { asked = null; closes = false; });
}

async function fill(dialog, options) {
  /* in the language of the page it covers, whatever the browser would ask for */
  const headers = { "HX-Request": "true", "HX-Target": "dialog#again", "Accept-Language": document.documentElement.lang };
  const answer = await fetch("/sign-in", { ...options, headers });
  if (answer.status === 204) return JSON.parse(answer.headers.get("HX-Trigger"))["signed-in"].person;
  dialog.innerHTML = await answer.text();
  $("form", dialog).className = "dlg";
  /* whoever was here is most likely who comes back; a page that was closed names nobody */
  if (!closes) $("[name=username]", dialog).value ||= document.body.dataset.login ?? "";
  enter(dialog);
  return "";
}

const enter = (dialog) => ($(".errsum", dialog) ?? $$("input:not([type=hidden])", dialog).find((field) => !field.value))?.focus();

/* whoever is here now may load the page, and sees what is theirs to see */
function anothers(dialog, detail) {
  const form = $("form", dialog), said = document.createElement("p"), button = document.createElement("button");
  if (!form) return;
  const head = $("#again", form);
  head.textContent = detail.head;
  said.textContent = detail.closed;
  button.textContent = detail.anew;
  button.className = "btn pri";
  button.addEventListener("click", () => location.replace(location.pathname + location.search));
  const whole = document.createElement("div");
  whole.className = "dlg";
  whole.append(head, said, button);
  form.replaceWith(whole);
  button.focus();
}

function open() {
  const dialog = document.createElement("dialog");
  dialog.className = closes ? "again shut" : "again";
  document.body.append(dialog);
  dialog.setAttribute("aria-labelledby", "again");
  const before = document.activeElement;
  const gone = new AbortController();
  return new Promise((done, leave) => {
    const away = () => leave(new DOMException("", "AbortError"));
    /* one slip with Escape loses nothing of what was typed; whoever insists leaves for the page of the sign-in */
    dialog.addEventListener("cancel", (event) => closes && event.preventDefault());
    dialog.addEventListener("close", () => {
      gone.abort();
      dialog.remove();
      if (closes && !dialog.entered) return location.reload();
      before?.focus();
      away();
    });
    /* somebody else is signed in by now: the page says so itself, and what was typed can be taken from it; one that was
       closed stays covered, for it is not theirs to read */
    document.addEventListener("not-yours", ({ detail }) => {
      if (closes && dialog.open) return anothers(dialog, detail);
      dialog.entered = true;
      if (dialog.open) dialog.close();
    }, { signal: gone.signal });
    dialog.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (isIn(await fill(dialog, { method: "POST", body: new FormData(event.target) }))) dialog.close();
    });
    /* nobody is asked where one signed in meanwhile, in another tab */
    fill(dialog).then((person) => {
      if (!person) {
        dialog.showModal();
        return enter(dialog);
      }
      gone.abort();
      dialog.remove();
      if (closes && person !== me) away();
      else isIn(person);
    }, (error) => { gone.abort(); dialog.remove(); leave(error); });
    function isIn(person) {
      /* somebody else: this page is not theirs */
      if (person && person !== me) location.reload();
      else if (person) done();
      return dialog.entered = person === me;
    }
  });
}

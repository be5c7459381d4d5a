// A session that ended while a page was open: one signs in over the page, and what was to be done is done.
import { $, me } from "../dom.js";

let asked = null;

/* one dialog, however many wait for it; it resolves when the same person is signed in again */
export const signIn = () => asked ??= open().finally(() => { asked = null; });

async function fill(dialog, options) {
  const headers = { "HX-Request": "true", "HX-Target": "dialog#again" };
  const answer = await fetch("/sign-in", { ...options, headers });
  if (answer.status === 204) return JSON.parse(answer.headers.get("HX-Trigger"))["signed-in"].person;
  dialog.innerHTML = await answer.text();
  $("form", dialog).className = "dlg";
  ($(".errsum", dialog) ?? $("input:not([type=hidden])", dialog)).focus();
  return "";
}

function open() {
  const dialog = document.createElement("dialog");
  dialog.className = "again";
  document.body.append(dialog);
  dialog.setAttribute("aria-labelledby", "again");
  const before = document.activeElement;
  return new Promise((done, leave) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      before?.focus();
      leave(new DOMException("", "AbortError"));
    });
    dialog.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (isIn(await fill(dialog, { method: "POST", body: new FormData(event.target) }))) dialog.close();
    });
    /* nobody is asked where one signed in meanwhile, in another tab */
    fill(dialog).then((person) => person ? isIn(person) && dialog.remove() : dialog.showModal(), leave);
    function isIn(person) {
      /* somebody else: this page is not theirs */
      if (person && person !== me) location.reload();
      else if (person) done();
      return person === me;
    }
  });
}

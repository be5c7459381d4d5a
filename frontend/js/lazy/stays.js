// What stays in this tab, and how a form says that something of it is there.
import { $ } from "../dom.js";

export const get = (key, none) => JSON.parse(sessionStorage.getItem(key)) ?? none;
export function put(key, what) {
  if (Object.keys(what).length) sessionStorage.setItem(key, JSON.stringify(what));
  else sessionStorage.removeItem(key);
}

export function note(form, kind, words, ...acts) {
  const note = document.createElement("div");
  note.className = `row wrap t13 sec ${kind}`;
  note.setAttribute("role", "status");
  note.append(words, ...acts.map(([text, act]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn s";
    button.textContent = text;
    button.addEventListener("click", () => act(note));
    return button;
  }));
  $(".field", form).before(note);
}

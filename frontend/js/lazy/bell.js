// The bell as the server draws it by now.
import { $, $$ } from "../dom.js";

export function hang(bell, text) {
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

// Whether the form that was sent from the page before (lazy/kept.js names it) was taken: then its text is kept no more.
// At once, on every page: who goes on at the speed of thought must not find it again in the next form.
import { $, me } from "./dom.js";

export const SENT = "sent";

/* every form that was taken ends in a redirect; no connection, a refusal and the way to the sign-in do not, or have no
   person, or say that they failed */
const sent = sessionStorage.getItem(SENT);
if (sent) {
  sessionStorage.removeItem(SENT);
  const [arrived] = performance.getEntriesByType("navigation");
  const isTaken = arrived?.type === "navigate" && arrived.redirectCount > 0 && location.hash !== "#unsent";
  if (isTaken && me && sent.startsWith(`kept:${me}:`) && !$("[data-refused]")) sessionStorage.removeItem(sent);
}
/* a page that comes back as it was left was sent from, and not left by it */
addEventListener("pageshow", (event) => event.persisted && sessionStorage.removeItem(SENT));

// What changes something is sent once: while a form is on its way its next submit is nothing, by htmx or without. Its
// button says so and keeps the focus. It is free again after the answer or a failure, and on a page that comes back.
const LEAVES = 30_000; // ms until a page that did not go after all, since somebody stopped it, sends its forms again
const away = new Map();

const changes = (form, button) => form.hasAttribute("hx-post") || (button?.formMethod || form.method) === "post";

function hold(form, button, ms) {
  free(form);
  button ??= form.querySelector("button:enabled:not([type=button])");
  away.set(form, { button, timer: ms && setTimeout(free, ms, form) });
  button?.setAttribute("aria-busy", true);
}
function free(form) {
  const { button, timer } = away.get(form) ?? {};
  clearTimeout(timer);
  button?.removeAttribute("aria-busy");
  away.delete(form);
}

/* before anything else hears of it */
addEventListener("submit", (event) => {
  if (!away.has(event.target) || !changes(event.target, event.submitter)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
/* after all who might have kept it from going; what htmx sends it has kept from going by itself */
addEventListener("submit", ({ target, submitter, defaultPrevented }) => {
  if (!defaultPrevented && !target.target && changes(target, submitter)) hold(target, submitter, LEAVES);
});
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (ctx.sourceElement.matches?.("form") && ctx.request.method !== "GET") hold(ctx.sourceElement, ctx.request.submitter);
});
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const held = away.get(ctx.sourceElement);
  /* an answer that leads to another page is done when that is there */
  if (held && ctx.keepIndicators) hold(ctx.sourceElement, held.button, LEAVES);
  else if (held) free(ctx.sourceElement);
});
addEventListener("pageshow", ({ persisted }) => persisted && [...away.keys()].forEach(free));

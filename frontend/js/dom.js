// Words every script uses.
export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
export const typing = (event) => event.target.closest?.("input:not(.cb), textarea, select, [contenteditable]");
/* single characters are keys unless the person switched them off: the server says so on every page */
export const letters = () => document.body.dataset.letters !== "off";
/* whose page this is */
export const me = document.body.dataset.person;
/* what is asked beside htmx says it too; where somebody else is signed in now it is refused, and the page told */
export async function ours(address, options = {}) {
  const headers = { "HX-Request": "true", ...JSON.parse(document.body.getAttribute("hx-headers:inherited")), ...options.headers };
  const answer = await fetch(address, { ...options, headers });
  heed(answer.headers.get("HX-Trigger"));
  return answer;
}
export function heed(told) {
  const detail = JSON.parse(told ?? "{}")["not-yours"];
  if (detail) document.dispatchEvent(new CustomEvent("not-yours", { detail }));
}
/* what this person opened lately in this browser, by its numbers: the first word of it says whose it is */
export const recent = () => {
  const [whose, ...numbers] = (localStorage.recent ?? "").split(",");
  return whose === me ? numbers : [];
};
export const toast = (text, lasts) => text && document.dispatchEvent(new CustomEvent("toast", { detail: { text, lasts } }));

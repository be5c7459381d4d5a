// Words every script uses.
export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
export const typing = (event) => event.target.closest?.("input:not(.cb), textarea, select, [contenteditable]");
/* single characters are keys unless the person switched them off: the server says so on every page */
export const letters = () => document.body.dataset.letters !== "off";
/* what this person opened lately in this browser, by its numbers: the first word of it says whose it is */
export const recent = () => {
  const [whose, ...numbers] = (localStorage.recent ?? "").split(",");
  return whose === document.body.dataset.person ? numbers : [];
};
export const toast = (text) => text && document.dispatchEvent(new CustomEvent("toast", { detail: { text } }));

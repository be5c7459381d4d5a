// Words every script uses.
export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
export const typing = (event) => event.target.closest?.("input:not(.cb), textarea, select, [contenteditable]");
/* whether single letters do something on a page */
export const letters = () => true;

// The words every script uses.
export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
export const typing = (event) => event.target.closest?.("input:not(.cb), textarea, select, [contenteditable]");
// Whether a letter pressed by itself acts.
export const letters = () => true;

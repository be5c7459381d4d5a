// Helpers of whoever writes Markdown: marks around what is selected, and how it will look.
import { $, $$ } from "../dom.js";
import { ask, sheet } from "./asking.js";

const AROUND = { bold: ["**", "**"], italic: ["*", "*"], code: ["`", "`"], link: ["[", "](https://)"] };
const KEYS = { b: "bold", i: "italic" };

export function marks(composer) {
  const put = (name) => {
    const { selectionStart: from, selectionEnd: to, value } = composer.text;
    const chosen = value.slice(from, to);
    if (name === "list") {
      const start = value.lastIndexOf("\n", from - 1) + 1;
      const lines = value.slice(start, to).split("\n").map((line) => `- ${line}`);
      return composer.write(lines.join("\n"), start, to);
    }
    const [before, after] = name === "code" && chosen.includes("\n") ? ["```\n", "\n```"] : AROUND[name];
    composer.write(before + chosen + after, from, to);
    /* nothing selected: one goes on writing inside; a link: its address is what is still to come */
    const at = from + before.length;
    if (name === "link" && chosen) composer.text.setSelectionRange(at + chosen.length + 2, at + chosen.length + 10);
    else composer.text.setSelectionRange(at, at + chosen.length);
  };
  for (const button of $$("[data-mark]", composer)) {
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => put(button.dataset.mark));
  }
  composer.text.addEventListener("keydown", (event) => {
    const name = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && KEYS[event.key];
    if (!name) return;
    event.preventDefault();
    put(name);
  });
}

export function preview(composer) {
  const shown = $(".comp-p", composer);
  const button = $("[data-preview]", composer);
  const show = (open) => {
    button.setAttribute("aria-pressed", open);
    shown.hidden = !open;
    const had = document.activeElement === composer.text;
    composer.text.hidden = open;
    /* what is hidden loses the focus, and keys would be the page's */
    if (had && open) button.focus();
    composer.classList.toggle("shown", open);
  };
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", async () => {
    if (!shown.hidden) {
      show(false);
      return composer.text.focus();
    }
    const body = sheet({ text: composer.text.value, audience: composer.audience });
    const answer = await ask(`${composer.dataset.base}preview/`, { method: "POST", body }).catch(() => null);
    if (!answer?.ok) return composer.say(composer.dataset.failed);
    const drawn = await answer.text();
    if (drawn.trim()) shown.innerHTML = drawn;
    else shown.textContent = composer.dataset.nothing;
    show(true);
  });
  return { close: () => show(false) };
}

// Of a field of files that says how large one may be: one that is not taken is told of as soon as it is chosen, and
// nothing is sent with it.
import { $, $$ } from "../dom.js";

const FIELD = "[type=file][data-largest]";
const TURNS = /[\u202a-\u202e\u2066-\u2069]/g; // in a name they turn the rest of the sentence around

function wrong({ files, dataset }) {
  return [...files].map(({ name, size }) => [name, !size ? dataset.empty : size > +dataset.largest ? dataset.large : ""])
    .filter(([, words]) => words).map(([name, words]) => words.split("{name}").join(name.replace(TURNS, "")));
}

function look(field) {
  const box = field.closest(".field"), texts = wrong(field);
  $$(".err", box).forEach((one) => one.remove());
  const told = texts.map((text, i) => {
    const line = document.createElement("span");
    line.className = "err";
    line.id = `e-${field.name}-${i + 1}`;
    line.setAttribute("role", "alert");
    line.append($("template", box).content.cloneNode(true), text);
    return line;
  });
  box.append(...told);
  field.setAttribute("aria-describedby", [`h-${field.name}`, ...told.map(({ id }) => id)].join(" "));
  if (told.length) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}

document.addEventListener("change", ({ target }) => target.matches?.(FIELD) && look(target));
/* before anything else takes it for sent */
document.addEventListener("submit", (event) => {
  const field = $$(FIELD, event.target).find((one) => wrong(one).length);
  if (!field) return;
  event.preventDefault();
  look(field);
  field.focus();
}, true);

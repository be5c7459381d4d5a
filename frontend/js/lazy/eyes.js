// Who else is here: beside the head of a record, and in a list beside the title of what they look at.
import { $, $$ } from "../dom.js";

const said = (live, [, , name, grade]) => live.dataset[grade].replace("{name}", name);

/* a pencil for who writes, an eye for the others: a small screen has no room for the words */
const glyph = (live, grade) => $("template", live.element).content.children[+(grade === "writing")].cloneNode(true);

function face(live, person) {
  const [initials, hue, , grade] = person;
  const avatar = Object.assign(document.createElement("span"), {
    className: `av av-m ${grade}`, textContent: initials, title: said(live, person), ariaHidden: "true",
  });
  avatar.dataset.h = hue;
  if (grade === "writing") avatar.append(glyph(live, grade));
  return avatar;
}

export function eyes(live) {
  const there = live.here[live.number] ?? [];
  $(".avs", live.element).replaceChildren(...there.slice(0, 4).map((person) => face(live, person)));
  $(".said", live.element).textContent = there.length ? said(live, there[0]) + (there.length > 1 ? ` +${there.length - 1}` : "") : "";
  $$("#queue .eye").forEach((eye) => eye.remove());
  for (const [number, [person]] of Object.entries(live.here)) {
    const cell = person && $(`#queue #${CSS.escape(number)} .c-title`);
    if (!cell) continue;
    const eye = Object.assign(document.createElement("span"), { className: `eye ${person[3]}` });
    eye.append(glyph(live, person[3]), said(live, person));
    ($(".c-about", cell) ?? cell).append(eye);
  }
}

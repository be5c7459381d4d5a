// Who looks at a record of a list, or writes there, beside its title.
import { $, $$ } from "../dom.js";

export function eyes(live) {
  $$("#queue .eye").forEach((eye) => eye.remove());
  for (const [number, [person]] of Object.entries(live.here)) {
    const cell = person && $(`#${CSS.escape(number)} .c-title`);
    if (!cell) continue;
    const eye = Object.assign(document.createElement("span"), { className: `eye ${person[3]}` });
    eye.append(live.glyph(person[3]), live.said(person));
    ($(".c-about", cell) ?? cell).append(eye);
  }
}

// One form, several matters: what was typed for the title an address brought (`data-begun`) never stands below another
// title. What was begun before is put aside, is told of, and comes back when there is room.
import { $, me } from "../dom.js";
import { get, note, put } from "./stays.js";

const seen = new WeakSet();
const aside = (key) => get(`${key}|other`, []);
const lay = (key, others) => put(`${key}|other`, others);

/* an entry always holds its title, as the address brought it and as it is now: the next form may have it from nowhere else */
export function hold(form, key) {
  const { begun } = form.dataset, entry = get(key, {});
  if (begun) put(key, { ...entry, [begun]: [form.elements[begun].defaultValue, entry[begun]?.[1] ?? form.elements[begun].value] });
}

/* how it is called: by its title, or else by the first text that was written for it */
const called = (form, entry) => entry[form.dataset.begun]?.[1]
  || Object.keys(entry).filter((name) => form.elements[name]?.localName === "textarea").map((name) => entry[name][1])[0];

function tell(form, key) {
  const others = aside(key), words = others.length && called(form, others.at(-1));
  if (!words) return;
  const said = document.createElement("span"), name = document.createElement("bdi");
  const [before, after] = form.dataset.another.split("{title}");
  name.textContent = words.length > 80 ? `${words.slice(0, 79)}…` : words;
  said.append(before, name, after);
  note(form, "other", said, [form.dataset.resume, () => {
    const [other, ...rest] = aside(key).reverse();
    lay(key, [...rest.reverse(), get(key, {})]);
    put(key, other);
    location.assign(form.getAttribute("action"));
  }], [form.dataset.discard, (told) => {
    lay(key, aside(key).slice(0, -1));
    told.remove();
    form.elements[form.dataset.begun].focus();
    tell(form, key);
  }]);
}

/* once for each form, before what is kept is put into it */
export function begin(form, key) {
  if (seen.has(form)) return;
  seen.add(form);
  const { begun } = form.dataset, others = aside(key), entry = get(key, {});
  if (!begun) {
    if (sessionStorage.getItem(key) || !others.length) return;
    put(key, others.pop());
    return lay(key, others);
  }
  const title = form.elements[begun].defaultValue, is = (one) => one[begun]?.[0] === title;
  if (!is(entry)) {
    const at = others.findIndex(is), same = at < 0 ? {} : others.splice(at, 1)[0];
    if (Object.keys(entry).length) others.push(entry);
    lay(key, others);
    put(key, same);
  }
  hold(form, key);
  /* where the sentence was typed it is wanted no more */
  const from = `kept:${me}:${location.pathname}`;
  if (from !== key && get(from, {})[begun]?.[1] === title) sessionStorage.removeItem(from);
  tell(form, key);
}

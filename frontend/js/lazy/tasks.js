// <ms-tasks>: tasks put in order by dragging, or by Alt with the arrows; the buttons of each do the same without.
import { $, $$ } from "../dom.js";

customElements.define("ms-tasks", class extends HTMLElement {
  connectedCallback() {
    if (!("movable" in this.dataset)) return;
    /* as long as somebody holds one: a page that is drawn anew waits for that */
    const movable = (now) => () => this.items().forEach((item) => { item.draggable = now; });
    this.addEventListener("pointerdown", movable(true));
    this.addEventListener("pointerup", movable(false));
    this.addEventListener("dragend", movable(false));
    this.addEventListener("dragstart", (event) => this.lifted(event));
    this.addEventListener("dragover", (event) => this.over(event));
    this.addEventListener("drop", (event) => this.dropped(event));
    this.addEventListener("dragend", () => this.clear());
    this.addEventListener("keydown", (event) => this.pressed(event));
  }

  items() { return $$(".todo > li", this); }

  lifted(event) {
    this.moved = event.target.closest(".todo > li");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", this.moved.dataset.number);
  }

  /* the task it would stand before; null at the end */
  over(event) {
    if (!this.moved) return;
    event.preventDefault();
    this.clear(false);
    this.before = this.items().find((item) => {
      const box = item.getBoundingClientRect();
      return event.clientY < box.top + box.height / 2;
    }) ?? null;
    (this.before ?? $(".todo", this)).classList.add("drop");
  }

  dropped(event) {
    if (!this.moved) return;
    event.preventDefault();
    const { moved, before } = this;
    this.clear();
    if (before === moved || before === moved.nextElementSibling) return;
    const form = $(".todo-order", this);
    form.elements.task.value = moved.dataset.number;
    form.elements.before.value = before?.dataset.number ?? "";
    form.requestSubmit();
  }

  clear(whole = true) {
    $$(".drop", this).forEach((each) => each.classList.remove("drop"));
    if (whole) this.moved = this.before = null;
  }

  pressed(event) {
    const way = { ArrowUp: "[data-up]", ArrowDown: "[data-down]" }[event.key];
    const item = event.altKey && way && event.target.closest(".todo > li");
    if (!item) return;
    event.preventDefault();
    $(way, item)?.form.requestSubmit();
  }
});

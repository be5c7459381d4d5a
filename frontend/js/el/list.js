// <ms-list>: a cursor (J, K, from a row the arrows), selection (X, Shift+click) and opening (Enter) over a table the server wrote, whatever
// a row names a key for (data-key), the preview beside it (Space) and the menus at a row (E, A, P, S, R, a click). The row
// one stands on stays until one goes on, and focus is not lost to what is drawn anew. Cards of lines are rows as well.
import { $, $$, letters, me, typing } from "../dom.js";

const ROW = "tbody tr:not(.g-h), .rows > li, .load > li";
const link = (row) => $(".c-title a, :scope > a", row);
const named = (row) => row && (row.id || link(row)?.href);
/* where the preview lies over the list; what stays in reach of whoever is in it */
const NARROW = matchMedia("(max-width: 720px)");
const ABOVE = "dialog, [popover], #toasts, script, template";

customElements.define("ms-list", class extends HTMLElement {
  connectedCallback() {
    // The row whose preview stands open in the address is the one to go on from, or the one whose record one was at.
    const from = this.shown() ?? history.state?.row;
    this.cursor = from ? this.rows().findIndex((row) => named(row) === from) : -1;
    this.mark();
    this.under = [];
    const back = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
    const stood = this.rows()[this.cursor];
    if (back && stood && document.activeElement === document.body) link(stood).focus({ preventScroll: true });
    this.last = null;
    this.addEventListener("change", (event) => {
      if (event.target.matches("[data-all]")) this.boxes().forEach((box) => { box.checked = event.target.checked; });
      if (event.target.matches(".cb")) this.count();
    });
    this.addEventListener("click", (event) => this.clicked(event));
    this.addEventListener("submit", (event) => { if (event.target.contains($("#filter", this))) this.sent = $("#filter", this).value; });
    /* what it hears beyond itself ends with it */
    this.gone = new AbortController();
    const on = (where, name, doing) => where.addEventListener(name, doing, this.gone);
    on(window, "popstate", () => this.turned());
    on(NARROW, "change", () => this.over());
    on(document, "htmx:before:history:restore", (event) => { if (this.mine) event.preventDefault(); });
    on(document, "changed-row", (event) => this.refresh(event.detail.number));
    on(document, "keydown", (event) => this.pressed(event));
    on(document, "htmx:before:swap", (event) => this.leaving(event));
    on(document, "htmx:after:swap", (event) => this.swapped(event.detail?.ctx));
    this.swapped();
  }

  disconnectedCallback() {
    this.free();
    this.gone.abort();
  }

  rows() { return $$(ROW, this); }
  further(way) { return $(`.q-foot [rel=${way}]`, this); }
  pane() { return $("#peek", this); }
  shown() { return $("#peek [data-number]", this)?.dataset.number; }
  boxes() { return $$("tbody .cb", this); }
  chosen() { return this.boxes().filter((box) => box.checked); }

  /* for the page of a record: what stands before and after it here */
  remember() {
    const records = $$("tbody .c-title > a:not(.peek)", this).map((link) => link.pathname);
    const [next, prev] = ["next", "prev"].map((way) => this.further(way)?.href);
    if (records.length) sessionStorage.setItem(`list:${me}`, JSON.stringify({ address: location.pathname + location.search, records, next, prev }));
  }

  clicked(event) {
    const box = event.target.closest("tbody .cb");
    if (box) return this.range(box, event.shiftKey);
    if (event.target.closest("[data-clear]")) return this.clear();
    const row = event.target.closest(ROW);
    const here = !event.metaKey && !event.ctrlKey && !event.shiftKey;
    if (here && event.target.closest("[data-away]")) {
      event.preventDefault();
      return this.away();
    }
    if (here && event.target.closest("[data-peek]")) {
      event.preventDefault();
      return this.move(this.rows().indexOf(row), true);
    }
    /* a tap beside what covers the list */
    if (this.under.length && !event.target.closest("#peek")) return this.away();
    /* whoever comes back goes on from here */
    if (row && event.target.closest("a")) history.replaceState({ ...history.state, row: named(row) }, "");
    const cell = event.target.closest("td");
    const edit = cell && row && $$("thead th", this)[cell.cellIndex]?.dataset.edit;
    if (edit && here && event.target.closest("[data-edits]")) {
      event.preventDefault();
      this.menu(row, edit, cell);
    } else if (edit && !event.target.closest("a, button, input, label") && !getSelection().toString()) this.menu(row, edit, cell);
    else if (row && !event.target.closest("a, button, input, label") && !getSelection().toString()) {
      link(row)?.click();
    }
  }

  range(box, extend) {
    const all = this.boxes();
    const at = all.indexOf(box);
    if (extend && this.last !== null) {
      const [from, to] = [at, this.last].sort((a, b) => a - b);
      for (let i = from; i <= to; i++) all[i].checked = box.checked;
    }
    this.last = at;
    this.count();
  }

  clear() {
    /* the bar goes with the last that is chosen, and would take the focus with it */
    const row = $(".bulk :focus-visible", this) && (this.rows()[this.cursor] ?? this.chosen()[0].closest("tr"));
    this.boxes().forEach((box) => { box.checked = false; });
    this.count();
    if (row) this.focusOn(row);
  }

  pressed(event) {
    /* out of the box above, to the rows */
    if (event.target.id === "filter" && ["Escape", "ArrowDown"].includes(event.key)) {
      event.preventDefault();
      return this.move(Math.max(0, this.cursor));
    }
    if (typing(event) || event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key.length === 1 && event.key !== " " && !letters()) return;
    if ($("dialog[open]") || $("[popover]:popover-open")) return;
    const rows = this.rows();
    const within = rows.find((one) => one.contains(document.activeElement));
    const row = within ?? rows[this.cursor];
    const step = { j: 1, k: -1, ArrowDown: within && 1, ArrowUp: within && -1 }[event.key];
    const { a, e, p, r } = this.dataset;
    const open = { a: a && `set/${a}/`, e: e != null && "menu/fields/", p: p != null && "menu/weights/", s: "menu/moves/" }[event.key];
    const act = row && $(`[data-key="${CSS.escape(event.key)}"]`, row);
    if (step) {
      event.preventDefault();
      this.move(rows.indexOf(row) + step);
    } else if (event.key === "Escape" && this.pane()?.firstElementChild) this.away();
    else if (event.key === "Escape" && this.chosen().length) this.clear();
    else if (event.key === "b" && this.chosen().length) $(".bulk .bb", this)?.focus();
    else if (event.key === "x" && row) {
      const box = $(".cb", row);
      if (!box) return;
      box.checked = !box.checked;
      this.range(box, false);
    } else if (act) {
      event.preventDefault();
      act.focus();
      act.click();
      $(".opt", act.popoverTargetElement ?? act)?.focus();
    } else if (row && this.pane() && event.key === " " && !event.target.closest("button, input")) {
      event.preventDefault();
      if (this.shown() === row.id) this.away();
      else this.peek(row.id);
    } else if (row && r && event.key === "r") htmx.ajax("GET", this.at(row.id, `move/${r}/`), { source: "#dialog" });
    else if (row && this.pane() && open) {
      event.preventDefault();
      this.menu(row, open);
    } else if (event.key === "Enter" && row && event.target === document.body) link(row)?.click();
  }

  at(number, path = "") { return `${location.pathname}${number}/${path}`; }

  /* the record beside the list; a later look throws an earlier answer away (hx-sync of the pane). Where it lies over the
     list it is a place of its own, and the way back closes it. One that does not come leaves nothing open. */
  peek(number) {
    const pane = this.pane();
    const here = new URL(location);
    const opens = NARROW.matches && !here.searchParams.has("peek");
    here.searchParams.delete("peek");
    this.listed = here.href;
    here.searchParams.set("peek", number);
    if (opens) history.pushState({ htmx: true, peeks: true }, "", here);
    else history.replaceState(history.state, "", here);
    if (!pane.firstElementChild) pane.append($("#peek-wait", this).content.cloneNode(true));
    this.asks = here;
    const swap = this.shown() === number ? "innerMorph" : "innerHTML";
    htmx.ajax("GET", here.pathname + here.search, { source: pane, target: pane, swap })
      .then(() => this.asks === here && location.href === here.href && this.shown() !== number && this.away());
  }

  away() {
    const here = new URL(location);
    here.searchParams.delete("peek");
    /* it is closed on the way, once: a browser takes away the focus that was set before */
    if (history.state?.peeks) {
      if (!this.goes) history.back();
      this.goes = true;
      return;
    }
    history.replaceState(history.state, "", here);
    this.close();
  }

  close() {
    const number = this.shown();
    this.asks = null;
    htmx.trigger(this.pane(), "htmx:abort");
    this.pane().replaceChildren();
    this.classList.remove("beside");
    this.over();
    link(this.rows().find((row) => row.id === number) ?? this.rows()[this.cursor] ?? this)?.focus();
  }

  /* back from a preview, or forth to it: the same list, which nothing draws anew */
  turned() {
    this.goes = false;
    const here = new URL(location), number = here.searchParams.get("peek");
    const open = Boolean(this.pane()?.firstElementChild);
    here.searchParams.delete("peek");
    this.mine = Boolean(this.pane()) && here.href === this.listed;
    if (!this.mine) return;
    if (number && !open) this.peek(number);
    else if (!number && open) this.close();
  }

  /* What lies under a preview cannot be reached until it is closed, and the focus is in it. */
  over() {
    const pane = this.pane();
    this.free();
    if (!pane) return;
    const on = NARROW.matches && Boolean(pane.firstElementChild);
    pane.role = on ? "dialog" : "complementary";
    pane.ariaModal = on ? "true" : null;
    if (!on) return;
    for (let one = pane; one !== document.body; one = one.parentElement)
      this.under.push(...[...one.parentElement.children].filter((other) => other !== one && !other.matches(ABOVE)));
    this.under.forEach((one) => { one.inert = true; });
    if (!document.activeElement.closest(`#peek, ${ABOVE}`)) ($("h2 a", pane) ?? pane).focus({ preventScroll: true });
  }

  free() {
    this.under.forEach((one) => { one.inert = false; });
    this.under = [];
  }

  /* a menu in place, shown once the server has said what is in it: a refusal opens none */
  menu(row, path, cell = $(".c-title", row)) {
    const menu = $("#menu-row", this);
    menu.replaceChildren();
    this.opened = cell;
    htmx.ajax("GET", this.at(row.id, path), { source: menu, target: menu, swap: "innerHTML" });
  }

  refresh(number) {
    const row = this.rows().find((one) => one.id === number);
    if (row) htmx.ajax("GET", location.pathname + location.search, { source: row, target: row, swap: "outerMorph" });
  }

  swapped({ target, sourceElement: by } = {}) {
    const menu = $$("#menu-row, #builder", this).find((one) => one === target || `#${one.id}` === target);
    if (menu?.firstElementChild) {
      /* at the cell of a row, or at the chip that asked for it; what was closed meanwhile stays so */
      const from = by === menu ? this.opened : by;
      if (!menu.matches(":popover-open") && !menu.contains(from)) {
        link(from.parentElement)?.focus({ preventScroll: true });
        menu.showPopover({ source: from });
      }
      ($("[autofocus]", menu) ?? $(".opt", menu))?.focus();
    }
    // What is typed and not sent stays; words that were sent and understood stand there as their condition.
    const box = $("#filter", this);
    if (box && this.half) box.value = this.half;
    else if (box && (target?.id ?? target) !== "menu-row" && box.value === this.sent) box.value = box.defaultValue;
    if (!this.pane()?.firstElementChild) this.classList.remove("beside");
    this.settle();
    this.count();
    this.remember();
    this.view();
    this.over();
    const here = new URL(location);
    here.searchParams.delete("peek");
    this.listed = here.href;
  }

  /* the tab of the view one is in is seen whole, until one scrolls elsewhere */
  view() {
    const tab = $(".tabs [aria-current]", this), row = tab?.parentElement;
    const stands = `${tab?.id} ${row?.clientWidth} ${tab?.clientWidth}`;
    if (!tab || stands === this.stands) return;
    this.stands = stands;
    const [seen, all] = [tab.getBoundingClientRect(), row.getBoundingClientRect()];
    row.scrollLeft += Math.max(0, seen.right - all.right) + Math.min(0, seen.left - all.left);
  }

  /* before a part of the page is drawn anew: what has the focus, and whether the row one stands on would go */
  leaving(event) {
    const { ctx, tasks: [task] } = event.detail;
    const rows = this.rows();
    this.held = this.contains(document.activeElement);
    /* whoever came to a row by Tab, or pressed something in it, stands on it */
    const at = rows.findIndex((one) => one.contains(document.activeElement));
    if (at >= 0 && at !== this.cursor) {
      this.cursor = at;
      this.mark();
    }
    const row = rows[this.cursor];
    this.keyed = this.held && document.activeElement.matches(":focus-visible");
    const box = $("#filter", this);
    this.half = box && box.value !== box.defaultValue && box.value !== this.sent ? box.value : "";
    if (task?.swapSpec?.style === "delete" && row && task.target === row) {
      event.preventDefault();
      /* its number alone stays: what it says is not this reader's any more */
      const link = $(".c-title > a:not(.peek)", row);
      link.textContent = row.id;
      [...row.children].forEach((cell) => cell.replaceChildren(...(cell.contains(link) ? [link] : [])));
      row.classList.add("gone");
      if (this.held) this.focusOn(row);
      this.strays = false;
      this.kept = row.id;
    }
    if (!task?.target?.contains?.(this)) return;
    /* another list is asked for; a look for what is new has no request of an element */
    this.other = ctx.response && ctx.request.method === "GET";
    const stands = row && this.pane() && (document.activeElement === document.body || row.contains(document.activeElement));
    this.kept = !ctx.response && stands && this.keep(row, task.fragment) ? row.id : "";
  }

  /* puts the row where it stood, into a list that has it elsewhere or not at all; an empty list stays empty */
  keep(row, fresh) {
    const rows = this.rows();
    const there = (one) => one?.id && fresh.getElementById(one.id);
    const above = rows.slice(0, this.cursor).reverse().find(there);
    const below = rows.slice(this.cursor + 1).find(there);
    const now = there(row);
    const common = $$("tbody tr[id]", fresh).filter((one) => rows.some((old) => old.id === one.id));
    const at = common.indexOf(now);
    if (now && (common[at - 1]?.id === above?.id || common[at + 1]?.id === below?.id)) return false;
    if (!above && !below) return false;
    const drawn = now || row.cloneNode(true);
    if (below && above !== row.previousElementSibling) there(below).before(drawn);
    else there(above).after(drawn);
    this.strays = Boolean(now);
    this.anew = now ? "" : row.id;
    return true;
  }

  /* after it: the cursor stands on its row, or on the one in its place, and so does the focus that was lost */
  settle() {
    const rows = this.rows();
    const at = rows.findIndex((row) => named(row) && named(row) === this.stood);
    if (at >= 0 || this.other) this.cursor = at;
    this.cursor = Math.min(this.cursor, rows.length - 1);
    if (this.other && this.lands) this.move(this.lands > 0 ? 0 : rows.length - 1, this.looks);
    this.other = false;
    this.mark();
    if (this.anew) this.refresh(this.anew);
    this.anew = "";
    if (!this.held || document.activeElement !== document.body) return;
    this.held = false;
    const open = $(":popover-open :is(.in, .opt)", this);
    if (open) open.focus();
    else if (rows[this.cursor]) this.focusOn(rows[this.cursor]);
    else ((this.keyed && $("#filter", this)) || $("main")).focus({ preventScroll: true });
  }

  mark() {
    const rows = this.rows();
    rows.forEach((row, i) => row.classList.toggle("cur", i === this.cursor));
    this.stood = named(rows[this.cursor]);
  }

  focusOn(row) {
    row.scrollIntoView({ block: "nearest" });
    link(row)?.focus({ preventScroll: true });
  }

  move(to, look = false) {
    const rows = this.rows();
    /* the page of the list that stands before or after it */
    this.lands = to === -1 ? -1 : Number(to === rows.length);
    const page = this.lands && this.further(this.lands > 0 ? "next" : "prev");
    if (page) {
      this.looks = Boolean(this.pane()?.firstElementChild);
      return page.click();
    }
    const row = rows[Math.max(0, Math.min(rows.length - 1, to))];
    if (!row) return $("main").focus();
    if (this.kept && this.kept !== row.id) {
      /* it goes now: out of the list, or to its own place in it */
      if (this.strays) $("ms-live").live.refresh();
      else rows.find((one) => one.id === this.kept)?.remove();
      this.kept = "";
    }
    this.cursor = this.rows().indexOf(row);
    this.mark();
    this.focusOn(row);
    if (look || this.pane()?.firstElementChild) this.peek(row.id);
  }

  count() {
    const chosen = this.chosen().length;
    const all = $("[data-all]", this);
    const shown = $("[data-count]", this);
    if (shown) shown.textContent = chosen;
    if (all) {
      all.checked = chosen > 0 && chosen === this.boxes().length;
      all.indeterminate = chosen > 0 && !all.checked;
    }
  }
});

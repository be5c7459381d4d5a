// <ms-live>: what changes elsewhere appears here; the page is there before what listens is fetched.
customElements.define("ms-live", class extends HTMLElement {
  async connectedCallback() {
    this.live ??= new (await import("../lazy/live.js")).Live(this);
  }
});

// What tabs.js asks where browsers have no locks: each tab leaves a note every second, by which it is gone when that is old.
import { me } from "../dom.js";

const IN_FRONT = 3_000, BEHIND = 30_000, GONE = 90_000; // ms: the clocks of hidden tabs are slow

export class Notes {
  constructor(live) {
    this.live = live;
    this.lease = `live ${me}`;
    this.note = `${this.lease} ${live.tab}`;
    /* the place of the leader is free, or somebody took it */
    addEventListener("storage", ({ key, newValue }) => key === this.lease && !live.over && (!newValue || this.leads) && this.tick());
    addEventListener("pagehide", () => this.go());
    this.tick();
  }

  read(key) { return (localStorage[key] ?? "0").split(" "); }

  async words() {
    const notes = Object.keys(localStorage).filter((key) => key.startsWith("live "));
    notes.filter((key) => Date.now() - this.read(key)[0] > GONE).forEach((key) => localStorage.removeItem(key));
    return notes.filter((key) => key.startsWith(`${this.lease} `)).map((key) => this.read(key)[1]);
  }

  tick() {
    if (this.live.over) return;
    const now = Date.now();
    const slept = now - this.read(this.note)[0] > GONE;
    localStorage[this.note] = `${now} ${this.live.on}`;
    const [at, leader] = this.read(this.lease);
    const leads = leader === this.live.tab || Math.abs(now - at) > (document.hidden ? BEHIND : IN_FRONT);
    if (leads) localStorage[this.lease] = `${now} ${this.live.tab}`;
    if (leads !== !!this.leads) leads ? this.live.soon() : this.live.close();
    this.leads = leads;
    /* nobody listened for it meanwhile */
    if (slept) this.live.greet(this.been);
    this.been = true;
  }

  go() {
    localStorage.removeItem(this.note);
    if (this.leads) localStorage.removeItem(this.lease);
    this.leads = false;
    this.live.close();
  }
}

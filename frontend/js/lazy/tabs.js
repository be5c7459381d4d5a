// Which tabs of this browser there are, what each looks at, and which of them holds the stream for all. Locks tell; over
// plain http browsers have none, and each tab leaves a note every second, by which it is gone when the note is old.
const IN_FRONT = 3_000, BEHIND = 30_000, GONE = 90_000; // ms: the clocks of hidden tabs are slow

export const tabs = (live) => navigator.locks ? new Locks(live) : new Notes(live);

class Locks {
  constructor(live) {
    navigator.locks.request(`live ${live.tab} ${live.on}`, () => new Promise(() => {}));
    navigator.locks.request("live", () => (live.open(), new Promise(() => {})));
    live.greet();
  }

  async words() { return (await navigator.locks.query()).held.map((lock) => lock.name.split(" ")[2]); }

  tick() {}
}

class Notes {
  constructor(live) {
    this.live = live;
    this.note = `live ${live.tab}`;
    /* the place of the leader is free, or somebody took it */
    addEventListener("storage", ({ key, newValue }) => key === "live" && (!newValue || this.leads) && this.tick());
    addEventListener("pagehide", () => this.go());
    this.tick();
  }

  read(key) { return (localStorage[key] ?? "0").split(" "); }

  async words() {
    const notes = Object.keys(localStorage).filter((key) => key.startsWith("live ")).map((key) => [key, ...this.read(key)]);
    const old = notes.filter(([, at]) => Date.now() - at > GONE);
    old.forEach(([key]) => localStorage.removeItem(key));
    return notes.filter((note) => !old.includes(note)).map(([, , word]) => word);
  }

  tick() {
    const now = Date.now();
    const slept = now - this.read(this.note)[0] > GONE;
    localStorage[this.note] = `${now} ${this.live.on}`;
    const [at, leader] = this.read("live");
    const leads = leader === this.live.tab || Math.abs(now - at) > (document.hidden ? BEHIND : IN_FRONT);
    if (leads) localStorage.live = `${now} ${this.live.tab}`;
    if (leads !== !!this.leads) leads ? this.live.soon() : this.live.close();
    this.leads = leads;
    /* nobody listened for it meanwhile */
    if (slept) this.live.greet(this.been);
    this.been = true;
  }

  go() {
    localStorage.removeItem(this.note);
    if (this.leads) localStorage.removeItem("live");
    this.leads = false;
    this.live.close();
  }
}

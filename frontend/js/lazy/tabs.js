// Which tabs of this browser one person has, what each looks at, and which of them holds the stream for all. Locks tell;
// over plain http browsers have none, and notes do (notes.js).
import { me } from "../dom.js";

export const tabs = async (live) => navigator.locks ? new Locks(live) : new (await import("./notes.js")).Notes(live);

class Locks {
  constructor(live) {
    this.ends = [];
    const hold = () => new Promise((end) => live.over ? end() : this.ends.push(end));
    navigator.locks.request(`live ${me} ${live.tab} ${live.on}`, hold);
    navigator.locks.request(`live ${me}`, () => (live.open(), hold()));
    live.greet();
  }

  async words() {
    const held = (await navigator.locks.query()).held.map((lock) => lock.name.split(" "));
    return held.map(([, whose, , word]) => whose === me && word);
  }

  tick() {}

  go() { this.ends.forEach((end) => end()); }
}

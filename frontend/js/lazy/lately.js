// What was opened lately, shown on My work, and by the page of search before anything is asked.
import { $, ours, recent } from "../dom.js";

const lately = $("#lately");

function look() {
  ours(`${lately.dataset.from}?${new URLSearchParams({ recent: recent() })}`)
    .then((answer) => answer.ok ? answer.text() : "")
    .then((text) => { lately.innerHTML = text; lately.hidden = !lately.firstElementChild; }, () => {});
}

look();
document.addEventListener("others", look);

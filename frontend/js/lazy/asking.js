// Asking the server beside htmx: with the form token, and again after signing in where the session had ended.
import { $, ours } from "../dom.js";

const token = () => $("[name=csrfmiddlewaretoken]").value;

export function sheet(fields) {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", token());
  Object.entries(fields).forEach(([name, value]) => data.set(name, value));
  return data;
}

export async function ask(address, options = {}) {
  const answer = await ours(address, options);
  if (answer.status !== 401 || options.keepalive) return answer;
  const { signIn } = await import("./signin.js");
  await signIn();
  return ask(address, options);
}

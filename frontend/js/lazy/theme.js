// Light or dark: the cookie is rendered by the server, so nothing flashes.
import { $, ours } from "../dom.js";

export function toggle() {
  const root = document.documentElement;
  const dark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  document.cookie = `theme=${root.dataset.theme};path=/;max-age=31536000;samesite=lax`;
  /* kept for the person as well, for the next browser they sign in with */
  const token = $("[name=csrfmiddlewaretoken]");
  if (token && $("[data-keeps-theme]")) {
    const told = new URLSearchParams({ csrfmiddlewaretoken: token.value, theme: root.dataset.theme });
    ours("/profile/theme/", { method: "POST", body: told, keepalive: true }).catch(() => {});
  }
}

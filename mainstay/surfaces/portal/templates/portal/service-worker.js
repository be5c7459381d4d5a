// Served by the portal with the addresses of this build. Pages are personal and are never kept here.
const KEPT = {{ kept|safe }};
const OFFLINE = {{ offline|safe }};
const NOBODYS = KEPT.map((address) => new Request(address, { credentials: "omit" }));
const NAME = `portal ${KEPT.join(" ")}`;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(NOBODYS)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const others = (names) => Promise.all(names.filter((name) => name !== NAME).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(others));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  const isKept = KEPT.includes(address.pathname + address.search);
  if (request.mode !== "navigate" && !isKept) return;
  event.respondWith(fetch(request).catch(async () => {
    // The form that could not be sent is on the page before: from there one goes on, and what was typed is there again.
    if (request.method !== "GET" && request.referrer.startsWith(`${self.location.origin}/`)) {
      return Response.redirect(`${request.referrer.split("#")[0]}#unsent`, 303);
    }
    const answer = await caches.match(request.mode === "navigate" ? OFFLINE : request);
    return answer ?? Response.error();
  }));
});

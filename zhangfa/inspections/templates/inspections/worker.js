// Keeps the pages of a visit and their files on this device, for the person who opened them and for nobody else.
"use strict";
const PREFIX = "zf-kept-";
const VISIT = /^\/inspections\/[0-9a-f-]{36}\/fill\/$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const keep = async ({ user, page, files }) => {
  for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== PREFIX + user) await caches.delete(name);
  const shelf = await caches.open(PREFIX + user);
  for (const address of [page, ...files]) {
    const answer = await fetch(address, { headers: { "X-Visit-Knock": "1" }, cache: "no-store" });
    if (!answer.ok || answer.redirected) return false;
    await shelf.put(address, answer);
  }
  return true;
};

self.addEventListener("message", (event) => {
  event.waitUntil(keep(event.data).then((done) => event.ports[0].postMessage(done), () => event.ports[0].postMessage(false)));
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin || event.request.headers.has("X-Visit-Knock")) return;
  const isVisit = event.request.mode === "navigate" && VISIT.test(address.pathname);
  const isFile = !address.pathname.startsWith("/inspections/") && event.request.destination !== "" && event.request.mode !== "navigate";
  if (!isVisit && !isFile) return;
  event.respondWith(
    fetch(event.request).catch(async () => (await caches.match(address.pathname, { ignoreVary: true })) || Response.error()),
  );
});

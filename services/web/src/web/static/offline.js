// Service worker with one duty: without a connection a page request shows the page kept for that, in its language.
"use strict";
const KEPT = "halles-offline-1";
const PAGES = ["/offline", "/en/offline"];

async function keep() {
  const cache = await caches.open(KEPT);
  for (const path of PAGES) {
    const answer = await fetch(path, { cache: "no-store", credentials: "omit" });
    const text = await answer.clone().text();
    await cache.put(path, answer);
    const files = [...text.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map(function (hit) { return hit[1]; });
    await cache.addAll([...new Set(files)]);
  }
}

self.addEventListener("install", function (event) { event.waitUntil(keep().then(function () { return self.skipWaiting(); })); });
self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });
self.addEventListener("fetch", function (event) {
  const url = new URL(event.request.url);
  if (event.request.mode === "navigate") {
    const page = url.pathname === "/en" || url.pathname.startsWith("/en/") ? PAGES[1] : PAGES[0];
    event.respondWith(fetch(event.request).catch(function () { return caches.match(page); }));
  } else if (url.origin === location.origin && url.pathname.startsWith("/static/")) {
    event.respondWith(fetch(event.request).catch(function () { return caches.match(event.request).then(function (kept) { return kept || Response.error(); }); }));
  }
});

// Keeps the order's state on the page true: each event is a reason to fetch the page again and to swap one region.
"use strict";
(function () {
  const region = document.getElementById("live");
  if (!region || !window.EventSource) return;
  const source = new EventSource(region.dataset.events);
  let busy = false;
  let again = false;

  async function refresh() {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html", "Halles-Refresh": "1" } });
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.getElementById("live");
        const isTyping = region.contains(document.activeElement) && document.activeElement.matches("input, select");
        if (fresh && !isTyping && fresh.innerHTML !== region.innerHTML) region.replaceChildren(...fresh.childNodes);
      }
    } finally {
      busy = false;
      if (again) { again = false; refresh(); }
    }
  }

  source.addEventListener("order", refresh);
  window.addEventListener("pagehide", function () { source.close(); });
})();

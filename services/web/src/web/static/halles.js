// What scripts add to pages that work without them. htmx does the requests; this file does the small things around them.
"use strict";
(function () {
  function ready(root) {
    root.querySelectorAll("[data-quantity] button[hidden]").forEach(function (button) { button.hidden = false; });
  }

  document.addEventListener("click", function (event) {
    const step = event.target.closest("[data-step]");
    if (step) {
      const input = step.parentElement.querySelector("input");
      const before = input.value;
      if (step.dataset.step === "1") input.stepUp(); else input.stepDown();
      if (input.value !== before) input.dispatchEvent(new Event("change", { bubbles: true }));
      return;
    }
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens).showModal();
    const frame = event.target.closest("[data-shows]");
    if (frame) show(frame, event);
  });

  // A gallery's small pictures: the large one changes in place instead of opening the file.
  function show(link, event) {
    const large = document.getElementById("gallery-large");
    if (!large) return;
    event.preventDefault();
    const small = link.querySelector("img");
    large.srcset = small.srcset;
    large.src = link.href;
    large.alt = small.dataset.alt;
    link.closest("ul").querySelectorAll("[aria-current]").forEach(function (other) { other.removeAttribute("aria-current"); });
    link.setAttribute("aria-current", "true");
  }

  // Suggestions go away when the focus leaves the search, and with Escape.
  document.addEventListener("focusout", function (event) {
    const find = event.target.closest("[data-find]");
    if (find && !find.contains(event.relatedTarget)) find.querySelector(".found-words").replaceChildren();
  });
  document.addEventListener("keydown", function (event) {
    const find = event.target.closest("[data-find]");
    if (!find) return;
    const words = find.querySelector(".found-words");
    if (event.key === "Escape") { words.replaceChildren(); find.querySelector("input").focus(); }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [find.querySelector("input"), ...words.querySelectorAll("a")];
    const next = stops[stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
    if (next && stops.length > 1) { event.preventDefault(); next.focus(); }
  });

  // What may happen once only is not sent twice by an impatient finger; coming back to the page makes it possible again.
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("[data-once]").forEach(function (form) { delete form.dataset.sent; });
  });

  // A toast stays long enough to be read and goes by itself unless it is being used.
  new MutationObserver(function (changes) {
    changes.forEach(function (change) {
      change.addedNodes.forEach(function (node) {
        if (node.nodeType !== 1) return;
        const timer = setInterval(function () {
          if (node.matches(":hover, :focus-within")) return;
          node.remove();
          clearInterval(timer);
        }, 7000);
      });
    });
  }).observe(document.getElementById("toasts"), { childList: true });

  // After a swap of results the reader is told how many there are, and starts at their top when pages turn.
  document.body.addEventListener("htmx:afterSettle", function (event) {
    ready(document);
    if (event.detail.elt.id === "results" && event.detail.requestConfig.elt.closest(".pages")) {
      event.detail.elt.scrollIntoView({ block: "start" });
      event.detail.elt.focus({ preventScroll: true });
    }
  });
  ready(document);
})();
if ("serviceWorker" in navigator && window.isSecureContext) {
  window.addEventListener("load", function () { navigator.serviceWorker.register("/offline.js").catch(function () { /* the site works without */ }); });
}

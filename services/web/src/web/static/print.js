// The button that opens the browser's print dialog; without script people use the browser's own menu.
"use strict";
document.querySelectorAll("[data-prints]").forEach(function (button) {
  button.hidden = false;
  button.addEventListener("click", function () { window.print(); });
});

// The button that prints; without scripts the browser's own menu does it.
document.addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector("[data-print]");
  if (!button) return;
  button.hidden = false;
  document.querySelector(".print-hint").hidden = true;
  button.addEventListener("click", () => window.print());
});

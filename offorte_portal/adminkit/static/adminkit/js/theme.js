// Light, dark or auto. Loaded before the first paint, so that a page never flashes in the other theme.
{
  const read = () => {
    try {
      return localStorage.getItem("theme") || "auto";
    } catch {
      return "auto"; // storage is switched off
    }
  };

  const apply = (theme) => {
    if (theme === "light" || theme === "dark") {
      document.documentElement.dataset.theme = theme;
    } else {
      delete document.documentElement.dataset.theme;
    }
  };

  const mark = () => {
    for (const button of document.querySelectorAll("[data-theme-choice] button")) {
      button.setAttribute("aria-pressed", String(button.value === read()));
    }
  };

  apply(read());
  document.addEventListener("DOMContentLoaded", mark);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice] button, [data-set-theme]");
    if (!button) return;
    const theme = button.dataset.setTheme ?? button.value;
    try {
      localStorage.setItem("theme", theme);
    } catch {
      // The choice holds for this page.
    }
    apply(theme);
    mark();
  });
  window.addEventListener("storage", () => apply(read()));
}

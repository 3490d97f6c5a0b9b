// Menus are <details>: this closes them on Escape and on a click elsewhere. Toasts go when they are dismissed. Where
// tabs are wider than a phone, the current one is in sight.
{
  const openMenus = () => document.querySelectorAll("details.menu[open]");

  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    event.target.closest(".toast-close")?.closest(".toast").remove();
  });

  // A menu may open below the fold of a phone's sheet.
  document.addEventListener(
    "toggle",
    (event) => {
      if (event.target.matches("details[open]")) event.target.lastElementChild.scrollIntoView({ block: "nearest" });
    },
    true,
  );

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      menu.open = false;
    }
  });

  document.querySelector(".tabs > [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

  // Good news goes by itself, unless someone is reading it; what went wrong stays.
  for (const toast of document.querySelectorAll(".toast.success, .toast.info")) {
    const leave = () => {
      if (toast.matches(":hover, :focus-within")) setTimeout(leave, 2000);
      else toast.remove();
    };
    setTimeout(leave, 10000);
  }
}

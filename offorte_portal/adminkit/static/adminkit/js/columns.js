// The Columns menu of a list: its order is that of the items, which are dragged, or moved by their buttons.
document.addEventListener("DOMContentLoaded", () => {
  const list = document.querySelector("[data-columns]");
  if (!list) return;
  let dragged = null;

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-columns-move]");
    if (!button) return;
    const item = button.closest("li");
    if (button.dataset.columnsMove === "up") item.previousElementSibling?.before(item);
    else item.nextElementSibling?.after(item);
    button.focus();
    item.scrollIntoView({ block: "nearest" });
  });

  list.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("li");
    dragged.classList.add("is-dragged");
    event.dataTransfer.effectAllowed = "move";
  });

  list.addEventListener("dragover", (event) => {
    const over = event.target.closest("li");
    if (!dragged) return;
    event.preventDefault();
    if (!over || over === dragged) return;
    const box = over.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) over.before(dragged);
    else over.after(dragged);
  });

  list.addEventListener("drop", (event) => event.preventDefault());

  list.addEventListener("dragend", () => {
    dragged?.classList.remove("is-dragged");
    dragged = null;
  });
});

// Rows in another order: by their handle with the mouse, by arrow keys on it, by Alt and arrow keys anywhere in a row.
// biome-ignore lint/correctness/noUnusedVariables: other scripts of the page use it
const composeMoving = ({ form, place, rows, changed, announce, words }) => {
  const tell = (row) => {
    const all = rows.rowsOf(row.closest("[data-table]"));
    announce(words(form.dataset.sayMoved, { place: all.indexOf(row) + 1, count: all.length }));
  };

  const move = (row, step) => {
    const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    const focused = document.activeElement;
    if (step < 0) other.before(row);
    else other.after(row);
    focused.focus();
    tell(row);
    changed();
  };

  const moveOn = (row, table) => {
    table.querySelector("[data-rows]").append(row);
    rows.fieldOf(row, "text").focus();
    tell(row);
    changed();
  };

  form.addEventListener("keydown", (event) => {
    const row = event.target.closest("[data-row]");
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!row || !step || !(event.altKey || event.target.matches("[data-handle]"))) return;
    event.preventDefault();
    move(row, step);
  });

  // A row can be dragged by its handle only: the text in it stays selectable.
  let dragged = null;
  form.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("[data-handle]");
    if (handle) handle.closest("[data-row]").draggable = true;
  });
  document.addEventListener("pointerup", () => {
    for (const row of place.querySelectorAll("[draggable]")) row.removeAttribute("draggable");
  });
  place.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[data-row]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", rows.fieldOf(dragged, "text").value);
    dragged.classList.add("is-dragged");
  });
  place.addEventListener("dragover", (event) => {
    const list = dragged && event.target.closest("[data-table]")?.querySelector("[data-rows]");
    if (!list) return;
    event.preventDefault();
    const over = event.target.closest("[data-row]");
    if (!over) {
      if (!list.contains(dragged)) list.append(dragged);
    } else if (over !== dragged) {
      const { top, height } = over.getBoundingClientRect();
      if (event.clientY < top + height / 2) over.before(dragged);
      else over.after(dragged);
    }
  });
  place.addEventListener("drop", (event) => dragged && event.preventDefault());
  place.addEventListener("dragend", () => {
    if (!dragged) return;
    dragged.classList.remove("is-dragged");
    dragged.removeAttribute("draggable");
    tell(dragged);
    dragged = null;
    changed();
  });

  return { move, moveOn };
};

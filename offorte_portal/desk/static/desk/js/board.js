// Cards of the board are dragged to another column. What happens there is what the card's own menu does.
{
  const board = document.querySelector("[data-board]");
  const template = document.getElementById("board-move");
  let dragged = null;

  // The menu of a card is made when it is first needed: there are many cards.
  const fill = (menu) => {
    if (menu.querySelector("form")) return;
    const form = template.content.firstElementChild.cloneNode(true);
    form.action = menu.dataset.move;
    form.elements.key.value = menu.dataset.key;
    form.elements.seen.value = menu.dataset.status;
    form.querySelector("[data-dialog]").href = menu.dataset.lost;
    const current = menu.dataset.status;
    form.querySelector(`.menu-item[value="${current}"], .menu-item[data-status="${current}"]`)?.remove();
    menu.querySelector(".menu-panel").replaceWith(form);
  };

  board?.addEventListener(
    "toggle",
    (event) => {
      if (event.target.matches("details[data-move][open]")) fill(event.target);
    },
    true,
  );

  const columnAt = (event) => event.target.closest("[data-column]");

  const accepts = (column) => column && dragged && !column.contains(dragged);

  const unmark = () => {
    for (const column of board.querySelectorAll(".is-target")) column.classList.remove("is-target");
  };

  board?.addEventListener("dragstart", (event) => {
    dragged = event.target.closest(".board-card");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.id);
    dragged.classList.add("is-dragged");
  });

  board?.addEventListener("dragover", (event) => {
    const column = columnAt(event);
    unmark();
    if (!accepts(column)) return;
    event.preventDefault();
    column.classList.add("is-target");
  });

  board?.addEventListener("dragend", () => {
    dragged?.classList.remove("is-dragged");
    dragged = null;
    unmark();
  });

  board?.addEventListener("drop", (event) => {
    const column = columnAt(event);
    if (!accepts(column)) return;
    event.preventDefault();
    fill(dragged.querySelector("[data-move]"));
    // A loss is asked for its reason; until that is given, the card stays where it is.
    const ask = dragged.querySelector(`[data-dialog][data-status="${column.dataset.column}"]`);
    if (ask) {
      ask.click();
      return;
    }
    const button = dragged.querySelector(`button[name=status][value="${column.dataset.column}"]`);
    column.querySelector(".board-cards").prepend(dragged);
    dragged.classList.add("is-moving");
    button?.form.requestSubmit(button);
  });
}

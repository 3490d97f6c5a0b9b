// Follow-ups: a typed day chooses "Another day", a step takes it back, and the list's ticks can be set at once.
{
  document.addEventListener("input", (event) => {
    const { form, name, value } = event.target;
    if (name === "due") {
      const other = form.querySelector('input[name=when][value="date"]');
      if (other) other.checked = true;
    }
    if (name === "when" && value !== "date" && form.elements.due) {
      form.elements.due.value = form.elements.due.defaultValue;
    }
  });

  const bar = document.querySelector("[data-followup-bar]");
  const picks = [...document.querySelectorAll("[data-pick]")];
  const all = bar?.querySelector("[data-pick-all]");
  const list = bar?.querySelector("[data-pick-list]");

  // Of a list on one page, the box of the page ticks its rows.
  if (all && !list && picks.length) {
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const pick of picks) pick.checked = all.checked;
    });
  }

  list?.addEventListener("change", () => {
    for (const pick of picks) {
      pick.checked = list.checked;
      pick.disabled = list.checked;
    }
  });
}

// Follow-ups: a typed day chooses "Another day", and the list's ticks can be set at once.
{
  document.addEventListener("input", (event) => {
    if (event.target.name !== "due") return;
    const other = event.target.form.querySelector('input[name=when][value="date"]');
    if (other) other.checked = true;
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

// What has to be put right, beside where it is: what the server found, and amounts that can't be read as they are typed.
// biome-ignore lint/correctness/noUnusedVariables: other scripts of the page use it
const composeFaults = ({ form, place, rows, tables }) => {
  let count = 0;
  const ownerOf = (control) => control.closest("[data-row]") ?? control.closest("[data-table]");
  const textOf = (control) => [...ownerOf(control).querySelectorAll("[data-fault]")].find((one) => ownerOf(one) === ownerOf(control));

  const set = (control, text) => {
    const fault = textOf(control);
    if (!fault.id) {
      count += 1;
      fault.id = `fault-${count}`;
    }
    fault.textContent = fault.hidden || fault.textContent === text ? text : `${fault.textContent} ${text}`;
    fault.hidden = false;
    control.setAttribute("aria-invalid", "true");
    const folded = control.closest("details");
    if (folded) folded.open = true;
    control.setAttribute("aria-describedby", fault.id);
  };

  // The faults of a row are cleared together, as they are shown together; the server checks again.
  const clear = (control) => {
    if (!control.hasAttribute("aria-invalid")) return;
    const owner = ownerOf(control);
    for (const one of owner.querySelectorAll("[aria-invalid]")) {
      if (ownerOf(one) !== owner) continue;
      one.removeAttribute("aria-invalid");
      one.removeAttribute("aria-describedby");
    }
    textOf(control).hidden = true;
  };

  const find = (where) => {
    const [table, row, name] = where.split(".");
    const section = tables()[table];
    if (!section || name === undefined) return section?.querySelector("[data-table-field=id]");
    const element = rows.rowsOf(section)[row];
    return element && (rows.fieldOf(element, name) ?? rows.fieldOf(element, "text"));
  };

  const show = () => {
    for (const [where, text] of Object.entries(JSON.parse(form.dataset.faults))) {
      const control = find(where);
      if (control) set(control, text);
    }
  };

  form.addEventListener("input", ({ target }) => target.matches("[data-field], [data-table-field]") && clear(target));
  form.addEventListener("change", ({ target }) => {
    const row = target.matches("input[data-field]") && target.closest("[data-row]");
    if (row && rows.unread(row).includes(target)) set(target, form.dataset.sayUnread);
  });
  form.addEventListener("click", ({ target }) => {
    if (target.closest("[data-next-fault]")) place.querySelector("[aria-invalid]")?.focus();
  });
  // To the first field that has to be put right, wherever the page begins; else to what is said about the whole.
  const goToFirst = () => {
    const first = [...form.querySelectorAll("[aria-invalid=true]")].find((one) => one.checkVisibility());
    (first ?? form.querySelector("#form-errors"))?.focus();
  };
  return { show, goToFirst };
};

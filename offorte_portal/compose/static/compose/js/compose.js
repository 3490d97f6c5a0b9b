// The editor of a draft. The server gets its tables as one JSON field, which drafts.js keeps in the browser as well.
{
  const form = document.querySelector("form[data-compose]");

  const start = () => {
    const say = form.dataset;
    const field = form.elements.document;
    const stored = JSON.parse(field.value);
    const place = form.querySelector("[data-tables]");
    const rows = composeRows(form);
    const tables = () => [...place.querySelectorAll("[data-table]")];
    const announce = (text) => {
      form.querySelector("[data-say]").textContent = text;
    };
    const words = (text, values) => text.replace(/%\((\w+)\)s/g, (_all, name) => values[name]);
    const money = (cents) => composeTotals.money(cents, rows.notation);

    const company = () => form.querySelector("input[name=company_id]:checked")?.value ?? null;
    const contacts = () => [...form.querySelectorAll("input[name=company_contacts]:checked")].map((one) => one.value);
    const write = () => {
      const data = { tables: tables().map(rows.readTable), company: company(), contacts: contacts() };
      field.value = JSON.stringify(data);
    };
    let frame = 0;
    const changed = ({ isTyped = false } = {}) => {
      write();
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(refresh);
      // Changes that were not typed are kept in the browser, too.
      if (!isTyped) field.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const insert = (table, data, before = null) => {
      const made = data.map(rows.show);
      const list = table.querySelector("[data-rows]");
      for (const row of made) list.insertBefore(row, before);
      changed();
      return made;
    };
    const rates = () => {
      const offered = document.getElementById("compose-price").content.querySelectorAll("[data-field=vat] option");
      return [...offered].map((one) => one.value).filter(Boolean);
    };
    // A row that somebody begins has the rate of the one before it.
    const lastRate = (table) => {
      const used = rows.rowsOf(table).map((row) => rows.fieldOf(row, "vat")?.value);
      return used.filter(Boolean).at(-1) ?? rates()[0] ?? "";
    };

    const editor = { form, place, rows, tables, changed, insert, rates, lastRate, announce, words, money };
    const refresh = composeSums(editor);
    const { move, moveOn } = composeMoving(editor);
    const openPaste = composePasting(editor);
    const faults = composeFaults(editor);
    composeProducts(editor);

    let removed = null;
    const ofRow = {
      up: (row) => move(row, -1),
      down: (row) => move(row, 1),
      "clear-price": (row) => {
        rows.clearPrice(row);
        changed();
      },
      other: (row) => moveOn(row, tables()[(tables().indexOf(row.closest("[data-table]")) + 1) % tables().length]),
      double: (row) => {
        const [made] = insert(row.closest("[data-table]"), [rows.read(row)], row.nextElementSibling);
        rows.fieldOf(made, "text").focus();
      },
      remove: (row) => {
        const next = row.nextElementSibling ?? row.previousElementSibling;
        const table = row.closest("[data-table]");
        removed = { table, data: rows.read(row), before: row.nextElementSibling };
        row.remove();
        form.querySelector("[data-act=put-back]").hidden = false;
        (next ? rows.fieldOf(next, "text") : table.querySelector("[data-add]")).focus();
        announce(say.sayRemoved);
        changed();
      },
    };
    const add = (table, data, name = "text") => rows.fieldOf(insert(table, [data])[0], name).select();
    const ofTable = {
      title: (table) => add(table, { type: "title" }),
      subtotal: (table) => add(table, { type: "subtotal", text: say.subtotal }),
      discount: (table) => add(table, { type: "discount", text: say.discount }, "discount"),
      paste: openPaste,
      // A table with rows goes with the second click only.
      "remove-table": (table) => {
        if (rows.rowsOf(table).length && !table.classList.contains("is-doomed")) return table.classList.add("is-doomed");
        table.remove();
        if (!tables().length) place.append(rows.showTable({ rows: [] }));
        changed();
      },
    };
    const ofAll = {
      "add-table": () => {
        const used = new Set(tables().map((table) => rows.readTable(table).id));
        const id = [...document.querySelectorAll("#compose-ids option")].map((one) => one.value).find((one) => !used.has(one));
        place.append(rows.showTable({ id, rows: [] }));
        const made = tables().at(-1);
        made.querySelector(".compose-advanced").open = !id;
        made.querySelector(id ? "[data-add]" : "[data-table-field=id]").focus();
        changed();
      },
      "put-back": (button) => {
        const isThere = removed.table.isConnected;
        const before = isThere && removed.before?.isConnected ? removed.before : null;
        const [made] = insert(isThere ? removed.table : tables()[0], [removed.data], before);
        rows.fieldOf(made, "text").focus();
        button.hidden = true;
      },
    };

    form.addEventListener("click", ({ target }) => {
      const [button, flag] = [target.closest("[data-act]"), target.closest("[data-flag]")];
      const row = target.closest("[data-row]");
      if (flag) {
        rows.toggle(row, flag.dataset.flag);
        changed();
      } else if (button && row) {
        row.querySelector("details").open = false;
        ofRow[button.dataset.act](row);
      } else if (button) {
        const table = button.closest("[data-table]");
        if (table) ofTable[button.dataset.act](table);
        else ofAll[button.dataset.act](button);
      }
    });
    document.addEventListener("click", ({ target }) => {
      for (const table of place.querySelectorAll(".is-doomed")) {
        if (!table.contains(target.closest("[data-act=remove-table]"))) table.classList.remove("is-doomed");
      }
    });
    // Menus are made when they are first opened: there are hundreds of rows.
    form.addEventListener("toggle", ({ target }) => {
      const row = target.closest("[data-row]");
      if (!row || !target.open) return;
      rows.fillMenu(row, target);
      row.querySelector("[data-act=other]").hidden = tables().length < 2;
      row.querySelector(".menu-panel").scrollIntoView({ block: "nearest" });
    }, true);

    form.addEventListener("input", ({ target }) => {
      if (target === field || target.matches("[data-add]")) return;
      if (target.matches("[data-field]")) rows.touch(target);
      changed({ isTyped: true });
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !event.target.matches("[data-remembered]")) return;
      event.preventDefault();
      ofRow["clear-price"](event.target.closest("[data-row]"));
    });
    // Enter leads on to the same column of the next row, not off to the server.
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.target.matches("input[data-field], [data-table-field]")) return;
      event.preventDefault();
      const table = event.target.closest("[data-table]");
      const all = rows.rowsOf(table);
      const below = all.slice(all.indexOf(event.target.closest("[data-row]")) + 1);
      const next = below.map((row) => rows.fieldOf(row, event.target.dataset.field)).find(Boolean);
      (next ?? table.querySelector("[data-add]")).focus();
    });

    // The server has drawn the draft as recipients read it: over the form, and on phones below it.
    const preview = document.getElementById("compose-preview");
    const isNarrow = matchMedia("(width < 800px)");
    preview.addEventListener("htmx:afterSwap", () => {
      if (!preview.open) isNarrow.matches ? preview.show() : preview.showModal();
      if (preview.matches(":modal")) return;
      preview.querySelector("h2").focus({ preventScroll: true });
      preview.scrollIntoView();
    });
    preview.addEventListener("close", () => form.querySelector("[name=preview]").focus());

    const showPeople = (chosen, ticked = []) => {
      // Nobody of the company before may be sent along meanwhile.
      document.getElementById("id_company_contacts").replaceChildren();
      const values = { account: say.account, company_id: chosen ?? "", company_contacts: ticked };
      return htmx.ajax("GET", say.people, { target: "#id_company_contacts", values });
    };
    form.addEventListener("change", async ({ target }) => {
      if (target.name !== "company_id") return;
      await showPeople(target.value);
      changed({ isTyped: true });
    });
    // A company that was found by a search is not on the page when what was typed comes back.
    const restoreCompany = async () => {
      if (stored.company === undefined || stored.company === company()) return;
      const values = { account: say.account, company_id: stored.company ?? "", field: "company_id" };
      await htmx.ajax("GET", say.companies, { target: "#id_company_id_options", values });
      await showPeople(stored.company, stored.contacts);
    };

    place.replaceChildren(...(stored.tables.length ? stored.tables : [{ rows: [] }]).map(rows.showTable));
    refresh();
    faults.show();
    if (form.querySelector("#form-errors")) faults.goToFirst();
    restoreCompany();
  };

  if (form) start();
}

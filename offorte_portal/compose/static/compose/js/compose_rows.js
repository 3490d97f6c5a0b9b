// Rows and tables of a draft as the page shows them, and back. What a row's type has not, its element has not.
// biome-ignore lint/correctness/noUnusedVariables: other scripts of the page use it
const composeRows = (form) => {
  const notation = { decimal: form.dataset.decimal, thousand: form.dataset.thousand };
  const FLAGS = ["optional", "checked", "user_count"];
  const make = (id) => document.getElementById(`compose-${id}`).content.firstElementChild.cloneNode(true);
  const fieldOf = (row, name) => row.querySelector(`[data-field="${name}"]`);
  const html = new WeakMap();
  // What a field stands for while nobody has typed into it, however it is rounded or written.
  const held = new WeakMap();

  let rememberedMarks = 0;

  // Before what was typed and can't be read.
  const UNREAD = "~";
  const PERCENTAGES = ["vat", "discount"];
  const readTyped = (text, name) => {
    if (!text) return "";
    const reader = PERCENTAGES.includes(name) ? composeTotals.readPercentage : composeTotals.read;
    return reader(text, notation.decimal) ?? UNREAD + text.slice(0, 50);
  };

  const fill = (field, value, least = 0) => {
    const isNew = value && !value.startsWith(UNREAD);
    if (field instanceof HTMLSelectElement && isNew && ![...field.options].some((one) => one.value === value)) {
      field.append(new Option(`${value}%`, value));
    }
    if (value.startsWith(UNREAD)) {
      field.value = field instanceof HTMLSelectElement ? "" : value.slice(UNREAD.length);
      return;
    }
    field.value = field instanceof HTMLSelectElement ? value : composeTotals.write(value, notation, least);
    held.set(field, value);
  };

  const readField = (field) => {
    if (field instanceof HTMLSelectElement) return field.value;
    if (held.has(field)) return held.get(field);
    return readTyped(field.value.trim(), field.dataset.field);
  };

  const show = (data) => {
    const row = make(data.type);
    fieldOf(row, "text").value = data.text ?? "";
    if (data.html) html.set(row, data.html);
    for (const name of ["count", "price", "vat", "discount"]) {
      const field = fieldOf(row, name);
      if (field) fill(field, data[name] ?? "", name === "price" ? 2 : 0);
    }
    for (const flag of FLAGS) if (data[flag]) row.dataset[flag] = "";
    if (data.price_from) row.dataset.priceFrom = data.price_from;
    mark(row);
    return row;
  };

  const read = (row) => {
    const data = { type: row.dataset.row, text: fieldOf(row, "text").value };
    if (html.has(row)) data.html = html.get(row);
    for (const field of row.querySelectorAll("[data-field]:not(textarea)")) data[field.dataset.field] = readField(field);
    if (data.type === "price") for (const flag of FLAGS) data[flag] = flag in row.dataset;
    if (row.dataset.priceFrom) data.price_from = row.dataset.priceFrom;
    return data;
  };

  const mark = (row) => {
    const marks = row.querySelector("[data-marks]");
    const shown = FLAGS.filter((flag) => flag in row.dataset && !(flag === "optional" && "checked" in row.dataset));
    marks.replaceChildren(...[...shown, ...(html.has(row) ? ["html"] : [])].map((name) => make(`mark-${name}`)));
    const price = fieldOf(row, "price");
    price?.toggleAttribute("data-remembered", "priceFrom" in row.dataset);
    price?.removeAttribute("aria-describedby");
    if (!("priceFrom" in row.dataset)) return;
    const source = make("mark-remembered");
    const says = source.querySelector("[data-says]");
    rememberedMarks += 1;
    says.id = `remembered-${rememberedMarks}`;
    says.querySelector("[data-source]").textContent = row.dataset.priceFrom;
    price.setAttribute("aria-describedby", says.id);
    marks.append(source);
  };

  // What was filled in from an earlier proposal goes with one key or click, and its mark with the first key typed.
  const clearPrice = (row) => {
    const price = fieldOf(row, "price");
    held.delete(price);
    price.value = "";
    delete row.dataset.priceFrom;
    mark(row);
    price.focus();
  };

  const toggle = (row, flag) => {
    if (flag in row.dataset) delete row.dataset[flag];
    else row.dataset[flag] = "";
    // Only what is optional can be chosen beforehand.
    if (flag === "checked" && "checked" in row.dataset) row.dataset.optional = "";
    if (flag === "optional" && !("optional" in row.dataset)) delete row.dataset.checked;
    mark(row);
    showFlags(row);
  };

  const showFlags = (row) => {
    for (const item of row.querySelectorAll("[data-flag]")) {
      item.setAttribute("aria-pressed", item.dataset.flag in row.dataset);
    }
  };

  const fillMenu = (row, menu) => {
    if (!menu.querySelector(".menu-panel")) {
      const panel = make("menu");
      const unknown = row.dataset.row === "price" ? [] : panel.querySelectorAll("[data-flag], [data-of-flags]");
      for (const item of unknown) item.remove();
      menu.append(panel);
    }
    showFlags(row);
  };

  // Something was typed: it is an amount of its own now, and formatting goes with the text it was of.
  const touch = (field) => {
    held.delete(field);
    const row = field.closest("[data-row]");
    if (row && field.dataset.field === "text" && html.delete(row)) mark(row);
    if (row && field.dataset.field === "price" && "priceFrom" in row.dataset) {
      delete row.dataset.priceFrom;
      mark(row);
    }
  };

  const line = (data) => {
    const units = composeTotals.toUnits;
    if (data.type === "discount") {
      const discount = units(data.discount);
      return discount === null ? undefined : { type: "discount", discount };
    }
    if (data.type !== "price") return { type: data.type };
    const [count, price, vat] = [units(data.count), units(data.price), units(data.vat)];
    if (count === null || price === null || vat === null) return undefined;
    return { type: "price", count, price, vat, counts: data.checked || !data.optional };
  };

  const rowsOf = (table) => [...table.querySelectorAll("[data-row]")];
  const readTable = (table) => ({
    id: table.querySelector("[data-table-field=id]").value.trim(),
    vat: table.querySelector("[data-table-field=vat]").value,
    rows: rowsOf(table).map(read),
  });

  const showTable = (data) => {
    const table = make("table");
    table.querySelector("[data-table-field=id]").value = data.id ?? "";
    table.querySelector("[data-table-field=vat]").value = data.vat ?? "excl";
    table.querySelector("[data-rows]").append(...data.rows.map(show));
    return table;
  };

  // Which of a row's typed amounts can't be read, so that it can be said while it is typed.
  const unread = (row) =>
    [...row.querySelectorAll("input[data-field]")].filter((field) => {
      const value = readField(field);
      return value && composeTotals.toUnits(value) === null;
    });

  return { notation, readTyped, fieldOf, show, read, toggle, touch, clearPrice, fillMenu, line, rowsOf, readTable, showTable, unread };
};

// The combobox below the rows of a table: a product that is found becomes a row, and so does any other text.
// biome-ignore lint/correctness/noUnusedVariables: other scripts of the page use it
const composeProducts = ({ form, insert, lastRate, money }) => {
  let timer = 0;
  let asked = 0;
  let lists = 0;
  const listOf = (box) => box.parentElement.querySelector("[data-products]");
  const optionsOf = (box) => [...listOf(box).children];

  const close = (box) => {
    clearTimeout(timer);
    asked += 1;
    listOf(box).hidden = true;
    listOf(box).replaceChildren();
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };

  const activate = (box, option) => {
    for (const one of optionsOf(box)) one.setAttribute("aria-selected", one === option);
    box.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };

  // A remembered price with VAT is for a table whose prices are with VAT, and one without it for the others.
  const recall = (product, table) => {
    const includes = table.querySelector("[data-table-field=vat]").value === "incl";
    return (product.remembered ?? []).find((one) => one.includes_vat === includes);
  };

  const makeOption = (product, id, table) => {
    const [option, name, note] = ["li", "span", "small"].map((tag) => document.createElement(tag));
    [option.id, option.role, option.product] = [id, "option", product];
    option.setAttribute("aria-selected", "false");
    const price = composeTotals.toUnits(product.row.price);
    name.textContent = product.name;
    const remembered = recall(product, table)?.text;
    note.textContent = [product.sku, price === null ? "" : money(price / 100n), remembered].filter(Boolean).join(" · ");
    option.append(name, note);
    return option;
  };

  const offer = (box, products) => {
    const list = listOf(box);
    if (!list.id) {
      lists += 1;
      list.id = `products-${lists}`;
    }
    box.setAttribute("aria-controls", list.id);
    list.replaceChildren(...products.map((product, number) => makeOption(product, `${list.id}-${number}`, box.closest("[data-table]"))));
    list.hidden = products.length === 0;
    box.setAttribute("aria-expanded", String(products.length > 0));
  };

  const ask = async (box) => {
    asked += 1;
    const mine = asked;
    const query = new URLSearchParams({ account: form.dataset.account, q: box.value });
    const headers = { Accept: "application/json" };
    const answer = await fetch(`${form.dataset.products}?${query}`, { headers }).catch(() => null);
    const isJson = answer?.ok && answer.headers.get("Content-Type")?.includes("json");
    const found = isJson ? await answer.json() : null;
    // An answer that comes late is one to an earlier question.
    if (found && mine === asked) offer(box, found.products);
  };

  // A remembered price fills in what the catalogue does not say.
  const fillIn = (product, table) => {
    const found = recall(product, table);
    if (!found?.fits) return product.row;
    return { ...product.row, price: found.price, vat: product.row.vat || found.vat, price_from: found.source };
  };

  // To what is missing, price or VAT, else to the quantity; Enter leads back here.
  const goOn = (row) => {
    const [price, vat, count] = ["price", "vat", "count"].map((name) => row.querySelector(`[data-field=${name}]`));
    const next = [price, vat].find((field) => !field.value) ?? count;
    next.focus();
    next.select?.();
    next.scrollIntoView({ block: "nearest" });
  };

  const take = (box, option) => {
    const table = box.closest("[data-table]");
    const text = box.value.trim();
    if (!option && !text) return;
    const [made] = insert(table, [option ? fillIn(option.product, table) : { type: "price", text, count: "1", price: "", vat: lastRate(table) }]);
    box.value = "";
    close(box);
    goOn(made);
  };

  form.addEventListener("input", ({ target }) => {
    if (!target.matches("[data-add]")) return;
    clearTimeout(timer);
    if (target.value.trim().length < 2) close(target);
    else timer = setTimeout(ask, 200, target);
  });
  form.addEventListener("keydown", (event) => {
    const box = event.target;
    if (!box.matches("[data-add]") || event.isComposing) return;
    const options = optionsOf(box);
    const active = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.key === "Enter") take(box, options[active]);
    else if (event.key === "Escape" && options.length) close(box);
    else if (step && options.length) {
      const from = active === -1 && step < 0 ? 0 : active;
      activate(box, options[(from + step + options.length) % options.length]);
    } else return;
    event.preventDefault();
  });
  form.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    event.preventDefault();
    take(option.closest(".compose-product").querySelector("[data-add]"), option);
  });
  form.addEventListener("focusout", ({ target }) => target.matches("[data-add]") && close(target));
};

// The amounts that a draft shows while it is written: of each row, of each table, of all tables together.
// biome-ignore lint/correctness/noUnusedVariables: other scripts of the page use it
const composeSums = ({ form, rows, tables, words, money }) => {
  const say = form.dataset;
  // A total of prices that are all unknown is unknown, and not zero.
  const UNKNOWN = "—";
  const whole = (amount) => `${say.currency}\u00a0${money(amount)}`;
  // The labels of rates that one VAT group has, by rate.
  const names = JSON.parse(say.vatNames);
  const vatLabel = (rate, base) => {
    // A rate in ten-thousandths has two decimals more than an amount in cents.
    const text = composeTotals.money(rate / 100n, { decimal: ".", thousand: "" }).replace(/\.?0+$/, "") || "0";
    if (names[text]) return words(say.sayNamed, { name: names[text], base });
    return words(say.sayVat, { rate: composeTotals.write(text, rows.notation), base });
  };

  const line = (name, label, amount) => {
    const [element, term, value] = ["div", "dt", "dd"].map((tag) => document.createElement(tag));
    [element.className, term.textContent] = [`is-${name}`, label];
    [value.textContent, value.className] = [amount, "money"];
    element.append(term, value);
    return element;
  };

  const show = (list, { net, vat, total, options }, unknown) => {
    const lines = vat.length ? [line("net", say.sayNet, money(net))] : [];
    for (const [rate, base, amount] of vat) {
      lines.push(line("vat", vatLabel(rate, money(base)), money(amount)));
    }
    lines.push(line("total", vat.length ? say.sayTotal : say.sayPlain, whole(total)));
    if (options) lines.push(line("options", say.sayOptions, money(options)));
    if (unknown) lines.push(line("unknown", words(say.sayUnknown, { count: unknown }), ""));
    list.replaceChildren(...lines);
  };

  const join = (all) => {
    const vat = new Map();
    for (const [rate, base, amount] of all.flatMap((totals) => totals.vat)) {
      const [bases, amounts] = vat.get(rate) ?? [0n, 0n];
      vat.set(rate, [bases + base, amounts + amount]);
    }
    const sum = (name) => all.reduce((one, totals) => one + totals[name], 0n);
    const lines = [...vat].sort(([one], [other]) => (one < other ? -1 : 1)).map(([rate, sums]) => [rate, ...sums]);
    return { net: sum("net"), vat: lines, total: sum("total"), options: sum("options") };
  };

  const showTable = (table) => {
    const elements = rows.rowsOf(table);
    const data = rows.readTable(table);
    const lines = data.rows.map(rows.line);
    const totals = composeTotals.addUp(lines, data.vat);
    const missing = lines.filter((one) => !one).length;
    elements.forEach((element, number) => {
      const amount = lines[number] ? totals.rows[number] : null;
      element.querySelector("[data-amount]").textContent = amount === null ? "" : money(amount);
      element.setAttribute("aria-label", words(say.sayRow, { place: number + 1 }));
      element.classList.toggle("is-out", "optional" in element.dataset && !("checked" in element.dataset));
    });
    const sums = table.querySelector("[data-sums]");
    table.querySelector("[data-empty]").hidden = elements.length > 0;
    table.querySelector(".compose-heads").hidden = elements.length === 0;
    // There is one total, at the foot of the page; of several tables each shows its part in it.
    sums.hidden = elements.length === 0 || tables().length < 2;
    sums.replaceChildren(line("part", say.sayPart, money(totals.total)));
    const prices = lines.filter((_one, number) => data.rows[number].type === "price");
    return { ...totals, missing, isKnown: !prices.length || prices.some(Boolean) };
  };

  return () => {
    const all = tables().map(showTable);
    const together = join(all);
    const missing = all.reduce((sum, one) => sum + one.missing, 0);
    show(form.querySelector("[data-all]"), together, missing);
    const label = together.vat.length ? say.sayTotal : say.sayPlain;
    const bar = form.querySelector("[data-bar-total]");
    bar.querySelector("[data-bar-label]").textContent = label;
    bar.querySelector("[data-bar-amount]").textContent = all.some((one) => one.isKnown) ? whole(together.total) : UNKNOWN;
    bar.classList.toggle("is-incomplete", missing > 0);
  };
};

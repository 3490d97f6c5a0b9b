// Cells of a spreadsheet as rows of a price table: tab-separated, as every spreadsheet copies them.
const composePaste = (() => {
  const LONGEST = 10_000;
  const HEADS = {
    text: /^(omschrijving|beschrijving|product|artikel|naam|item|description|name|tekst|text)\b/i,
    count: /^(aantal|qty|quantity|hoeveelheid|count|stuks)\b/i,
    price: /^(prijs|stukprijs|eenheidsprijs|price|unit price|tarief|rate)\b/i,
    vat: /^(btw|vat|tax)\b/i,
  };

  // Cells may be quoted, and then hold tabs, quotes and line breaks of their own.
  const cells = (text) => {
    const lines = [[]];
    const pattern = /"((?:[^"]|"")*)"(?=\t|\r?\n|$)|([^\t\r\n]*)/y;
    for (let at = 0; at <= text.length; ) {
      pattern.lastIndex = at;
      const found = pattern.exec(text);
      lines.at(-1).push((found[1]?.replaceAll('""', '"') ?? found[2]).trim());
      at = pattern.lastIndex;
      if (text[at] === "\t") at += 1;
      else if (at >= text.length) break;
      else {
        at += text.startsWith("\r\n", at) ? 2 : 1;
        lines.push([]);
      }
    }
    return lines.filter((line) => line.some(Boolean));
  };

  const findHeads = (line) => {
    const places = {};
    line.forEach((cell, place) => {
      for (const [name, head] of Object.entries(HEADS)) {
        if (head.test(cell) && !(name in places)) {
          places[name] = place;
          break;
        }
      }
    });
    return "text" in places && ("price" in places || "count" in places) ? places : null;
  };

  const looksNumeric = (cell) => /\d/.test(cell) && /^[-−+€$£\s\d.,'%]*(?:eur)?[\d.,\s€%-]*$/i.test(cell);

  const byPlace = (line, rates, amount) => {
    const words = [];
    let place = 0;
    while (place < line.length && !(words.length && looksNumeric(line[place]))) {
      if (line[place]) words.push(line[place]);
      place += 1;
    }
    const numbers = line.slice(place).filter(Boolean);
    const row = { text: words.join(" "), count: "1", price: "", vat: "" };
    if (numbers.length === 1) row.price = numbers[0];
    else if (numbers.length > 1) [row.count, row.price] = numbers;
    const rate = numbers.slice(2).find((cell) => /%$/.test(cell) || rates.includes(amount(cell, "vat")));
    return rate ? { ...row, vat: rate } : row;
  };

  const read = (text, { rates, vat, amount }) => {
    const lines = cells(text);
    const heads = lines.length ? findHeads(lines[0]) : null;
    const isTable = lines.some((line) => line.filter(Boolean).length > 1);
    return lines.slice(heads ? 1 : 0).map((line) => {
      const at = (name) => (name in heads ? (line[heads[name]] ?? "") : "");
      const row = heads ? { text: at("text"), count: at("count") || "1", price: at("price"), vat: at("vat") } : byPlace(line, rates, amount);
      if (isTable && line.filter(Boolean).length === 1 && !row.price) return { type: "title", text: row.text.slice(0, LONGEST) };
      const rate = amount(row.vat, "vat");
      return { type: "price", text: row.text.slice(0, LONGEST), count: amount(row.count, "count"), price: amount(row.price, "price"), vat: rate || vat };
    });
  };

  return { read };
})();

// Pasting into a description, into the box below the rows, or into a dialog, for browsers without clipboard events.
// biome-ignore lint/correctness/noUnusedVariables: other scripts of the page use it
const composePasting = ({ form, rows, insert, changed, rates, lastRate, announce, words }) => {
  const count = (found) => words(form.dataset.sayPasted, { count: found.length });
  const paste = (text, table, before = null) => {
    const found = composePaste.read(text, { rates: rates(), vat: lastRate(table), amount: rows.readTyped });
    announce(count(found));
    return found.length ? insert(table, found, before) : [];
  };

  form.addEventListener("paste", (event) => {
    const control = event.target;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const isOfRow = control.matches("[data-field=text]") && text.includes("\t");
    if (!isOfRow && !(control.matches("[data-add]") && /[\t\n]/.test(text.trim()))) return;
    event.preventDefault();
    const row = control.closest("[data-row]");
    const [first] = paste(text, control.closest("[data-table]"), row?.nextElementSibling ?? null);
    if (!first) return;
    // A row that was still empty is replaced by what was pasted.
    if (row && !control.value.trim()) row.remove();
    rows.fieldOf(first, "text").focus();
    changed();
  });

  const dialog = document.getElementById("compose-paste");
  const [box, status] = [dialog.querySelector("textarea"), dialog.querySelector("[data-paste-count]")];
  box.addEventListener("input", () => {
    status.textContent = count(composePaste.read(box.value, { rates: rates(), vat: "", amount: rows.readTyped }));
  });
  return (table) => {
    box.value = "";
    status.textContent = "";
    dialog.returnValue = "";
    dialog.onclose = () => {
      const [first] = dialog.returnValue === "add" ? paste(box.value, table) : [];
      (first ? rows.fieldOf(first, "text") : table.querySelector("[data-act=paste]")).focus();
    };
    dialog.showModal();
    box.focus();
  };
};

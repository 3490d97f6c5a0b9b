// The list's selection: all on the page, a range with Shift, all pages; how many that is, and how much.
document.addEventListener("DOMContentLoaded", () => {
  const bar = document.querySelector("[data-bulk]");
  const toggle = document.getElementById("action-toggle");
  const boxes = [...document.querySelectorAll(".action-select")];
  if (!bar || !toggle || !boxes.length) return;

  const language = document.documentElement.lang;
  const everything = bar.querySelector("[data-bulk-all]");
  const across = bar.querySelector("[name=select_across]");
  const value = bar.querySelector("[data-bulk-value]");
  let last = null;

  const write = (amount) => amount.toLocaleString(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

  const showValue = (checked) => {
    if (!value || bar.dataset.currency === undefined) return;
    const known = checked.filter((box) => box.dataset.value);
    const parts = [`${bar.dataset.currency}\u00a0${write(known.reduce((sum, box) => sum + Number(box.dataset.value), 0))}`];
    if (known.length < checked.length) parts.push(`${checked.length - known.length} ${bar.dataset.unknown}`);
    value.textContent = checked.length ? parts.slice(known.length ? 0 : 1).join(" + ") : "";
  };

  // What all pages are worth together only the server knows.
  const fetchValue = async () => {
    if (!everything.dataset.valueUrl) return;
    value.textContent = "…";
    const response = await fetch(everything.dataset.valueUrl).catch(() => null);
    if (across.value === "1") value.textContent = response?.ok && !response.redirected ? await response.text() : "";
  };

  const show = () => {
    const checked = boxes.filter((box) => box.checked);
    toggle.checked = checked.length === boxes.length;
    toggle.indeterminate = checked.length > 0 && !toggle.checked;
    if (!toggle.checked) across.value = "0";
    const isAll = across.value === "1";
    if (everything) everything.hidden = !toggle.checked || isAll;
    const shown = isAll ? Number(bar.dataset.total) : checked.length;
    bar.querySelector("[data-bulk-count]").textContent = shown.toLocaleString(language);
    if (isAll) fetchValue();
    else showValue(checked);
  };

  const setAll = (checked) => {
    for (const box of boxes) box.checked = checked;
    show();
  };

  toggle.addEventListener("change", () => setAll(toggle.checked));
  bar.querySelector("[data-bulk-clear]").addEventListener("click", () => {
    setAll(false);
    toggle.focus();
  });
  everything?.addEventListener("click", () => {
    across.value = "1";
    show();
    bar.querySelector("button, summary").focus();
  });

  for (const box of boxes) {
    box.addEventListener("click", (event) => {
      if (event.shiftKey && last) {
        const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
        for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
      }
      last = box;
      show();
    });
  }

  // The browser may restore ticks when a person comes back.
  window.addEventListener("pageshow", show);
});

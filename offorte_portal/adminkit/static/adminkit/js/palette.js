// The search palette (Ctrl/Cmd+K or /), the list of shortcuts (?), g followed by a letter to go to a page, and the keys
// of links of the page (data-page-key).
// Of the records that a person opened last the browser remembers the paths alone; the server says what they are called.
{
  const KEY = "single-keys";
  const palette = document.getElementById("palette");
  const shortcuts = document.getElementById("shortcuts");
  const input = palette?.querySelector("input");
  const results = document.getElementById("palette-results");
  const RECENT = `recent:${palette?.dataset.person}`;
  const MOST_RECENT = 9; // the page's own is left out
  let isGoing = 0;
  let isEntered = false;

  const singleKeys = () => {
    try {
      return localStorage.getItem(KEY) !== "off";
    } catch {
      return true; // storage is switched off
    }
  };

  const recent = () => {
    try {
      const paths = JSON.parse(localStorage.getItem(RECENT));
      return Array.isArray(paths) ? paths : [];
    } catch {
      return []; // no storage, or nothing that can be read
    }
  };

  const remember = (path) => {
    try {
      localStorage.setItem(RECENT, JSON.stringify([path, ...recent().filter((one) => one !== path)].slice(0, MOST_RECENT)));
    } catch {
      // Without storage nothing is recent.
    }
  };

  const open = (dialog) => {
    for (const other of document.querySelectorAll("dialog.palette[open]")) other.close();
    dialog.showModal();
    if (dialog !== palette) return;
    isEntered = false;
    input.select();
    input.dispatchEvent(new Event("opened"));
  };

  const hits = () => [...results.querySelectorAll("[role=option]")];

  const mark = (hit) => {
    for (const one of hits()) one.setAttribute("aria-selected", String(one === hit));
    input.setAttribute("aria-expanded", String(Boolean(hit)));
    if (hit) {
      input.setAttribute("aria-activedescendant", hit.id);
      hit.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  };

  const marked = () => hits().find((hit) => hit.getAttribute("aria-selected") === "true");

  const step = (by) => {
    const all = hits();
    if (all.length) mark(all[(all.indexOf(marked()) + by + all.length) % all.length]);
  };

  const isTyping = (element) => element.closest("input, textarea, select, [contenteditable]:not([contenteditable=false])");

  const go = (key) => {
    const link = [...shortcuts.querySelectorAll("[data-go]")].find((one) => one.dataset.go === key);
    if (link) link.click();
    return Boolean(link);
  };

  const follow = (key) => {
    const link = [...document.querySelectorAll("[data-page-key]")].find((one) => one.dataset.pageKey === key);
    link?.click();
    return Boolean(link);
  };

  const onSingleKey = (event) => {
    const isSecond = Date.now() - isGoing < 1500;
    isGoing = 0;
    if (isSecond && go(event.key)) return true;
    if (event.key === "g") isGoing = Date.now();
    else if (event.key === "/") open(palette);
    else if (event.key === "?") open(shortcuts);
    else return follow(event.key);
    return true;
  };

  const onKey = (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (palette.open) palette.close();
      else open(palette);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
    if (!singleKeys() || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (onSingleKey(event)) event.preventDefault();
  };

  // Whether the results are those of what is typed now.
  const isFresh = () => results.querySelector("[data-text]")?.dataset.text === input.value.trim();

  const enter = () => {
    isEntered = !isFresh();
    if (!isEntered) marked()?.click();
  };

  const onInputKey = (event) => {
    if (event.isComposing) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) step(steps[event.key]);
    else if (event.key === "Enter") enter();
    // Otherwise Chromium would first clear the field, and close the palette by the next Escape.
    else if (event.key === "Escape") palette.close();
    else return;
    event.preventDefault();
  };

  if (palette) {
    document.addEventListener("keydown", onKey);
    input.addEventListener("keydown", onInputKey);
    input.addEventListener("input", () => {
      isEntered = false;
    });
    input.addEventListener("htmx:configRequest", (event) => {
      if (!input.value.trim()) event.detail.parameters.recent = recent();
    });
    results.addEventListener("htmx:afterSwap", () => {
      mark(hits()[0]);
      if (isEntered) enter();
    });
    results.addEventListener("submit", () => palette.close());
    results.addEventListener("mousemove", (event) => {
      const hit = event.target.closest("[role=option]");
      if (hit && hit !== marked()) mark(hit);
    });
    document.addEventListener("click", (event) => {
      if (event.target.closest("[data-palette-open]")) open(palette);
      else if (event.target.closest("[data-palette-close], [data-set-theme]")) event.target.closest("dialog").close();
      else if (event.target.matches("dialog.palette")) event.target.close();
    });
    if (palette.dataset.record) remember(palette.dataset.record);
    const choice = shortcuts.querySelector("[data-single-keys]");
    choice.checked = singleKeys();
    choice.addEventListener("change", () => {
      try {
        localStorage.setItem(KEY, choice.checked ? "on" : "off");
      } catch {
        // The choice can't be kept.
      }
    });
    if (/Mac|iP/.test(navigator.platform)) {
      for (const kbd of document.querySelectorAll("[data-palette-open] kbd")) kbd.textContent = "⌘ K";
    }
  }
}

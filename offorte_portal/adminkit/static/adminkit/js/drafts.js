// Keeps what is typed into <form data-draft="name"> in this browser until the server has it, so that a session that
// ended loses no input. What was kept comes back, with a notice, when the form is opened again.
// The server says by the cookie "saved_form" which draft it has got.
{
  const PREFIX = "draft:";
  const LONGEST = 3 * 24 * 60 * 60 * 1000;
  const NEVER = new Set(["csrfmiddlewaretoken", "confirmed"]);

  const read = (key) => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null; // no storage, or nothing that can be read
    }
  };
  const write = (key, value) => {
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // Without storage the form works, unprotected.
    }
  };
  const drop = (key) => {
    try {
      localStorage.removeItem(key);
    } catch {
      // Nothing was kept.
    }
  };
  const keys = () => {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
    } catch {
      return [];
    }
  };

  const saved = document.cookie.match(/(?:^|; )saved_form="?([^;"]*)"?/);
  if (saved) {
    drop(PREFIX + decodeURIComponent(saved[1]));
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
    document.cookie = "saved_form=; max-age=0; path=/; samesite=lax";
  }
  for (const key of keys()) {
    if (Date.now() - (read(key)?.at ?? 0) > LONGEST) drop(key);
  }
  // Who signs out leaves nothing behind.
  document.addEventListener("submit", (event) => {
    if (/\/logout\/$/.test(event.target.action)) keys().forEach(drop);
  });

  const controls = (form) =>
    [...form.elements].filter((one) => one.name && !NEVER.has(one.name) && !one.closest("[data-draft-skip]"));
  const isTick = (control) => control.type === "checkbox" || control.type === "radio";
  const isChanged = (control) => {
    if (isTick(control)) return control.checked !== control.defaultChecked;
    if (control instanceof HTMLSelectElement) return [...control.options].some((one) => one.selected !== one.defaultSelected);
    return control.value !== control.defaultValue;
  };

  const unwanted = new Set();
  const keep = (form) => {
    if (unwanted.has(PREFIX + form.dataset.draft)) return;
    const shown = controls(form).filter((one) => one.type !== "hidden");
    const typed = form.hasAttribute("data-draft-typed");
    const ticked = new Set(shown.filter((one) => isTick(one) && isChanged(one)).map((one) => one.name));
    const values = shown
      .filter((one) => (isTick(one) ? typed || ticked.has(one.name) : typed || isChanged(one)))
      .map((one) => [one.name, one.value, isTick(one) ? one.checked : null]);
    if (!values.length) return drop(PREFIX + form.dataset.draft);
    write(PREFIX + form.dataset.draft, { at: Date.now(), state: form.elements.form_state.value, values });
  };

  const restore = (form, kept) => {
    let count = 0;
    for (const [name, value, checked] of kept.values) {
      for (const control of controls(form).filter((one) => one.name === name)) {
        if (isTick(control)) {
          if (control.value === value && control.checked !== checked) count++;
          if (control.value === value) control.checked = checked;
        } else if (control.value !== value) {
          control.value = value;
          count++;
        }
      }
    }
    // With it comes what was there when the form was opened first, so that nothing newer is overwritten unseen.
    if (count) form.elements.form_state.value = kept.state;
    return count > 0;
  };

  for (const form of document.querySelectorAll("form[data-draft]")) {
    const key = PREFIX + form.dataset.draft;
    const kept = read(key);
    const notice = document.querySelector("[data-draft-notice]");
    if (kept && !form.hasAttribute("data-draft-typed") && restore(form, kept) && notice) notice.hidden = false;
    let timer = 0;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(keep, 300, form);
    });
    // A rejected form that nobody touches again is worth keeping, and so is what was typed before this script was here.
    keep(form);
    document.querySelector("[data-draft-discard]")?.addEventListener("click", () => {
      clearTimeout(timer);
      drop(key);
      location.assign(location.href);
    });
    let isSent = false;
    form.addEventListener("submit", (event) => {
      if (isSent) return event.preventDefault();
      clearTimeout(timer);
      keep(form);
      isSent = true;
      form.querySelector("button:not([type=button])")?.setAttribute("aria-disabled", "true");
    });
    // The browser may bring the page back as it was.
    window.addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      isSent = false;
      form.querySelector("button[aria-disabled]")?.removeAttribute("aria-disabled");
    });
  }

  // Who cancels wants nothing of it back.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-draft-drop]");
    if (!link) return;
    unwanted.add(PREFIX + link.dataset.draftDrop);
    drop(PREFIX + link.dataset.draftDrop);
  });

  document.querySelector("[data-focus]")?.focus();
}

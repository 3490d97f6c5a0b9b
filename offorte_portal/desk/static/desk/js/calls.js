// The call list by keyboard (j, k, and the keys of its rows) and by swiping: right for done, left for snoozing.
{
  const list = document.querySelector("[data-calls]");
  const SWIPE = 90;

  const rows = () => [...list.querySelectorAll("[data-call]")];
  const current = () => document.activeElement?.closest?.("[data-call]");

  const isOff = () => {
    try {
      return localStorage.getItem("single-keys") === "off";
    } catch {
      return false; // storage is switched off
    }
  };

  const focusOn = (row) => {
    row?.focus();
    row?.scrollIntoView({ block: "nearest" });
  };

  const step = (by) => {
    const all = rows();
    const at = all.indexOf(current());
    focusOn(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)]);
  };

  const press = (key) => {
    const row = current();
    // Nothing is decided about a row that nobody has chosen.
    if (!row) {
      focusOn(rows()[0]);
      return true;
    }
    const control = row.querySelector(`[data-key="${key}"]`);
    if (!control) return false;
    control.click();
    if (control.matches("summary")) control.parentElement.querySelector(".menu-item")?.focus();
    return true;
  };

  const undo = () => {
    const done = [...list.querySelectorAll("[data-call-done]")];
    const last = done.find((row) => row.dataset.last) ?? done.at(-1);
    const button = last?.querySelector("button") ?? document.querySelector(".toasts form button");
    button?.click();
    return Boolean(button);
  };

  const isElsewhere = (event) =>
    event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isOff() ||
    event.target.closest("input, textarea, select, dialog, .menu-panel, [contenteditable]") || document.querySelector("dialog[open]");

  const onKey = (event) => {
    if (isElsewhere(event)) return;
    // Enter and the space bar belong to the control that has the focus.
    const isOwn = event.key === "Enter" && !event.target.matches("[data-call]");
    if (isOwn) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "u" ? !undo() : !/^(?:Enter|[cfwldsm])$/.test(event.key) || !press(event.key)) return;
    event.preventDefault();
  };

  // After a row was replaced by what was done with it, the next one has the focus, or else the last one that is left;
  // what was done is read out.
  const onSettle = (event) => {
    const done = list.querySelector("[data-call-done]:not([data-said])");
    if (!done || !list.contains(event.target)) return;
    for (const other of list.querySelectorAll("[data-last]")) delete other.dataset.last;
    done.dataset.said = "yes";
    done.dataset.last = "yes";
    document.getElementById("calls-said").textContent = done.firstElementChild.textContent;
    let next = done.nextElementSibling;
    while (next && !next.matches("[data-call]")) next = next.nextElementSibling;
    focusOn(next ?? rows().at(-1) ?? done.querySelector("button"));
  };

  let swiped = null;

  const onPointerDown = (event) => {
    const row = event.target.closest("[data-call]");
    if (event.pointerType !== "touch" || !row || event.target.closest("a, button, summary, .menu-panel")) return;
    swiped = { row, x: event.clientX, by: 0 };
  };

  const onPointerMove = (event) => {
    if (!swiped) return;
    swiped.by = event.clientX - swiped.x;
    swiped.row.style.setProperty("--swipe", `${swiped.by}px`);
    swiped.row.dataset.swipe = swiped.by > SWIPE ? "done" : swiped.by < -SWIPE ? "snooze" : "";
  };

  const onPointerEnd = (event) => {
    if (!swiped) return;
    const { row } = swiped;
    const what = event.type === "pointerup" ? row.dataset.swipe : "";
    // htmx copies attributes to what comes in its place, and the policy allows no style among them.
    row.removeAttribute("style");
    delete row.dataset.swipe;
    swiped = null;
    if (what === "done") row.querySelector('[data-key="d"]').click();
    else if (what === "snooze") row.querySelector(".menu-panel button").click();
  };

  if (list) {
    document.addEventListener("keydown", onKey);
    document.body.addEventListener("htmx:afterSettle", onSettle);
    list.addEventListener("pointerdown", onPointerDown);
    list.addEventListener("pointermove", onPointerMove);
    list.addEventListener("pointerup", onPointerEnd);
    list.addEventListener("pointercancel", onPointerEnd);
    // The row that an undo brings back has the focus, unless somebody has moved on already.
    const back = document.getElementById(location.hash.slice(1));
    if (back?.matches("[data-call]") && !current()) focusOn(back);
  }
}

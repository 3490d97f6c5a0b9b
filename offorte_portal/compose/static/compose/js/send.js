// The form of a send: only the words that are chosen are shown, a placeholder goes where the cursor is, one submit is
// one send.
{
  const show = () => {
    const chosen = document.querySelector("input[name=words]:checked")?.value;
    for (const part of document.querySelectorAll("[data-words]")) part.hidden = part.dataset.words !== chosen;
  };
  document.addEventListener("change", (event) => event.target.name === "words" && show());
  window.addEventListener("pageshow", show);
  show();

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-placeholder]");
    const box = document.querySelector("textarea[name=send_message]");
    if (!button || !box) return;
    box.setRangeText(`{${button.dataset.placeholder}}`, box.selectionStart, box.selectionEnd, "end");
    box.focus();
  });

  let isSent = false;
  document.querySelector("form[data-send-once]")?.addEventListener("submit", (event) => {
    if (isSent) return event.preventDefault();
    isSent = true;
    event.submitter?.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) isSent = false;
  });
}

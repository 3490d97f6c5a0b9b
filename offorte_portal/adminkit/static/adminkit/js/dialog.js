// Links with data-dialog open the form of their page in a dialog; without this script they lead to the page itself.
// In the page, the form has data-dialog-form, and a link that leaves it has data-dialog-close.
{
  const parser = new DOMParser();
  let opener = null;
  // Stylesheets of the page in the dialog; the page beneath does without them.
  const borrowed = [];

  // A redirect is answered to us with its address, so that what the next page says is not lost on a fetch.
  const go = (address) => {
    const next = new URL(address, window.location.href);
    const isHere = next.pathname + next.search === window.location.pathname + window.location.search;
    if (!isHere) {
      window.location.assign(next);
      return;
    }
    // One load only: a second one would come too late for what the next page says.
    window.history.replaceState(null, "", next);
    window.location.reload();
  };

  const addStyles = (page) => {
    const known = new Set([...document.querySelectorAll("link[rel=stylesheet]")].map((link) => link.href));
    const missing = [...page.querySelectorAll("link[rel=stylesheet]")].filter((link) => !known.has(link.href));
    return Promise.all(
      missing.map((link) => {
        const copy = document.createElement("link");
        copy.rel = "stylesheet";
        copy.href = link.href;
        return new Promise((resolve) => {
          copy.addEventListener("load", resolve);
          copy.addEventListener("error", resolve);
          document.head.append(copy);
          borrowed.push(copy);
        });
      }),
    );
  };

  // The title and the form of a page; null where the browser goes elsewhere, or where the page has no form.
  const read = async (address, options) => {
    const response = await fetch(address, { ...options, headers: { "X-Dialog": "true" } });
    const next = response.headers.get("X-Location");
    if (next) {
      go(next);
      return null;
    }
    if (!response.ok) throw new Error(String(response.status));
    const page = parser.parseFromString(await response.text(), "text/html");
    const form = page.querySelector("form[data-dialog-form]");
    if (!form) throw new Error("no form");
    await addStyles(page);
    return [page.querySelector("h1")?.textContent.trim() ?? "", form];
  };

  const makeDialog = () => {
    const dialog = document.createElement("dialog");
    dialog.className = "form-dialog";
    dialog.setAttribute("aria-labelledby", "form-dialog-title");
    dialog.addEventListener("close", () => {
      dialog.remove();
      for (const link of borrowed.splice(0)) link.remove();
      const isHidden = opener && !opener.checkVisibility();
      (isHidden ? opener.closest("details")?.querySelector("summary") : opener)?.focus();
    });
    dialog.addEventListener("click", (event) => {
      if (!event.target.closest("[data-dialog-close]")) return;
      event.preventDefault();
      dialog.close();
    });
    dialog.addEventListener("submit", (event) => submit(dialog, event));
    return dialog;
  };

  const fill = (dialog, [title, form]) => {
    const heading = document.createElement("h2");
    heading.id = "form-dialog-title";
    heading.textContent = title;
    dialog.replaceChildren(heading, document.adoptNode(form));
  };

  const submit = async (dialog, event) => {
    const form = event.target;
    event.preventDefault();
    if (dialog.ariaBusy === "true") return;
    dialog.ariaBusy = "true";
    try {
      const content = await read(form.action, { method: "POST", body: new FormData(form, event.submitter) });
      if (!content) return;
      fill(dialog, content);
      dialog.querySelector("[aria-invalid=true], [role=alert], .errorlist")?.closest("div, fieldset")?.scrollIntoView({ block: "nearest" });
      (dialog.querySelector("[aria-invalid=true]") ?? dialog.querySelector("form button"))?.focus();
    } catch {
      // What it is that went wrong, the page itself says.
      form.submit();
      return;
    }
    dialog.ariaBusy = "false";
  };

  const open = async (link) => {
    let content = null;
    try {
      content = await read(link.href);
    } catch {
      window.location.assign(link.href);
    }
    if (!content) return;
    opener = link;
    const dialog = makeDialog();
    fill(dialog, content);
    document.body.append(dialog);
    dialog.showModal();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-dialog]");
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!link || !isPlain) return;
    event.preventDefault();
    if (!document.querySelector("dialog.form-dialog")) open(link);
  });
}

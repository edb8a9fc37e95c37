// What htmx leaves to the page: where a refusal is shown, where the keyboard goes on, and what is said aloud.
import { announce } from "./announce.js";
import { attachWithin } from "./attach.js";
import { gettext } from "./texts.js";

const NOT_SENT = gettext("This did not arrive. Check your connection and try again.");
const BROKEN = gettext("The site could not do this at the moment. Try again a little later.");
const CHANGES = "htmx:beforeSwap";

document.addEventListener("htmx:load", ({ target }) => attachWithin(target));
document.addEventListener("announce", ({ detail }) => announce(detail.value));

document.addEventListener(CHANGES, ({ detail }) => {
  const { xhr, requestConfig, pathInfo } = detail;
  if (xhr.status >= 500) return show(message(BROKEN), requestConfig.elt);
  if (xhr.status >= 400) return show(parse(xhr.responseText), requestConfig.elt);
  // An answer from another address is a page and no part of this one.
  if (new URL(xhr.responseURL).pathname !== new URL(pathInfo.finalRequestPath, location.href).pathname) {
    detail.shouldSwap = false;
    location.assign(xhr.responseURL);
  }
  forget();
});

for (const failure of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, ({ detail }) => show(message(NOT_SENT), detail.requestConfig.elt));
}

// htmx gives focus back to what has an id; otherwise who uses the keyboard goes on from the part that changed.
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const part = detail.elt;
  if (document.activeElement !== document.body || !part.isConnected) return;
  part.tabIndex = -1;
  part.focus({ preventScroll: true });
});

function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild ?? message(BROKEN);
}

function message(text) {
  return Object.assign(document.createElement("p"), { role: "alert", className: "notice notice-error", textContent: text });
}

function show(part, form) {
  forget();
  part.dataset.message = "";
  form.after(part);
  // By the click and not before it: the page would move away under the pointer.
  document.addEventListener("click", forget, { once: true });
}

function forget() {
  for (const former of document.querySelectorAll("[data-message]")) former.remove();
}

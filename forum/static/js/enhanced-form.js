// Sends a form without leaving the page and puts the part of the page that comes back in the place of the element
// that data-enhance names. If anything is out of the ordinary, the form is sent the plain way.
import { attach as attachBehaviours } from "./attach.js";

export function attach(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    const { submitter } = event;
    const body = new URLSearchParams(new FormData(form, submitter));
    try {
      const headers = { "X-Askwell-Fragment": form.dataset.enhance };
      const response = await fetch(form.getAttribute("action"), { method: "POST", body, headers });
      const part = parse(await response.text());
      if (response.redirected || part === null || response.status >= 500) sendPlainly(form, submitter);
      else if (response.ok) swap(part, form, submitter);
      else show(part, form);
    } catch {
      sendPlainly(form, submitter);
    } finally {
      form.ariaBusy = "false";
    }
  });
}

function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

function swap(part, form, submitter) {
  const former = document.getElementById(form.dataset.enhance);
  const at = [...former.querySelectorAll("button")].indexOf(submitter);
  former.replaceWith(part);
  attachBehaviours(part);
  // Who uses the keyboard goes on from the same button, or else from the part that changed.
  part.tabIndex = -1;
  const same = part.querySelectorAll("button")[at];
  (same?.name && same.name === submitter.name ? same : part).focus({ preventScroll: true });
}

function show(message, form) {
  for (const former of document.querySelectorAll("[data-message]")) former.remove();
  message.dataset.message = "";
  form.after(message);
  // By the click and not before it: the page would move away under the pointer.
  document.addEventListener("click", () => message.remove(), { once: true });
}

function sendPlainly(form, submitter) {
  if (submitter?.name) {
    const chosen = Object.assign(document.createElement("input"), { type: "hidden" });
    form.append(Object.assign(chosen, { name: submitter.name, value: submitter.value }));
  }
  HTMLFormElement.prototype.submit.call(form);
}

// What a form tells about its draft: a line beside its buttons, and a choice where there are two texts.
import { announce } from "./announce.js";

const LABELS = { title: "Title", source: "Text", tags: "Tags", summary: "What you changed" };

export const savedNow = (fate) => ({ saved: `Draft saved ${time(Date.now())}`, posted: "You have posted this already." })[fate] ?? "";
export const broughtBack = (moment) => `Your text of ${time(moment)} is back from this browser.`;
export const overtaken = (moment) =>
  `Another text was saved here at ${time(moment)}, in another tab or on another device. Nothing is lost: choose which one to go on with.`;
export const keptElsewhere = (moment) =>
  `This browser kept another text of ${time(moment)}, which the site does not have. Choose which one to go on with.`;

function time(moment) {
  return new Date(moment).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

// A line that nobody is disturbed by: it is read aloud only where something went wrong.
export function say(status, text) {
  show(status, [text], false);
}

export function complain(status, text, link = null) {
  const isNew = status.firstChild?.textContent !== text;
  show(status, link ? [text, " ", element("a", link)] : [text], true);
  if (isNew) announce(text);
}

// Why a text was not saved, and where it is meanwhile.
export function complainOf(status, refusal, { isKept }) {
  const where = isKept ? " Your text is kept in this browser." : "";
  if (!refusal?.isSignedOut) return complain(status, `${refusal?.reason || "Not saved, trying again."}${where}`);
  const next = new URLSearchParams({ next: location.pathname + location.search });
  complain(status, `You are signed out.${where}`, { href: `${status.dataset.signIn}?${next}`, textContent: "Sign in to go on" });
}

function show(status, parts, isFailure) {
  status.hidden = parts[0] === "";
  status.classList.toggle("draft-status-failed", isFailure);
  status.replaceChildren(...parts);
}

// Puts another text above a form, with a button for either; the text in the form stays there meanwhile.
export function offerChoice(form, heading, other, { keepThis, takeOther }) {
  const choice = element("section", { className: "notice notice-warning draft-choice" });
  choice.setAttribute("role", "alert");
  choice.append(element("p", { textContent: heading }));
  for (const [name, label] of Object.entries(LABELS)) {
    if (!other[name] || !form.elements[name]) continue;
    choice.append(element("b", { textContent: label }));
    choice.append(element("pre", { className: "difference", textContent: other[name] }));
  }
  const row = element("div", { className: "form-actions" });
  row.append(button("Keep the text in the form", keepThis), button("Take this text", takeOther));
  choice.append(row);
  form.before(choice);

  function button(textContent, act) {
    const offer = element("button", { type: "button", className: "button button-quiet button-small", textContent });
    offer.addEventListener("click", () => {
      choice.remove();
      act();
      form.elements.source.focus();
    });
    return offer;
  }
}

function element(name, values) {
  return Object.assign(document.createElement(name), values);
}

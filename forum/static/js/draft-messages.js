// What a form tells about its draft: a line beside its buttons, and a choice where there are two texts.
import { announce } from "./announce.js";
import { gettext, momentFormat } from "./texts.js";

const LABELS = {
  title: gettext("Title"),
  source: gettext("Text"),
  tags: gettext("Tags"),
  summary: gettext("What you changed"),
};
const TIME = momentFormat({ hour: "2-digit", minute: "2-digit" });

export const savedNow = (fate) =>
  ({
    saved: gettext("Draft saved %(time)s", at(Date.now())),
    posted: gettext("You have posted this already."),
  })[fate] ?? "";
export const broughtBack = (moment) => gettext("Your text of %(time)s is back from this browser.", at(moment));
export const overtaken = (moment) =>
  gettext(
    "Another text was saved here at %(time)s, in another tab or on another device. Nothing is lost: choose which one to go on with.",
    at(moment),
  );
export const keptElsewhere = (moment) =>
  gettext(
    "This browser kept another text of %(time)s, which the site does not have. Choose which one to go on with.",
    at(moment),
  );

// A time of day, such as 14:05, to be filled into a sentence.
function at(moment) {
  return { time: TIME.format(new Date(moment)) };
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
  const where = isKept ? gettext("Your text is kept in this browser.") : "";
  const reason = refusal?.reason || gettext("Not saved, trying again.");
  if (!refusal?.isSignedOut) return complain(status, `${reason} ${where}`.trim());
  const next = new URLSearchParams({ next: location.pathname + location.search });
  const out = gettext("You are signed out.");
  complain(status, `${out} ${where}`.trim(), {
    href: `${status.dataset.signIn}?${next}`,
    textContent: gettext("Sign in to go on"),
  });
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
    choice.append(element("pre", { className: "difference", textContent: other[name], dir: "auto" }));
  }
  const row = element("div", { className: "form-actions" });
  row.append(button(gettext("Keep the text in the form"), keepThis), button(gettext("Take this text"), takeOther));
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

// Offers tags for the word at the caret of a field that holds several.
import { define } from "./attach.js";
import { OfferList } from "./offer-list.js";
import { gettext, number } from "./texts.js";

const PAUSE = 150; // milliseconds

define("tag-completion", attach);

function attach(field) {
  const input = field.querySelector("input");
  const list = new OfferList(input, { label: gettext("Tags"), line, take, takeBy: ["Enter", "Tab"] });
  let timer = 0;
  let turn = 0;

  input.addEventListener("input", () => {
    stop();
    timer = setTimeout(offer, PAUSE);
  });
  input.addEventListener("blur", () => list.show([]));
  // What is still under way would open the list again that Escape has closed.
  input.addEventListener("keydown", ({ key }) => key === "Escape" && stop());

  function stop() {
    clearTimeout(timer);
    turn += 1;
  }

  function word() {
    const end = input.selectionStart;
    return { start: input.value.slice(0, end).search(/[^\s,;]*$/), end };
  }

  async function offer() {
    const { start, end } = word();
    const typed = input.value.slice(start, end);
    if (!typed) return list.show([]);
    const asked = turn;
    const response = await fetch(`${field.dataset.completionAddress}?${new URLSearchParams({ q: typed })}`);
    if (asked !== turn) return;
    const isStillAsked = input.value.slice(start, end) === typed && document.activeElement === input;
    const offers = response.ok && isStillAsked ? await response.json() : [];
    // A list that only repeats what is typed would lie over the button below and take the click meant for it.
    list.show(offers.every(({ name }) => name === typed) ? [] : offers);
  }

  function take(tag) {
    const { start, end } = word();
    input.setRangeText(`${tag.name} `, start, end, "end");
    list.show([]);
  }
}

function line({ name, excerpt, count }) {
  const parts = [["b", name, "auto"], ["span", `${number(count)}×`, ""], ["small", excerpt, "auto"]];
  return parts.map(([kind, textContent, dir]) => Object.assign(document.createElement(kind), { textContent, dir }));
}

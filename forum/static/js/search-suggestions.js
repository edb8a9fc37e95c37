// Offers questions, tags and people for a search that is being typed, and the last searches before anything is.
import { define } from "./attach.js";
import { OfferList } from "./offer-list.js";
import { recent, remember } from "./recent-searches.js";
import { gettext, number } from "./texts.js";

const PAUSE = 150; // milliseconds after the last key
const MOST_RECENT = 5;
const LAST_WORD = /\[?[^\s[\]]*$/;

define("search-suggestions", attach);

function attach(form) {
  const input = form.querySelector("input[type=search]");
  const list = new OfferList(input, { label: gettext("Suggestions"), line, take });
  let timer = 0;
  let former = null;

  input.addEventListener("input", () => {
    stop();
    if (input.value.trim()) timer = setTimeout(offer, PAUSE);
    else offerRecent();
  });
  for (const event of ["focus", "click"]) input.addEventListener(event, offerRecent);
  input.addEventListener("blur", close);
  // What is still under way would open the list again that Escape has closed.
  input.addEventListener("keydown", ({ key }) => key === "Escape" && stop());
  form.addEventListener("submit", () => {
    close();
    remember(input.value);
  });

  async function offer() {
    former = new AbortController();
    const { signal } = former;
    const address = `${form.dataset.suggestions}?${new URLSearchParams({ q: input.value })}`;
    try {
      const response = await fetch(address, { signal });
      if (!response.ok) return;
      const found = offersOf(await response.json());
      if (!signal.aborted && document.activeElement === input) list.show(found);
    } catch (error) {
      // Without an answer nothing is missing: the search can be sent all the same.
      if (error.name !== "AbortError") list.show([]);
    }
  }

  function offerRecent() {
    if (input.value.trim()) return;
    const group = gettext("Recent searches");
    list.show(recent().slice(0, MOST_RECENT).map((text) => ({ group, text })));
  }

  function take(chosen) {
    if (chosen.url) return location.assign(chosen.url);
    if (chosen.name) {
      input.setRangeText(`[${chosen.name}] `, input.value.search(LAST_WORD), input.value.length, "end");
      return close();
    }
    input.value = chosen.text;
    form.requestSubmit();
  }

  function close() {
    stop();
    list.show([]);
  }

  function stop() {
    clearTimeout(timer);
    former?.abort();
  }
}

function offersOf({ questions, tags, users }) {
  return [
    ...questions.map(({ title, url, solved }) => ({ group: gettext("Questions"), text: title, url, solved })),
    // Translators: it stands above tags, each of which narrows a search to the questions that have it.
    ...tags.map(({ name, count }) => ({ group: gettext("Only with the tag"), text: name, name, note: `${number(count)}×` })),
    ...users.map(({ name, url }) => ({ group: gettext("People"), text: name, url })),
  ];
}

function line({ text, solved, note = solved ? gettext("solved") : "" }) {
  const shown = Object.assign(document.createElement("span"), { textContent: text, dir: "auto" });
  return [shown, Object.assign(document.createElement("span"), { textContent: note, className: solved ? "offer-solved" : "" })];
}

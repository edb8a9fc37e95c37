// Completes people after an @, and tags and questions after a #, in a text that is being written.
import "../vendor/text-expander-element-2.9.4/text-expander-element.js";
import { define } from "./attach.js";
import { gettext, number } from "./texts.js";

const FEWEST = { "@": 0, "#": 2 }; // characters; a number sign alone begins a heading
const PAUSE = 150; // milliseconds after the last key

define("completion", attach);

function attach(expander) {
  let turn = 0;
  expander.addEventListener("text-expander-change", ({ detail }) => {
    const { key, text, provide } = detail;
    turn += 1;
    if (text.trim().length >= FEWEST[key]) provide(offered(key, text, turn));
  });
  expander.addEventListener("text-expander-value", ({ detail }) => {
    detail.value = detail.item.dataset.value;
  });

  async function offered(key, text, asked) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    if (asked !== turn) return { matched: false };
    const address = key === "@" ? expander.dataset.people : expander.dataset.suggestions;
    const separator = address.includes("?") ? "&" : "?";
    try {
      const response = await fetch(`${address}${separator}${new URLSearchParams({ q: text })}`);
      const offers = response.ok ? await (key === "@" ? people : links)(response) : [];
      return { matched: offers.length > 0 && asked === turn, fragment: listbox(offers) };
    } catch {
      // Without an answer nothing is missing: the name can be typed all the same.
      return { matched: false };
    }
  }
}

async function people(response) {
  return (await response.json()).map(({ name, mention }) => ({ text: name, note: "", value: `@${mention}` }));
}

async function links(response) {
  const { tags, questions } = await response.json();
  return [
    ...tags.map(({ name, url, count }) => ({ text: name, note: `${number(count)}×`, value: `[${name}](${url})` })),
    ...questions.map(({ title, url, solved }) => ({ text: title, note: solved ? gettext("solved") : "", value: `[${plain(title)}](${url})` })),
  ];
}

function plain(title) {
  return title.replace(/([\\[\]*_`<])/g, "\\$1");
}

function listbox(offers) {
  const list = Object.assign(document.createElement("ul"), { className: "offers offers-at-caret", role: "listbox" });
  list.append(
    ...offers.map(({ text, note, value }, at) => {
      const option = Object.assign(document.createElement("li"), { id: `offer-${at}`, role: "option" });
      option.dataset.value = value;
      const shown = Object.assign(document.createElement("span"), { textContent: text, dir: "auto" });
      option.append(shown, Object.assign(document.createElement("span"), { textContent: note }));
      return option;
    }),
  );
  return list;
}

// The last searches made in this browser, the latest first. They are kept here and never sent anywhere.
import { define } from "./attach.js";
import { gettext } from "./texts.js";

const KEY = "recent-searches";
const MOST = 10;
const LONGEST = 256;

export function recent() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((text) => typeof text === "string").slice(0, MOST) : [];
  } catch {
    // Storage is switched off, or holds what is not ours.
    return [];
  }
}

export function remember(text) {
  const search = text.trim().replace(/\s+/g, " ").slice(0, LONGEST);
  if (!search) return;
  const others = recent().filter((other) => other.toLowerCase() !== search.toLowerCase());
  keep([search, ...others].slice(0, MOST));
}

export function forgetAll() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Where nothing can be stored there is nothing to forget.
  }
}

function keep(searches) {
  try {
    localStorage.setItem(KEY, JSON.stringify(searches));
  } catch {
    // Without storage searching works all the same.
  }
}

// The list on the page of saved searches, with the button that empties it.
define("recent-searches", attach);

function attach(section) {
  const list = section.querySelector("[data-recent]");
  const searches = recent();
  list.replaceChildren(...searches.map((text) => line(text, list.dataset.search)));
  section.hidden = searches.length === 0;
  section.querySelector("[data-forget]").addEventListener("click", () => {
    forgetAll();
    list.replaceChildren();
    section.hidden = true;
    const said = document.querySelector("[data-recent-said]");
    if (said) said.textContent = gettext("Your recent searches are forgotten.");
    document.querySelector("#main")?.focus();
  });
}

function line(text, address) {
  const item = document.createElement("li");
  const query = new URLSearchParams({ q: text });
  item.append(Object.assign(document.createElement("a"), { href: `${address}?${query}`, textContent: text, dir: "auto" }));
  return item;
}

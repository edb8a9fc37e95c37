// Single keys that do what links and buttons of the page do; /appearance switches them off (WCAG 2.1.4).
import { define } from "./attach.js";

const ITEMS = "article.post, .question-row, .search-result";
const SECOND_KEY = 1500; // milliseconds in which the second key of two is waited for

define("shortcuts", attach);

function attach(overlay) {
  let isGoing = false;
  let timer = 0;

  const actions = {
    j: () => move(1),
    k: () => move(-1),
    o: () => press("h2 a, h3 a"),
    u: () => press("[id^=vote-up-]"),
    d: () => press("[id^=vote-down-]"),
    c: () => press(".add-comment summary", "textarea"),
    e: () => press('.post-actions a[href$="/edit"]'),
    f: () => document.querySelector(".question-head .follow-button")?.click(),
    a: () => document.querySelector("#your-answer textarea, #your-answer a")?.focus(),
    n: () => document.querySelector(".ask-button").click(),
    "/": () => document.querySelector("#site-search").focus(),
    "?": show,
    g: wait,
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (overlay.open || event.target.closest("input, textarea, select, [contenteditable=true], dialog")) return;
    const place = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    const action = isGoing ? place && (() => place.click()) : actions[event.key];
    isGoing = false;
    if (!action) return;
    event.preventDefault();
    action();
  });

  async function show() {
    try {
      if (!overlay.childElementCount) overlay.append(...(await list()));
      overlay.showModal();
    } catch {
      location.assign(overlay.dataset.list);
    }
  }

  async function list() {
    const response = await fetch(overlay.dataset.list);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return [page.querySelector("[data-window-head]").content, page.querySelector("[data-keys]")];
  }

  function wait() {
    isGoing = true;
    clearTimeout(timer);
    timer = setTimeout(() => (isGoing = false), SECOND_KEY);
  }
}

function present() {
  return document.activeElement?.closest(ITEMS);
}

function move(step) {
  const items = [...document.querySelectorAll(ITEMS)];
  const at = items.indexOf(present());
  const next = items[at < 0 ? (step > 0 ? 0 : items.length - 1) : at + step];
  if (!next) return;
  next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "start" });
}

// Presses what stands in the item that has the focus, or on the page of a question in the question itself.
function press(selector, then) {
  const item = present() ?? document.querySelector("article.question");
  const control = item?.querySelector(selector);
  control?.click();
  if (control && then) control.parentElement.querySelector(then)?.focus();
}

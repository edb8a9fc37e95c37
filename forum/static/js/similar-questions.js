// Shows below the title which solved questions are like the one that is being written, each with the passage that fits.
import { define } from "./attach.js";
import { gettext, ngettext } from "./texts.js";

const PAUSE = 300; // milliseconds after the last key in the title
const LONG_PAUSE = 1200; // milliseconds in the other fields, where people stop to think
const FEWEST_WORDS = 3;
const FEWEST_CHARACTERS = 12;

define("similar-questions", attach);

function attach(element) {
  const form = element.closest("form");
  const { title, source, tags, offered, csrf_token: token, seen_similar: seen } = form.elements;
  const [panel, list, count, said, place] = ["panel", "list", "count", "said", "place"].map((name) => element.querySelector(`[data-${name}]`));
  const invitation = place.textContent;
  let timer = 0;
  let former = null;
  let asked = "";

  form.addEventListener("input", ({ target }) => {
    if (![title, source, tags].includes(target)) return;
    clearTimeout(timer);
    timer = setTimeout(refresh, target === title ? PAUSE : LONG_PAUSE);
  });
  element.querySelector("[data-none]").addEventListener("click", (event) => {
    event.preventDefault();
    dismiss(event.currentTarget.formAction);
  });
  refresh();

  async function refresh() {
    if (seen.value) return;
    const body = new URLSearchParams({ title: title.value, tags: tags.value, source: source.value });
    const question = body.toString();
    if (question === asked) return;
    former?.abort();
    former = new AbortController();
    asked = question;
    if (!isEnough(title.value)) return show("");
    try {
      const response = await (source.value.trim() ? send(element.dataset.address, body) : look(body));
      const part = await response.text();
      if (response.ok && question === asked) show(part);
    } catch (error) {
      // Without an answer nothing is missing: the question can be asked all the same.
      if (error.name !== "AbortError") asked = "";
    }
  }

  function look(body) {
    body.delete("source");
    return fetch(`${element.dataset.address}?${body}`, { headers: { "HX-Request": "true" }, signal: former.signal });
  }

  function send(address, body, signal = former.signal) {
    body.set("csrf_token", token.value);
    return fetch(address, { method: "POST", body, headers: { "HX-Request": "true" }, signal });
  }

  function show(part) {
    const isBelow = document.activeElement !== title;
    if (!part && isBelow && panel.open) return;
    // What somebody writes further below must not move, so the list keeps its height meanwhile.
    list.style.blockSize = isBelow && panel.open ? `${list.offsetHeight}px` : "";
    // It was built by the template that shows the same list without scripts.
    list.innerHTML = part;
    list.scrollTop = 0;
    const found = list.querySelectorAll("li").length;
    const says = ngettext("%(num)s question is similar", "%(num)s questions are similar", found);
    if (panel.hidden) panel.open = !isBelow;
    panel.hidden = found === 0;
    place.textContent = isEnough(title.value) ? gettext("No solved question like it was found.") : invitation;
    count.textContent = says;
    said.textContent = found ? says : "";
    offered.value = list.firstElementChild?.dataset.offered ?? "";
  }

  function dismiss(address) {
    former?.abort();
    clearTimeout(timer);
    seen.value = "1";
    panel.hidden = true;
    said.textContent = place.textContent = gettext("Noted. Go on with your question.");
    title.focus();
    const body = new URLSearchParams({ title: title.value, tags: tags.value, offered: offered.value });
    // It is counted for the community; whether that works out is not the writer's concern.
    send(address, body, AbortSignal.timeout(10_000)).catch(() => {});
  }
}

function isEnough(title) {
  const typed = title.trim();
  return typed.length >= FEWEST_CHARACTERS || typed.split(/\s+/).length >= FEWEST_WORDS;
}

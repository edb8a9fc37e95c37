// Says that answers or comments have come to the question that is open, without moving what is being read.
import { define } from "./attach.js";
import { gettext } from "./texts.js";

const EVERY = 45_000; // milliseconds; a page that nobody looks at asks nothing at all
const LONGEST = 10 * 60_000; // milliseconds between two questions to a site that does not answer

define("news", attach);

function attach(thread) {
  const line = thread.querySelector("[data-news-line]");
  let pause = EVERY;
  let timer = 0;

  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : later()));
  later();

  function later() {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(ask, pause);
  }

  async function ask() {
    try {
      const known = new URLSearchParams({ since: thread.dataset.opened });
      const response = await fetch(`${thread.dataset.news}?${known}`);
      if (!response.ok) throw new Error(response.statusText);
      show(await response.json());
      pause = EVERY;
    } catch {
      pause = Math.min(pause * 2, LONGEST);
    }
    later();
  }

  function show({ text, url }) {
    if (!text || line.textContent.startsWith(text)) return;
    const link = Object.assign(document.createElement("a"), { href: url, textContent: gettext("Show") });
    line.replaceChildren(`${text} `, link);
  }
}

// Brings the rows of the next page below those of a list, so that reading on needs no other page.
import { announce } from "./announce.js";
import { attachWithin, define } from "./attach.js";
import { gettext, ngettext } from "./texts.js";

define("show-more", attach);

function attach(paging) {
  const list = paging.previousElementSibling;
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button button-quiet" });
  button.textContent = gettext("Show more");
  button.addEventListener("click", showMore);
  place();

  // Between the ways to the pages, which stay what they are for whoever wants them.
  function place() {
    if (paging.querySelector("[rel=next]")) paging.querySelector("[rel=next]").before(button);
  }

  async function showMore() {
    button.disabled = true;
    try {
      const response = await fetch(paging.querySelector("[rel=next]").href);
      if (!response.ok) throw new Error(response.statusText);
      show(new DOMParser().parseFromString(await response.text(), "text/html"));
    } catch {
      button.textContent = gettext("That did not work. Try again");
    }
    button.disabled = false;
  }

  function show(page) {
    const next = page.querySelector("main nav.paging");
    const rows = [...(next?.previousElementSibling.children ?? [])];
    list.append(...rows);
    for (const row of rows) attachWithin(row);
    button.textContent = gettext("Show more");
    const way = next?.querySelector("[rel=next]");
    if (way) paging.querySelector("[rel=next]").replaceWith(way);
    else paging.replaceChildren();
    document.dispatchEvent(new Event("rows-added"));
    announce(ngettext("%(num)s more is shown", "%(num)s more are shown", rows.length));
    rows[0]?.querySelector("a")?.focus({ preventScroll: true });
  }
}

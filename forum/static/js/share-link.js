// Copies the address of a post instead of opening it, or hands it to the device where people share by touch.
// Where neither is possible, the link stays a link.
import { define } from "./attach.js";
import { gettext } from "./texts.js";

const SHOWN = 4000; // milliseconds

define("share-link", attach);

function attach(link) {
  const told = Object.assign(document.createElement("span"), { className: "share-told", role: "status" });
  link.after(told);
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const byTouch = navigator.share && matchMedia("(pointer: coarse)").matches;
    if (!byTouch && !navigator.clipboard) return;
    event.preventDefault();
    try {
      if (byTouch) return await navigator.share({ title: document.title, url: link.href });
      await navigator.clipboard.writeText(link.href);
      tell(told, gettext("Link copied"));
    } catch (error) {
      // Who closes the device's sheet wants nothing more.
      if (error.name !== "AbortError") location.assign(link.href);
    }
  });
}

function tell(place, text) {
  place.textContent = text;
  clearTimeout(place.dataset.timer);
  place.dataset.timer = setTimeout(() => (place.textContent = ""), SHOWN);
}

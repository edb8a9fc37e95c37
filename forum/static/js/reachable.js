// Lets the keyboard reach code and tables that are wider than their place, and only those: to push them sideways.
import { define } from "./attach.js";

const WIDE = ".prose :is(pre, table), .difference, .side-by-side, .calendar .table-wide";

define("reachable", attach);

function attach(main) {
  refresh();
  addEventListener("resize", refresh);
  main.addEventListener("toggle", refresh, true);
  // Previews, comments and lists come later; whatever came in one go is looked at once.
  let isDue = false;
  new MutationObserver(() => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      refresh();
    });
  }).observe(main, { childList: true, subtree: true });

  function refresh() {
    for (const element of main.querySelectorAll(WIDE)) {
      if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
      else element.removeAttribute("tabindex");
    }
  }
}

// Lets the keyboard reach code, tables and texts that are larger than their place, and only those: to push them.
import { define } from "./attach.js";

const LARGE = "pre, .prose table, .side-by-side, .calendar .table-wide";

define("reachable", attach);

function attach(main) {
  refresh();
  addEventListener("resize", refresh);
  main.addEventListener("toggle", refresh, true);
  // Previews, comments and lists come later; whatever came in one go is looked at once, and before it is drawn.
  new MutationObserver(refresh).observe(main, { childList: true, subtree: true });

  function refresh() {
    for (const element of main.querySelectorAll(LARGE)) {
      // Heights are rounded, so that one pixel is no text that is cut off.
      const isCut = element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight + 1;
      if (isCut) element.tabIndex = 0;
      else element.removeAttribute("tabindex");
    }
  }
}

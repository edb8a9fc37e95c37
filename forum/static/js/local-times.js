// Gives the exact time of what is told as "3 hours ago" in the reader's own zone, where one points at it.
import { define } from "./attach.js";
import { momentFormat } from "./texts.js";

define("local-times", attach);

function attach(main) {
  const format = momentFormat({ dateStyle: "long", timeStyle: "short" });
  refresh();
  for (const change of ["htmx:afterSettle", "rows-added"]) document.addEventListener(change, refresh);

  function refresh() {
    // A date alone, as of joining, is the same day everywhere and has no time.
    for (const time of main.querySelectorAll("time[datetime*=T]")) time.title = format.format(new Date(time.dateTime));
  }
}

// Unfolds what hides the comment that the address leads to; some browsers do so by themselves.
import { define } from "./attach.js";

define("open-target", attach);

function attach() {
  unfold();
  addEventListener("hashchange", unfold);
}

function unfold() {
  const target = document.getElementById(location.hash.slice(1));
  const folded = target?.closest("details:not([open])");
  if (!folded) return;
  folded.open = true;
  target.scrollIntoView();
}

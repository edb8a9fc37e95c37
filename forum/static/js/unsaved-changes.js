// Asks before a page is left in which something was typed that is neither sent nor kept as a draft.
import { define } from "./attach.js";

define("unsaved-changes", attach);

function attach(form) {
  let leaving = false;
  form.addEventListener("submit", () => (leaving = true));
  addEventListener("pageshow", () => (leaving = false));
  addEventListener("beforeunload", (event) => {
    if (!leaving && form.isConnected && !("kept" in form.dataset) && isChanged(form)) event.preventDefault();
  });
}

function isChanged(form) {
  const typed = [...form.elements].filter((field) => field.matches("textarea, input:not([type=hidden], [type=password])"));
  return typed.some((field) => field.value !== field.defaultValue || ("unsaved" in form.dataset && field.value !== ""));
}

// A short form in the place of what it changes: Escape gives it up, and the caret stands where one goes on typing.
import { define } from "./attach.js";

define("edit-in-place", attach);

function attach(form) {
  const field = form.querySelector("input:not([type=hidden])");
  field.setSelectionRange(field.value.length, field.value.length);
  form.addEventListener("keydown", (event) => {
    // Whatever else Escape closes, such as a list of offers, is closed first.
    if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing) form.querySelector("[data-cancel]").click();
  });
}

// Ignores the second click on a button whose form is already on its way.
import { define } from "./attach.js";

define("send-once", attach);

function attach(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    // Not while another listener holds the form back, such as one that sends it by itself.
    if (!event.defaultPrevented) form.dataset.sent = "yes";
  });
  // Going back in history shows the page as it was left, with the form to be sent again.
  addEventListener("pageshow", () => delete form.dataset.sent);
}

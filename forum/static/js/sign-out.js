// Leaves no text of a person in the browser who signs out. Browsers empty their storage by themselves then, but only
// those that reach the site by https.
import { define } from "./attach.js";
import { forgetAll } from "./kept-drafts.js";

define("sign-out", (form) => form.addEventListener("submit", forgetAll));

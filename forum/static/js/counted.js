// Says below a field how many characters it has and may have, aloud only when it has too many.
import { define } from "./attach.js";
import { ngettext } from "./texts.js";

const NEAR = 0.9; // of what is allowed: from then on the number is made visible to those in a hurry

define("counted", attach);

function attach(note) {
  const field = document.getElementById(note.dataset.for);
  const [shown, said] = [note.querySelector("[data-shown]"), note.querySelector("[data-over]")];
  const most = Number(note.dataset.most);
  field.addEventListener("input", count);
  count();

  function count() {
    // Counted as the server does: by characters, and a line's end is one.
    const has = [...field.value].length;
    shown.textContent = ngettext("%(has)s of %(num)s character", "%(has)s of %(num)s characters", most, { has });
    note.classList.toggle("count-near", has > most * NEAR);
    note.classList.toggle("count-over", has > most);
    const over = Math.max(0, has - most);
    const says = over ? ngettext("%(num)s character too many", "%(num)s characters too many", over) : "";
    if (said.textContent !== says && (has > most) !== Boolean(said.textContent)) said.textContent = says;
  }
}

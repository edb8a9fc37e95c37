// Says below a field how many characters it has and may have, aloud only when it has too many.
import { define } from "./attach.js";

const NEAR = 0.9; // of what is allowed: from then on the number is made visible to those in a hurry

define("counted", attach);

function attach(note) {
  const field = document.getElementById(note.dataset.for);
  const [shown, said] = [note.querySelector("[data-shown]"), note.querySelector("[data-over]")];
  const most = Number(note.dataset.most);
  const format = new Intl.NumberFormat(document.documentElement.lang);
  field.addEventListener("input", count);
  count();

  function count() {
    // Counted as the server does: by characters, and a line's end is one.
    const has = [...field.value].length;
    shown.textContent = `${format.format(has)} of ${format.format(most)} characters`;
    note.classList.toggle("count-near", has > most * NEAR);
    note.classList.toggle("count-over", has > most);
    const says = has > most ? `${format.format(has - most)} characters too many` : "";
    if (said.textContent !== says && (has > most) !== Boolean(said.textContent)) said.textContent = says;
  }
}

// Puts what is chosen for a place that two people changed into the text at once; choosing again takes it back.
import { define } from "./attach.js";
import { gettext, ngettext } from "./texts.js";

const MARKS = (number) =>
  new RegExp(`^<<<<<<< your text, place ${number}\\n([^]*?)^======= the saved text, place ${number}\\n([^]*?)^>>>>>>> end of place ${number}$\\n?`, "m");

define("clash-choices", attach);

function attach(list) {
  const { source, title } = list.closest("form").elements;
  const places = [...list.querySelectorAll("[data-place]")];
  let undecided = source.value; // what the choices are applied to
  let shown = source.value;

  list.addEventListener("change", ({ target }) => {
    const place = target.closest("[data-place]");
    if (place.dataset.place === "title") set(title, place.dataset[target.value]);
    else apply();
    tell();
  });
  // What was put right by hand is taken as it is; the choices that were in it have been made.
  source.addEventListener("input", () => {
    if (source.value === shown) return;
    for (const place of places) if (chosen(place)) place.dataset.place !== "title" && (place.disabled = true);
    undecided = shown = source.value;
    tell();
  });
  tell();

  function isOpen(place) {
    if (place.dataset.place === "title") return !chosen(place);
    return MARKS(place.dataset.place).test(source.value);
  }

  function apply() {
    let text = undecided;
    for (const place of places) {
      if (!place.disabled && chosen(place)) text = decided(text, place.dataset.place, chosen(place));
    }
    shown = text;
    set(source, text);
  }

  function tell() {
    const left = places.filter(isOpen).length;
    // Translators: it counts the places that two people changed.
    const rest = ngettext("%(num)s still to choose.", "%(num)s still to choose.", left);
    list.querySelector("[data-left]").textContent = left ? rest : gettext("All is chosen; look it over and save it.");
  }
}

function chosen(place) {
  return place.querySelector("input:checked")?.value;
}

function decided(text, number, choice) {
  return text.replace(MARKS(number), (all, mine, theirs) => {
    const kept = { mine, theirs, both: theirs + mine }[choice];
    // The last line of a text has no end.
    return all.endsWith("\n") ? kept : kept.replace(/\n$/, "");
  });
}

function set(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

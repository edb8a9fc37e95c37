// The listbox under a combobox: shows offers, lets one be chosen by keyboard, and tells screen readers which.
// Offers one after the other that have the same `group` are shown together under that name.
export class OfferList {
  constructor(input, { label, line, take, takeBy = ["Enter"] }) {
    this.input = input;
    this.line = line;
    this.take = take;
    this.takeBy = takeBy;
    this.element = Object.assign(document.createElement("div"), { id: `${input.id}-offers`, className: "offers" });
    this.element.role = "listbox";
    this.element.ariaLabel = label;
    input.after(this.element);
    input.role = "combobox";
    input.ariaAutoComplete = "list";
    input.setAttribute("aria-controls", this.element.id);
    input.addEventListener("keydown", (event) => this.#press(event));
    // Whoever types on has not taken what was chosen, though the list still stands until the next one comes.
    input.addEventListener("input", () => this.#choose(-1));
    // Taking focus away from the field would close the list before the click arrives.
    this.element.addEventListener("mousedown", (event) => event.preventDefault());
    this.element.addEventListener("click", (event) => {
      const at = this.options.indexOf(event.target.closest("[role=option]"));
      if (at >= 0) take(this.offers[at]);
    });
    this.show([]);
  }

  get chosen() {
    return this.offers[this.at];
  }

  show(offers) {
    this.offers = offers;
    this.options = offers.map((offer, at) => this.#option(offer, at));
    this.element.replaceChildren(...this.#grouped());
    this.element.hidden = offers.length === 0;
    this.input.ariaExpanded = String(offers.length > 0);
    this.#choose(-1);
  }

  move(step) {
    // From nothing chosen, up leads to the last offer and down to the first.
    const from = this.at < 0 && step < 0 ? 0 : this.at;
    this.#choose((from + step + this.offers.length) % this.offers.length);
  }

  #press(event) {
    if (this.offers.length === 0 || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.move(step);
    else if (this.takeBy.includes(event.key) && this.chosen) this.take(this.chosen);
    else if (event.key === "Escape") this.show([]);
    else return;
    event.preventDefault();
  }

  #option(offer, at) {
    const option = Object.assign(document.createElement("div"), { id: `${this.element.id}-${at}`, role: "option" });
    option.append(...this.line(offer));
    return option;
  }

  #grouped() {
    const rows = [];
    this.options.forEach((option, at) => {
      const { group } = this.offers[at];
      if (!group) return rows.push(option);
      if (group !== this.offers[at - 1]?.group) rows.push(heading(group));
      rows.at(-1).append(option);
    });
    return rows;
  }

  #choose(at) {
    this.at = at;
    this.options.forEach((option, index) => (option.ariaSelected = String(index === at)));
    this.options[at]?.scrollIntoView({ block: "nearest" });
    if (at >= 0) this.input.setAttribute("aria-activedescendant", `${this.element.id}-${at}`);
    else this.input.removeAttribute("aria-activedescendant");
  }
}

function heading(name) {
  const group = Object.assign(document.createElement("div"), { role: "group", ariaLabel: name });
  const shown = Object.assign(document.createElement("p"), { textContent: name, ariaHidden: "true" });
  group.append(shown);
  return group;
}
